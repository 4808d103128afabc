/** Hashes of the complete subtrees so far, largest first: all that the root of a growing tree needs. */
export type Frontier = readonly { readonly size: number; readonly hash: Uint8Array<ArrayBuffer> }[];

/** Adds a leaf hash (RFC 6962, section 2.1): equal subtrees join, as digits carry. */
export async function withLeaf(frontier: Frontier, leaf: Uint8Array<ArrayBuffer>): Promise<Frontier> {
  const next = [...frontier];
  let node = { size: 1, hash: leaf };
  for (let last = next.at(-1); last !== undefined && last.size === node.size; last = next.at(-1)) {
    next.pop();
    node = { size: node.size * 2, hash: await nodeHash(last.hash, node.hash) };
  }
  return [...next, node];
}

/** The tree's root; of an empty tree the SHA-256 of nothing. */
export async function rootOf(frontier: Frontier): Promise<Uint8Array> {
  const [last, ...rest] = [...frontier].reverse();
  if (last === undefined) return sha256(new Uint8Array());
  let root = last.hash;
  for (const { hash } of rest) root = await nodeHash(hash, root);
  return root;
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const both = new Uint8Array(1 + left.length + right.length);
  both[0] = 1;
  both.set(left, 1);
  both.set(right, 1 + left.length);
  return sha256(both);
}
