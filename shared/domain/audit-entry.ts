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

/**
 * Begins the event id of an entry that was made without its stream record, by reconciliation. The record, should
 * it come later, then says nothing new.
 */
export const RECONCILED = 'reconciled:';

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
  return sha256Bytes(leafOf(bytes));
}

/** Reused for every leaf, since it is hashed before anything else runs: `00 ‖ entry`. */
let scratch = Buffer.alloc(4096);
/** Its beginnings, by length: to make one costs more than to copy an entry. */
let beginnings: Uint8Array[] = [];

function leafOf(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (scratch.length <= length) {
    scratch = Buffer.alloc(2 * length);
    beginnings = [];
  }
  scratch.set(bytes, 1);
  const leaf = beginnings[length] ?? scratch.subarray(0, 1 + length);
  beginnings[length] = leaf;
  return leaf;
}

/** The same bytes, not copied. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The link that the entry says it follows. */
export function previousLink(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, LINK_BYTES);
}

/** The body's text. */
export function entryText(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('utf8', LINK_BYTES);
}

/** Digits of the largest safe integer, twice, and the fixed text around them: `,"seq":…,"sequencedAt":…,"v":1}`. */
const TAIL_BYTES = 64;

/**
 * Whether the body says that it is entry `seq`, found without parsing. Exact: `seq`, `sequencedAt` and `v` end
 * the canonical text, and inside a string the quotes would be escaped.
 */
export function saysSeq(bytes: Uint8Array, seq: number): boolean {
  const tail = bufferOf(bytes).toString('latin1', Math.max(LINK_BYTES, bytes.length - TAIL_BYTES));
  return tail.includes(`,"seq":${seq},"sequencedAt":`);
}

/** Optional fields that were given as `undefined` are not there. */
function withoutUndefined(body: AuditBody): JsonValue {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as JsonValue;
}
