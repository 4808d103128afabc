import { EMPTY_RANGE, merkleRoot, nodeHash } from '../merkle-range';

/** A perfect subtree: `index`-th of those with 2^`level` leaves. Level 0 are the leaves. */
export interface Node {
  readonly level: number;
  readonly index: number;
}

/** Hash of a perfect subtree. */
export type NodeHashes = (node: Node) => Uint8Array;

/** Each hash of a proof, as the perfect subtrees that it is made of, leftmost first. */
export type ProofNodes = readonly (readonly Node[])[];

/**
 * What the proof of leaf `index` in a tree of `size` leaves is made of (RFC 6962 2.1.1), the leaf's sibling first:
 * whoever makes one fetches these nodes, then calls `proofOf`.
 * @throws RangeError unless 0 ≤ index < size
 */
export function inclusionNodes(index: number, size: number): ProofNodes {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) {
    throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  }
  const nodes: Node[][] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    const isLeft = index < middle;
    nodes.push(isLeft ? nodesOf(middle, end) : nodesOf(start, middle));
    if (isLeft) end = middle;
    else start = middle;
  }
  return nodes.reverse();
}

/**
 * What the proof is made of that a tree of `size` leaves begins with the tree of `from` leaves (RFC 6962 2.1.2).
 * @throws RangeError unless 0 < from ≤ size
 */
export function consistencyNodes(from: number, size: number): ProofNodes {
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(size) && from > 0 && from <= size)) {
    throw new RangeError(`no tree of ${from} in a tree of ${size}`);
  }
  const nodes: Node[][] = [];
  let [start, end] = [0, size];
  // SUBPROOF of the RFC: down to the subtree that ends where the old tree ended.
  while (from < end) {
    const middle = start + splitOf(end - start);
    const isLeft = from <= middle;
    nodes.push(isLeft ? nodesOf(middle, end) : nodesOf(start, middle));
    if (isLeft) end = middle;
    else start = middle;
  }
  // The old root itself is known to who asks, so it is not in the proof.
  if (start > 0) nodes.push(nodesOf(start, end));
  return nodes.reverse();
}

export function proofOf(nodes: ProofNodes, hashOf: NodeHashes): Uint8Array[] {
  return nodes.map((some) => some.map(hashOf).reduceRight((right, left) => nodeHash(left, right)));
}

/** Root of the first `size` leaves. */
export function rootOfNodes(size: number, hashOf: NodeHashes): Uint8Array {
  return merkleRoot(size === 0 ? EMPTY_RANGE : { size, hashes: nodesOf(0, size).map(hashOf) });
}

/** The perfect subtrees of leaves `start` to `end` (excluded), leftmost first; `start` a multiple of the first one's size. */
export function nodesOf(start: number, end: number): Node[] {
  const nodes: Node[] = [];
  for (let at = start; at < end; ) {
    const level = log2Of(end - at);
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether the leaf is at `index` in the tree of `size` leaves with this root (RFC 9162 2.1.3.2). */
export function verifyInclusion({ index, size, leafHash, proof, root }: InclusionClaim): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size || !areHashes([leafHash, root, ...proof]))
    return false;
  let [node, last, hash] = [index, size - 1, leafHash];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // At the tree's right edge a node without sibling is its own parent: up to where it has one.
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && same(hash, root);
}

export interface ConsistencyClaim {
  readonly from: { readonly size: number; readonly root: Uint8Array };
  readonly to: { readonly size: number; readonly root: Uint8Array };
  readonly proof: readonly Uint8Array[];
}

/**
 * Whether the second tree begins with the first (RFC 9162 2.1.4.2). False for a first tree without leaves: it is the
 * beginning of any, so nothing is shown by it.
 */
export function verifyConsistency({ from, to, proof }: ConsistencyClaim): boolean {
  if (!isIndex(from.size) || !isIndex(to.size) || from.size > to.size) return false;
  if (from.size === 0) return false;
  if (from.size === to.size) return proof.length === 0 && same(from.root, to.root);
  if (!areHashes([from.root, to.root, ...proof])) return false;
  let [node, last] = [from.size - 1, to.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  // A first tree that is perfect is a node of the second: its root begins the proof, left out since it is known.
  const [seed, ...rest] = node === 0 ? [from.root, ...proof] : proof;
  if (seed === undefined) return false;
  let [first, second] = [seed, seed];
  for (const hash of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      first = nodeHash(hash, first);
      second = nodeHash(hash, second);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      second = nodeHash(second, hash);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && same(first, from.root) && same(second, to.root);
}

/** Size of the left subtree of `size` > 1 leaves: the largest power of two below it. */
const splitOf = (size: number): number => 2 ** log2Of(size - 1);
/** Rounded down, and exact: `Math.log2` alone rounds 2^49 - 1 up. */
const log2Of = (n: number): number => {
  const rounded = Math.floor(Math.log2(n));
  return 2 ** rounded > n ? rounded - 1 : rounded;
};
/** By division: bit operators end at 2^32. */
const half = (n: number): number => Math.floor(n / 2);
const isIndex = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every(({ length }) => length === 32);
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
