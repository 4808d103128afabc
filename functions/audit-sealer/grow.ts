import { verifyChain } from '../../shared/domain/audit-chain';
import { entryBytes, linkOfLeaf, type StoredEntry } from '../../shared/domain/audit-entry';
import { encodeRange } from '../../shared/domain/merkle-range';
import { encodeBundle, encodeTile } from '../../shared/domain/tlog/tile-bytes';
import {
  growTiles,
  partialTiles,
  rangeOfEdge,
  rootOfEdge,
  type TileEdge,
} from '../../shared/domain/tlog/tile-edge';
import { TILE_WIDTH, tilePath } from '../../shared/domain/tlog/tile-path';
import type { LogHead } from '../../shared/ports/audit-log';
import type { LastSealed } from './last-sealed';
import { openingAt } from './opening';
import { SealRefusal } from './seal-refusal';
import type { EpochDeps } from './sealer-deps';

/** Entries of one checkpoint; a log that is further behind gets several. */
const MOST_AT_ONCE = 16 * 1024;

/**
 * Writes the tiles and bundles that the new entries make, and gives the tree's new edge. `undefined`: nothing is new.
 * Reads the entries of the tile that is not full yet, and what came after: never the whole log.
 * @throws SealRefusal when the log does not continue what is sealed
 */
export async function grow({ edge, link }: LastSealed, deps: EpochDeps): Promise<TileEdge | undefined> {
  const { size } = edge;
  const { base } = deps;
  const head = await deps.log.head();
  // Closed since its end was looked up: the next call knows.
  if (deps.end === undefined && head.base > base) return undefined;
  const length = (deps.end ?? head.size) - base;
  if (length < size) {
    throw new SealRefusal('FORK_REFUSED', {
      size,
      detail: `the log ends at ${length}, behind the checkpoint of ${size}`,
    });
  }
  // Places in the epoch's tree; entries are numbered over all epochs.
  const start = Math.floor(size / TILE_WIDTH) * TILE_WIDTH;
  const end = Math.min(length, size + MOST_AT_ONCE);
  const entries: StoredEntry[] = [];
  for await (const entry of deps.log.entries(base + start, base + end)) entries.push(entry);

  const again = entries.slice(0, size - start);
  const leaves = edge.levels[0] ?? [];
  const changed = leaves.findIndex((leaf, n) => !isEntry(again[n], base + start + n, leaf));
  if (changed >= 0) {
    const seq = base + start + changed;
    throw new SealRefusal('FORK_REFUSED', {
      size,
      seq,
      detail: `entry ${seq} is not the one that was sealed`,
    });
  }
  const fresh = entries.slice(size - start);
  const report = await verifyChain(fresh, { from: { seq: base + size, link } });
  const seq = report.firstBad ?? base + size + fresh.length;
  if (report.problem !== undefined || seq < base + end) {
    throw new SealRefusal('FORK_REFUSED', {
      size,
      seq,
      detail: `entry ${seq} does not continue what was sealed`,
    });
  }
  const grown = growTiles(
    edge,
    fresh.map((entry) => entry.link),
  );
  if (end === length) {
    if (deps.end === undefined) assertHead(grown.edge, head, size);
    else await assertClosed(grown.edge, { ...deps, end: deps.end }, size);
  }
  if (end === size) return undefined;
  for (const { level, index, width, hashes } of [...grown.full, ...partialTiles(grown.edge)]) {
    await write(tilePath({ level, index, width }), encodeTile(hashes), size, deps);
    if (level !== 0) continue;
    const from = index * TILE_WIDTH - start;
    const bundle = entries.slice(from, from + width).map(({ leaf }) => entryBytes(leaf));
    await write(tilePath({ level: 'entries', index, width }), encodeBundle(bundle), size, deps);
  }
  return grown.edge;
}

async function write(name: string, bytes: Uint8Array, size: number, { sealed }: EpochDeps): Promise<void> {
  if (await sealed.write(name, bytes)) return;
  throw new SealRefusal('SEAL_DIFFERS', { size, detail: `${name} holds other bytes than the log makes` });
}

const isEntry = (entry: StoredEntry | undefined, seq: number, sealed: Uint8Array): boolean =>
  entry?.seq === seq && Buffer.compare(linkOfLeaf(entry.leaf), sealed) === 0;

/** The head keeps the tree's range of its own; it must be the same tree. */
function assertHead(edge: TileEdge, head: LogHead, size: number): void {
  if (encodeRange(rangeOfEdge(edge)) === encodeRange(head.range)) return;
  throw new SealRefusal('FORK_REFUSED', {
    size,
    seq: head.size,
    detail: `the head of ${head.size} is of another tree`,
  });
}

/** The entry that closed the epoch says its tree. */
async function assertClosed(edge: TileEdge, deps: EpochDeps & { readonly end: number }, size: number) {
  const { end, origin } = deps;
  const opening = await openingAt(end, origin, deps);
  // What does not open an epoch at all is refused there.
  if (opening === undefined || opening.closes.root === Buffer.from(rootOfEdge(edge)).toString('hex')) return;
  throw new SealRefusal('FORK_REFUSED', {
    size,
    seq: end,
    detail: `entry ${end} closes another tree of ${edge.size} entries`,
  });
}
