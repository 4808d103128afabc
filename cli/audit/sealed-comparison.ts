import { entryBytes, type StoredEntry } from '../../shared/domain/audit-entry';
import { readableEntries } from '../../shared/domain/tlog/tile-bytes';
import { EMPTY_EDGE, growTiles, partialTiles } from '../../shared/domain/tlog/tile-edge';
import { TILE_WIDTH, type TileName, tilePath } from '../../shared/domain/tlog/tile-path';
import type { SealedArchive } from '../../shared/ports/audit-seal';
import { type Check, counted, failed, notCheckable, ok } from './check';
import { tileNames } from './log-evidence';

export interface SealedComparison {
  /** Hands the entries on, and compares them. */
  pass(entries: AsyncIterable<StoredEntry>): AsyncIterable<StoredEntry>;
  /** Once all have passed. `held`: the entries from the first one on that their taker was content with; only they are compared. */
  check(held: number): Promise<Check>;
}

/** `seq` of the epoch's first entry: as it is read, and as it was sealed. */
export interface Bases {
  readonly base: number;
  readonly sealedBase: number;
}

/** Compares an epoch with its sealed copies as it is read: every tile and every bundle that there is. */
export async function sealedComparison(
  sealed: SealedArchive,
  { base, sealedBase }: Bases,
): Promise<SealedComparison> {
  // Where they differ something was put in or taken out before: from the lower one on entries are not what they were.
  const named = Math.min(base, sealedBase);
  const waiting = new Map<string, TileName[]>();
  for await (const name of tileNames(sealed)) {
    const place = `${name.level}/${name.index}`;
    waiting.set(place, [...(waiting.get(place) ?? []), name]);
  }
  const names = [...waiting.values()].flat();
  let edge = EMPTY_EDGE;
  let chunk: StoredEntry[] = [];
  const wrong: Difference[] = [];

  /** Compares what lies at one place with what belongs there. */
  const compare = async (level: TileName['level'], index: number, expected: readonly Uint8Array[]) => {
    for (const name of waiting.get(`${level}/${index}`) ?? []) {
      const bytes = (await sealed.read(tilePath(name))) ?? new Uint8Array();
      const at = firstDifference(name, bytes, expected);
      const leaves = typeof level === 'number' ? TILE_WIDTH ** level : 1;
      if (at !== undefined)
        wrong.push({ path: tilePath(name), seq: named + (index * TILE_WIDTH + at) * leaves, leaves });
    }
    waiting.delete(`${level}/${index}`);
  };
  const flush = async () => {
    if (chunk.length === 0) return;
    const bundle = Math.floor(((chunk[0] as StoredEntry).seq - base) / TILE_WIDTH);
    const grown = growTiles(
      edge,
      chunk.map(({ link }) => link),
    );
    edge = grown.edge;
    await compare(
      'entries',
      bundle,
      chunk.map(({ leaf }) => entryBytes(leaf)),
    );
    for (const { level, index, hashes } of grown.full) await compare(level, index, hashes);
    chunk = [];
  };

  return {
    async *pass(entries) {
      for await (const entry of entries) {
        yield entry;
        chunk.push(entry);
        if (chunk.length === TILE_WIDTH) await flush();
      }
    },
    async check(held) {
      // Entries are taken by the stretch: some may have passed behind the first wrong one.
      chunk = chunk.slice(0, Math.max(0, held - edge.size));
      await flush();
      for (const { level, index, hashes } of partialTiles(edge)) await compare(level, index, hashes);
      // What is left lies behind the end of the log, or behind its first wrong entry.
      for (const name of [...waiting.values()].flat()) {
        wrong.push({ path: tilePath(name), seq: named + edge.size, leaves: 1 });
      }
      if (wrong.length > 0) return failedBy(wrong);
      if (names.length === 0) return notCheckable('SEALED_COPIES', 'nothing is sealed yet');
      return ok('SEALED_COPIES', `${counted(names.length, 'sealed copy', 'sealed copies')} hold the same`);
    },
  };
}

/** What does not hold the same: from entry `seq` on, within so many leaves. */
interface Difference {
  readonly path: string;
  readonly seq: number;
  readonly leaves: number;
}

/** A tile of hashes of hashes says only in which stretch the entry is; tiles of leaves and bundles say which one. */
function failedBy(wrong: readonly Difference[]): Check {
  const [first] = wrong.filter(({ leaves }) => leaves === 1).sort((a, b) => a.seq - b.seq);
  const stretches = wrong.filter(
    ({ seq, leaves }) => first === undefined || first.seq < seq || first.seq >= seq + leaves,
  );
  const [stretch] = stretches.filter(({ leaves }) => leaves > 1).sort((a, b) => a.seq - b.seq);
  const between =
    stretch === undefined ? {} : { between: [stretch.seq, stretch.seq + stretch.leaves] as const };
  if (first === undefined)
    return failed('SEALED_COPIES', `${stretch?.path} does not hold the hashes of these entries`, between);
  const detail = `entry ${first.seq} is not as it was sealed in ${first.path}`;
  return failed('SEALED_COPIES', detail, { firstBad: first.seq, ...between });
}

/** Index of the first hash or entry that is another one, or is not there; `undefined` = all as expected. */
function firstDifference(
  { level, width }: TileName,
  bytes: Uint8Array,
  expected: readonly Uint8Array[],
): number | undefined {
  const sealed = level === 'entries' ? readableEntries(bytes) : hashesOf(bytes);
  for (let n = 0; n < width; n += 1) {
    const [one, other] = [sealed[n], expected[n]];
    if (one === undefined || other === undefined || Buffer.compare(one, other) !== 0) return n;
  }
  // Bytes behind the last one belong to nothing.
  const read = sealed
    .slice(0, width)
    .reduce((sum, { length }) => sum + length + (level === 'entries' ? 2 : 0), 0);
  return read === bytes.length ? undefined : width - 1;
}

function hashesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.floor(bytes.length / 32) }, (_, n) => bytes.subarray(32 * n, 32 * n + 32));
}
