import type { AuditFinding } from '../../shared/contracts/audit-findings';
import { entryBytes, linkOfLeaf, type StoredEntry } from '../../shared/domain/audit-entry';
import { decodeBundle } from '../../shared/domain/tlog/tile-bytes';
import { TILE_WIDTH, tilePath, tileWidth } from '../../shared/domain/tlog/tile-path';
import type { CheckDeps } from './check-deps';
import type { CheckRun } from './check-run';
import { compareOpening } from './compare-opening';
import { type SealedEpoch, sealedEpoch, sealedTo } from './sealed-epochs';

/** Entries, from (included) to (excluded). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** New entries that have been sealed since, against their sealed copies. */
export async function compareNewlySealed(run: CheckRun, deps: CheckDeps): Promise<void> {
  while (run.hasTime()) {
    const from = run.progress.sealedTo;
    const to = Math.min(run.progress.seq, await sealedTo(deps), from + 8 * TILE_WIDTH);
    if (to <= from) return;
    await compareSealed({ from, to }, run, deps);
    await run.advance({ sealedTo: to });
  }
}

/**
 * Each entry of the span that a checkpoint covers must be, byte for byte, in its bundle; and each that opens an epoch
 * must name what was signed of the epoch before.
 */
export async function compareSealed({ from, to }: Span, run: CheckRun, deps: CheckDeps): Promise<void> {
  const epochs = await deps.log.epochs();
  for (const [n, epoch] of epochs.entries()) {
    const next = epochs[n + 1]?.base ?? Number.POSITIVE_INFINITY;
    if (next <= from || epoch.base >= to) continue;
    const sealed = await sealedEpoch(epoch, deps);
    const span = { from: Math.max(from, sealed.base), to: Math.min(to, sealed.to, next) };
    const before = epochs[n - 1];
    if (before !== undefined && span.from === sealed.base)
      await run.report(await compareOpening(sealed, before, deps));
    await compareEpoch(span, sealed, run, deps);
  }
}

async function compareEpoch(
  { from, to }: Span,
  epoch: SealedEpoch,
  run: CheckRun,
  deps: CheckDeps,
): Promise<void> {
  let bundle: { readonly index: number; readonly entries: readonly Uint8Array[] | undefined } | undefined;
  const findings: AuditFinding[] = [];
  for await (const entry of deps.log.entries(from, to)) {
    const leaf = entry.seq - epoch.base;
    const index = Math.floor(leaf / TILE_WIDTH);
    if (bundle?.index !== index) {
      bundle = { index, entries: await readBundle(index, epoch, deps) };
      if (bundle.entries === undefined) findings.push(missing(epoch.base + index * TILE_WIDTH, entry.seq));
    }
    run.seen.sealed += 1;
    if (bundle.entries !== undefined && !isSame(entry, bundle.entries[leaf % TILE_WIDTH])) {
      findings.push({
        kind: 'SEAL_DIFFERS',
        pk: '',
        sk: '',
        seq: entry.seq,
        detail: `entry ${entry.seq} is not its sealed copy`,
      });
    }
  }
  await run.report(findings);
}

/** A bundle that cannot be read as one has been changed: then each of its entries differs. */
async function readBundle(
  index: number,
  { epoch, base, to }: SealedEpoch,
  { sealed }: CheckDeps,
): Promise<readonly Uint8Array[] | undefined> {
  const width = tileWidth('entries', index, to - base);
  const bytes = await sealed(epoch).read(tilePath({ level: 'entries', index, width }));
  if (bytes === undefined) return undefined;
  try {
    return decodeBundle(bytes, width);
  } catch {
    return [];
  }
}

const isSame = (entry: StoredEntry, sealed: Uint8Array | undefined): boolean =>
  sealed !== undefined &&
  Buffer.compare(entryBytes(entry.leaf), sealed) === 0 &&
  Buffer.compare(linkOfLeaf(entry.leaf), entry.link) === 0;

function missing(first: number, seq: number): AuditFinding {
  const detail = `the bundle of entries ${first} and on is not among the sealed copies`;
  return { kind: 'SEAL_MISSING', pk: '', sk: '', seq, detail };
}
