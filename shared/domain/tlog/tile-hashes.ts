import { nodeHash } from '../merkle-range';
import type { Node, NodeHashes, ProofNodes } from './merkle-proof';
import { TILE_HEIGHT, TILE_WIDTH, type TileName, tilePath, tileWidth } from './tile-path';

/** Hashes of a tile that has been fetched, by `tilePath`. */
export type Tiles = ReadonlyMap<string, readonly Uint8Array[]>;

/** The tiles that hold these nodes in a tree of `size` leaves, each once. */
export function tilesHolding(nodes: ProofNodes, size: number): TileName[] {
  const named = new Map<string, TileName>();
  for (const node of nodes.flat()) {
    const tile = tileHolding(node, size);
    named.set(tilePath(tile), tile);
  }
  return [...named.values()];
}

/** Hashes of nodes out of fetched tiles. It throws RangeError for a node that they do not hold. */
export function hashesInTiles(tiles: Tiles, size: number): NodeHashes {
  return (node) => {
    const path = tilePath(tileHolding(node, size));
    const hashes = tiles.get(path);
    const count = 2 ** (node.level % TILE_HEIGHT);
    const start = (node.index * count) % TILE_WIDTH;
    const own = hashes?.slice(start, start + count) ?? [];
    if (own.length !== count) throw new RangeError(`node ${node.level}/${node.index} is not in ${path}`);
    return perfectRoot(own);
  };
}

/** Root of 2^k hashes. */
export function perfectRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let n = 0; n < row.length; n += 2)
      above.push(nodeHash(row[n] as Uint8Array, row[n + 1] as Uint8Array));
    row = above;
  }
  return row[0] as Uint8Array;
}

function tileHolding({ level, index }: Node, size: number): TileName {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const tileIndex = Math.floor((index * 2 ** (level % TILE_HEIGHT)) / TILE_WIDTH);
  return { level: tileLevel, index: tileIndex, width: tileWidth(tileLevel, tileIndex, size) };
}
