import type { AuditFinding } from '../../shared/contracts/audit-findings';
import { entryLink, type StoredEntry } from '../../shared/domain/audit-entry';
import { decodeBundle } from '../../shared/domain/tlog/tile-bytes';
import { TILE_WIDTH, tilePath, tileWidth } from '../../shared/domain/tlog/tile-path';
import type { CheckDeps } from './check-deps';
import type { CheckRun } from './check-run';

/** Entries, from (included) to (excluded). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** New entries that have been sealed since, against their sealed copies. */
export async function compareNewlySealed(run: CheckRun, deps: CheckDeps): Promise<void> {
  while (run.hasTime()) {
    const from = run.progress.sealedTo;
    const sealedTo = Math.min(run.progress.seq, await sealedSize(deps), from + 8 * TILE_WIDTH);
    if (sealedTo <= from) return;
    await compareSealed({ from, to: sealedTo }, run, deps);
    await run.advance({ sealedTo });
  }
}

/** Each entry of the span that a checkpoint covers must be, byte for byte, in its bundle. */
export async function compareSealed({ from, to }: Span, run: CheckRun, deps: CheckDeps): Promise<void> {
  const size = await sealedSize(deps);
  const end = Math.min(to, size);
  let bundle: { readonly index: number; readonly entries: readonly Uint8Array[] | undefined } | undefined;
  const findings: AuditFinding[] = [];
  for await (const entry of deps.log.entries(from, end)) {
    const index = Math.floor(entry.seq / TILE_WIDTH);
    if (bundle?.index !== index) {
      bundle = { index, entries: await readBundle(index, size, deps) };
      if (bundle.entries === undefined) findings.push(missing(index, entry.seq));
    }
    run.seen.sealed += 1;
    if (bundle.entries !== undefined && !isSame(entry, bundle.entries[entry.seq % TILE_WIDTH])) {
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
  size: number,
  { sealed }: CheckDeps,
): Promise<readonly Uint8Array[] | undefined> {
  const width = tileWidth('entries', index, size);
  const bytes = await sealed.read(tilePath({ level: 'entries', index, width }));
  if (bytes === undefined) return undefined;
  try {
    return decodeBundle(bytes, width);
  } catch {
    return [];
  }
}

const isSame = (entry: StoredEntry, sealed: Uint8Array | undefined): boolean =>
  sealed !== undefined &&
  Buffer.compare(entry.bytes, sealed) === 0 &&
  Buffer.compare(entryLink(sealed), entry.link) === 0;

function missing(index: number, seq: number): AuditFinding {
  const detail = `the bundle of entries ${index * TILE_WIDTH} and on is not among the sealed copies`;
  return { kind: 'SEAL_MISSING', pk: '', sk: '', seq, detail };
}

const sealedSize = async ({ checkpoints }: CheckDeps): Promise<number> =>
  (await checkpoints.list(1))[0]?.size ?? 0;
