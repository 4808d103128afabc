import type { AuditBody } from '../contracts/audit-body';
import { canonicalJson, type JsonValue } from './canonical-json';
import { sha256Bytes } from './digest';

/**
 * The format of an audit entry:
 *
 *     entry = link of the entry before (32 bytes) ‖ RFC 8785 text of the body (UTF-8)
 *     link  = SHA-256(00 ‖ entry)
 *
 * The link is also the entry's leaf hash in an RFC 6962 Merkle tree, so one hash serves the chain and the
 * tree. The first entry follows 32 zero bytes.
 */
export const LINK_BYTES = 32;
export const GENESIS_LINK: Uint8Array = new Uint8Array(LINK_BYTES);

/** An entry as it is stored and handed on: where it stands, its bytes, its link. */
export interface StoredEntry {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly link: Uint8Array;
}

/** @throws CanonicalJsonError when the body has no canonical form */
export function encodeEntry(previous: Uint8Array, body: AuditBody): Uint8Array {
  return joinEntry(previous, canonicalJson(withoutUndefined(body)));
}

/** The entry of stored parts. */
export function joinEntry(previous: Uint8Array, text: string): Uint8Array {
  const bytes = Buffer.allocUnsafe(LINK_BYTES + Buffer.byteLength(text));
  bytes.set(previous, 0);
  bytes.write(text, LINK_BYTES);
  return bytes;
}

export function entryLink(bytes: Uint8Array): Uint8Array {
  const leaf = Buffer.allocUnsafe(1 + bytes.length);
  leaf[0] = 0x00;
  leaf.set(bytes, 1);
  return sha256Bytes(leaf);
}

/** The link that the entry says it follows. */
export function previousLink(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, LINK_BYTES);
}

/** The body's text. */
export function entryText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', LINK_BYTES);
}

/**
 * Whether the body says that it is entry `seq`, found without parsing. Exact: in canonical JSON `sequencedAt`
 * follows `seq`, and inside a string the quotes would be escaped.
 */
export function saysSeq(bytes: Uint8Array, seq: number): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.includes(`,"seq":${seq},"sequencedAt":`, LINK_BYTES);
}

/** Optional fields that were given as `undefined` are not there. */
function withoutUndefined(body: AuditBody): JsonValue {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as JsonValue;
}
