import { EMPTY_RANGE, type MerkleRange, merkleRoot } from '../merkle-range';
import { perfectRoot } from './tile-hashes';
import { TILE_HEIGHT, TILE_WIDTH, type TileName, tileWidth } from './tile-path';

/**
 * The right edge of a tree in tiles: of each level the hashes that do not fill a tile yet. All that appending needs,
 * so the cost of new tiles follows what is new. At most 8 KB a level; three levels hold 16 million entries.
 */
export interface TileEdge {
  readonly size: number;
  /** Lowest first; the last one is not empty. */
  readonly levels: readonly (readonly Uint8Array[])[];
}

export interface HashTile extends TileName {
  readonly level: number;
  readonly hashes: readonly Uint8Array[];
}

export const EMPTY_EDGE: TileEdge = { size: 0, levels: [] };

/** The edge after some leaves more, and the tiles that they filled. `leafHashes`: the entries' links. */
export function growTiles(
  edge: TileEdge,
  leafHashes: Iterable<Uint8Array>,
): { edge: TileEdge; full: HashTile[] } {
  const levels = edge.levels.map((hashes) => [...hashes]);
  const full: HashTile[] = [];
  let size = edge.size;
  for (const leaf of leafHashes) {
    size += 1;
    let carried: Uint8Array | undefined = leaf;
    for (let level = 0; carried !== undefined; level += 1) {
      const hashes: Uint8Array[] = levels[level] ?? [];
      levels[level] = hashes;
      hashes.push(carried);
      carried = undefined;
      if (hashes.length < TILE_WIDTH) break;
      full.push({
        level,
        index: Math.floor(size / TILE_WIDTH ** (level + 1)) - 1,
        width: TILE_WIDTH,
        hashes,
      });
      carried = perfectRoot(hashes);
      levels[level] = [];
    }
  }
  return { edge: { size, levels }, full };
}

/** The partial tiles of a tree that ends in this edge. */
export function partialTiles({ size, levels }: TileEdge): HashTile[] {
  return levels.flatMap((hashes, level) => {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    return hashes.length === 0 ? [] : [{ level, index, width: hashes.length, hashes }];
  });
}

/** Names of the partial tiles that a tree of `size` leaves ends in: what `edgeOfTiles` wants. */
export function edgeTiles(size: number): (TileName & { readonly level: number })[] {
  const names: (TileName & { readonly level: number })[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    const width = tileWidth(level, index, size);
    if (width > 0) names.push({ level, index, width });
  }
  return names;
}

/** The edge of a tree of `size` leaves, from the hashes of its `edgeTiles`, in their order. */
export function edgeOfTiles(size: number, tiles: readonly (readonly Uint8Array[])[]): TileEdge {
  const levels: (readonly Uint8Array[])[] = [];
  for (const [n, { level }] of edgeTiles(size).entries()) {
    while (levels.length < level) levels.push([]);
    levels.push(tiles[n] ?? []);
  }
  return { size, levels };
}

/** The tree's compact range, so that `merkleRoot` gives the checkpoint's root. */
export function rangeOfEdge({ size, levels }: TileEdge): MerkleRange {
  const hashes: Uint8Array[] = [];
  for (let level = levels.length - 1; level >= 0; level -= 1) {
    const row = levels[level] ?? [];
    let at = 0;
    for (let bit = TILE_HEIGHT - 1; bit >= 0; bit -= 1) {
      const count = 2 ** bit;
      if (row.length - at < count) continue;
      hashes.push(perfectRoot(row.slice(at, at + count)));
      at += count;
    }
  }
  return size === 0 ? EMPTY_RANGE : { size, hashes };
}

export const rootOfEdge = (edge: TileEdge): Uint8Array => merkleRoot(rangeOfEdge(edge));
