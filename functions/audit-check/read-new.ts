import type { AuditFinding, FindingKind } from '../../shared/contracts/audit-findings';
import type { SeenItem } from '../../shared/domain/examine-entries';
import type { CheckDeps } from './check-deps';
import type { CheckRun } from './check-run';
import { compareSealed } from './compare-sealed';
import { readSlice, type Slice } from './read-log';

const ROWS_AT_ONCE = 16;
/** Told when their entries are new: what a person has looked into and closed is as it was. */
const TOLD_ONCE: readonly FindingKind[] = ['FILLED_IN', 'RECORDED_LOST'];

/** What was appended since the last check. `false`: there was more than time. */
export async function readNew(run: CheckRun, deps: CheckDeps): Promise<boolean> {
  const head = await deps.log.head();
  if (head.size < run.progress.seq) {
    await run.report([
      {
        kind: 'TRUNCATED',
        pk: '',
        sk: '',
        seq: head.size,
        detail: `the log had ${run.progress.seq} entries and has ${head.size}`,
      },
    ]);
    return true;
  }
  while (run.progress.seq < head.size) {
    if (!run.hasTime()) return false;
    const { heard, watched } = run.progress;
    const slice = await readSlice(run.progress, { log: deps.log, head, heard, now: deps.clock.now() });
    await takeIn(slice, run, deps);
    const again = await run.compare(slice.items);
    await run.advance(
      { ...slice.next, heard: slice.heard, watched: [...new Set([...watched, ...again])].slice(-100) },
      slice.hours,
    );
  }
  return true;
}

/** The whole log once more, also against its sealed copies. Counts nothing: every entry was counted when it was new. */
export async function rescan(run: CheckRun, deps: CheckDeps): Promise<void> {
  const head = await deps.log.head();
  while (run.progress.rescan !== undefined && run.hasTime()) {
    const from = run.progress.rescan;
    const slice = await readSlice(from, { log: deps.log, head, heard: {}, now: deps.clock.now() });
    const findings = slice.findings.filter(({ kind }) => !TOLD_ONCE.includes(kind));
    await takeIn({ ...slice, findings }, run, deps);
    await compareSealed({ from: from.seq, to: slice.next.seq }, run, deps);
    await run.advance({ rescan: slice.next.seq >= head.size ? undefined : slice.next });
  }
}

async function takeIn(slice: Slice, run: CheckRun, deps: CheckDeps): Promise<void> {
  run.seen.entries += slice.entries;
  const found = [...(await withoutBefore(slice.items, deps)), ...(await inNoPlace(slice.openings, deps))];
  await run.report([...slice.findings, ...found]);
}

/** Openings where no epoch begins. The epoch's row was written with its first entry: who reads it afterwards sees it. */
async function inNoPlace(openings: readonly number[], { log }: CheckDeps): Promise<AuditFinding[]> {
  if (openings.length === 0) return [];
  const bases = new Set((await log.epochs()).map(({ base }) => base));
  return openings
    .filter((seq) => !bases.has(seq))
    .map((seq) => {
      const detail = `entry ${seq} says that it opens an epoch, and none begins there`;
      return { kind: 'EPOCH_LINK', pk: '', sk: '', seq, detail };
    });
}

/** Items whose first `rev` of the slice follows one that has no entry. */
async function withoutBefore(items: readonly SeenItem[], { logged }: CheckDeps): Promise<AuditFinding[]> {
  const asked = items.filter(({ first }) => first.follows && first.rev > 1);
  const findings: AuditFinding[] = [];
  for (let at = 0; at < asked.length; at += ROWS_AT_ONCE) {
    const some = asked.slice(at, at + ROWS_AT_ONCE);
    const rows = await Promise.all(some.map((item) => logged.at(item, item.first.rev - 1)));
    some.forEach(({ pk, sk, first }, n) => {
      if (rows[n]?.length !== 0) return;
      findings.push({
        kind: 'REV_GAP',
        pk,
        sk,
        seq: first.seq,
        rev: first.rev,
        detail: `rev ${first.rev - 1} has no entry`,
      });
    });
  }
  return findings;
}
