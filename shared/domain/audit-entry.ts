import type { AuditBody } from '../contracts/audit-body';
import { canonicalJson, type JsonValue } from './canonical-json';
import { sha256Bytes } from './digest';

/**
 * The format of an audit entry:
 *
 *     entry = link of the entry before (32 bytes) ‖ RFC 8785 text of the body (UTF-8)
 *     leaf  = 00 ‖ entry
 *     link  = SHA-256(leaf)
 *
 * The link is also the entry's leaf hash in an RFC 6962 Merkle tree, so one hash serves the chain and the
 * tree. The first entry follows 32 zero bytes.
 */
export const LINK_BYTES = 32;
export const GENESIS_LINK: Uint8Array = new Uint8Array(LINK_BYTES);
/** Where the link of the entry before begins in a leaf, and where the body does. */
export const LINK_AT = 1;
export const BODY_AT = LINK_AT + LINK_BYTES;

/**
 * Begins the event id of an entry that was made without its stream record, by reconciliation. The record, should
 * it come later, then says nothing new.
 */
export const RECONCILED = 'reconciled:';

declare const leaf: unique symbol;
/** `00 ‖ entry`, which is what is hashed. Kept in one piece, so that nothing is copied to verify it. */
export type Leaf = Uint8Array & { readonly [leaf]: true };

/** An entry as it is read and handed on: where it stands, its leaf, and the link that is stored with it. */
export interface StoredEntry {
  readonly seq: number;
  readonly leaf: Leaf;
  readonly link: Uint8Array;
}

/** @throws CanonicalJsonError when the body has no canonical form */
export function encodeLeaf(previous: Uint8Array, body: AuditBody): Leaf {
  return joinLeaf(previous, canonicalJson(withoutUndefined(body)));
}

/** The leaf of stored parts. */
export function joinLeaf(previous: Uint8Array, text: string): Leaf {
  const bytes = Buffer.allocUnsafe(BODY_AT + Buffer.byteLength(text));
  bytes[0] = 0;
  bytes.set(previous, LINK_AT);
  bytes.write(text, BODY_AT);
  return bytes as Uint8Array as Leaf;
}

/** The leaf of an entry's bytes, which are copied. */
export function leafOf(entry: Uint8Array): Leaf {
  const bytes = Buffer.allocUnsafe(LINK_AT + entry.length);
  bytes[0] = 0;
  bytes.set(entry, LINK_AT);
  return bytes as Uint8Array as Leaf;
}

/** The entry's bytes, not copied. */
export function entryBytes(leaf: Leaf): Uint8Array {
  return leaf.subarray(LINK_AT);
}

/** The link of the entry, which is the hash of its leaf. */
export function linkOfLeaf(leaf: Leaf): Uint8Array {
  return sha256Bytes(leaf);
}

/** An entry whose link is its hash. */
export function linkedEntry(seq: number, leaf: Leaf): StoredEntry {
  return { seq, leaf, link: linkOfLeaf(leaf) };
}

/** The link that the entry says it follows. */
export function previousLink(leaf: Leaf): Uint8Array {
  return leaf.subarray(LINK_AT, BODY_AT);
}

/** The body's text. */
export function entryText(leaf: Leaf): string {
  return bufferOf(leaf).toString('utf8', BODY_AT);
}

/** The same bytes, not copied. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Digits of the largest safe integer, twice, and the fixed text around them: `,"seq":…,"sequencedAt":…,"v":1}`. */
const TAIL_BYTES = 64;

/**
 * Whether the body says that it is entry `seq`, found without parsing. Exact: `seq`, `sequencedAt` and `v` end
 * the canonical text, and inside a string the quotes would be escaped.
 */
export function saysSeq(leaf: Leaf, seq: number): boolean {
  const tail = bufferOf(leaf).toString('latin1', Math.max(BODY_AT, leaf.length - TAIL_BYTES));
  return tail.includes(`,"seq":${seq},"sequencedAt":`);
}

/** Optional fields that were given as `undefined` are not there. */
function withoutUndefined(body: AuditBody): JsonValue {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as JsonValue;
}
