import { base64Of, bytesOfBase64 } from './base64-bytes';
import { sha256Bytes } from './digest';

/**
 * A Merkle tree that only grows, kept as its compact range: the roots of the perfect subtrees that its
 * leaves make up, the largest (leftmost) first. As many hashes as `size` has one-bits, so 20 for a
 * million leaves. Tree and hashes: RFC 6962 section 2.1 (leaf prefix 00, node prefix 01, SHA-256).
 * A checkpoint (C2SP tlog-checkpoint) of `size` leaves holds `merkleRoot(range)`.
 */
export interface MerkleRange {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

const HASH_BYTES = 32;
export const EMPTY_RANGE: MerkleRange = { size: 0, hashes: [] };

/** The range with one leaf more. `leafHash` = SHA-256(00 ‖ leaf), which for the audit log is the entry's link. */
export function appendLeaf(range: MerkleRange, leafHash: Uint8Array): MerkleRange {
  const hashes = [...range.hashes];
  let subtree = leafHash;
  // Two subtrees of one size make one of twice that size: as carries do in a binary counter.
  for (let rest = range.size; rest % 2 === 1; rest = (rest - 1) / 2) {
    subtree = nodeHash(hashes.pop() as Uint8Array, subtree);
  }
  hashes.push(subtree);
  return { size: range.size + 1, hashes };
}

/** Root of the whole tree; of no leaves, the hash of nothing (RFC 6962 2.1). */
export function merkleRoot(range: MerkleRange): Uint8Array {
  const [first, ...more] = [...range.hashes].reverse();
  if (first === undefined) return sha256Bytes('');
  return more.reduce((right, left) => nodeHash(left, right), first);
}

/** The hashes one after the other, base64: 43 characters a hash, so that the log's head stays below 1 KB. */
export function encodeRange(range: MerkleRange): string {
  return base64Of(Buffer.concat(range.hashes));
}

/** @throws RangeError when the text does not hold as many hashes as a tree of `size` leaves has. */
export function decodeRange(size: number, text: string): MerkleRange {
  const bytes = bytesOfBase64(text);
  if (bytes.length !== onesIn(size) * HASH_BYTES)
    throw new RangeError(`not the Merkle range of ${size} leaves`);
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES) hashes.push(bytes.subarray(at, at + HASH_BYTES));
  return { size, hashes };
}

/** Hash of a node that is no leaf: SHA-256(01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  bytes[0] = 0x01;
  bytes.set(left, 1);
  bytes.set(right, 1 + HASH_BYTES);
  return sha256Bytes(bytes);
}

/** One-bits of a count; by division, since bit operators end at 2^32. */
function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
