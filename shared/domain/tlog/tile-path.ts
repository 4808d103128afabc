import { TlogFormatError } from './format-error';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
/** Levels of the tree that one level of tiles spans. */
export const TILE_HEIGHT = 8;
const MAX_LEVEL = 63;

/** Which tile (C2SP tlog-tiles): hashes of a level, or at `entries` the entries themselves. */
export interface TileName {
  readonly level: number | 'entries';
  readonly index: number;
  /** Hashes in it; below `TILE_WIDTH` it is partial. */
  readonly width: number;
}

/** Below the log's prefix: `tile/0/x001/x234/067`, of a partial one `tile/0/x001/x234/067.p/89`. */
export function tilePath({ level, index, width }: TileName): string {
  let digits = String(index);
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const path = groups.map((group, n) => (n === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/**
 * The tile that a path names. One path a tile: leading zeroes beyond the groups are refused.
 * @throws TlogFormatError, also for indexes above 2^53
 */
export function parseTilePath(path: string): TileName {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (match === null) throw new TlogFormatError(`not the path of a tile: ${path}`);
  const [, level = '', groups = '', width] = match;
  const name = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  } as const;
  const isPossible =
    (name.level === 'entries' || name.level <= MAX_LEVEL) &&
    Number.isSafeInteger(name.index) &&
    (width === undefined || name.width < TILE_WIDTH);
  if (!isPossible || tilePath(name) !== path) throw new TlogFormatError(`not the path of a tile: ${path}`);
  return name;
}

/** Hashes that the tile has in a tree of `size` leaves; 0 = it is not there. */
export function tileWidth(level: number | 'entries', index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** All tiles of a tree of `size` leaves: each level's full ones and its partial one, lowest level first. */
export function* tilesOfTree(size: number): Iterable<TileName> {
  for (let level = 0; tileWidth(level, 0, size) > 0; level += 1) {
    for (let index = 0; ; index += 1) {
      const width = tileWidth(level, index, size);
      if (width === 0) break;
      yield { level, index, width };
    }
  }
}
