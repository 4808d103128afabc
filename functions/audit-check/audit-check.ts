import * as z from 'zod/mini';
import { type AuditFinding, FINDING_KINDS, type StoredFinding } from '../../shared/contracts/audit-findings';
import { GENESIS_LINK } from '../../shared/domain/audit-entry';
import { answerKey, canaryKey, contractKey, planKey } from '../../shared/domain/keys';
import { SINGERS } from '../../shared/domain/subsystems';
import type { CheckProgress, FilledIn } from '../../shared/ports/audit-check';
import type { Key } from '../../shared/ports/table';
import type { CheckDeps } from './check-deps';
import { ACTOR, CheckOvertakenError, type CheckRun, checkRun, nameOf } from './check-run';
import { watchedKey } from './compare-items';
import { compareNewlySealed } from './compare-sealed';
import { lookAtFreshness } from './freshness';
import { readNew, rescan } from './read-new';
import { sweep } from './sweep';

/** `full`: also read the whole log and the whole state table again. Called again while the answer is not `done`. */
export const AuditCheckInput = z.strictObject({ full: z.optional(z.boolean()) });
export type AuditCheckInput = z.infer<typeof AuditCheckInput>;

export interface AuditCheckOutput {
  /** Entries that were looked at: new ones, and those of a rescan. */
  readonly entries: number;
  /** Items that were compared with the log. */
  readonly items: number;
  /** Entries that were compared with their sealed copies. */
  readonly sealed: number;
  /** Findings that this call opened. */
  readonly opened: readonly AuditFinding[];
  /** Findings of this call that were open before. */
  readonly known: number;
  /** Passing findings whose cause is gone. */
  readonly closed: number;
  /** What the sequencer wrote in the place of records that have not come. */
  readonly filledIn: readonly FilledIn[];
  /** `false`: there was more than there was time for, or another check came in between; the next call goes on. */
  readonly done: boolean;
}

/** The state table is read whole at least so often: as long as the stream keeps a record that nobody has read. */
const SWEEP_EVERY_MS = 24 * 3600_000;
const MOST_FINDINGS = 200;
const OPEN_CONTRACTS = 200;
/** A check that is called again and again, such as one of a long log, does not make everybody answer each time. */
const SING_EVERY_MS = 5 * 60_000;
/** Eight hours of them: a part that has answered none of these has been silent for longer than any may be. */
const SONGS_KEPT = 32;

/**
 * Looks at what is new in the log, and at whether the log has what it should (`docs/adr/0020-reconciliation.md`).
 * Cost follows what is new; while a reading of the whole state table is due, each call also reads some pages of it.
 * Findings are items, each opened once; their events and entries follow from that write. Afterwards the log is
 * sealed. Two checks at once do no harm: the second finds the cursor moved, and stops.
 */
export async function auditCheck(input: AuditCheckInput, deps: CheckDeps): Promise<AuditCheckOutput> {
  const full = input.full === true;
  const open = (await deps.findings.list(MOST_FINDINGS)).filter(({ status }) => status === 'open');
  const before = await deps.progress.get();
  const run = checkRun(begin(before, { full, now: deps.clock.now() }), await hasCanary(before, deps), deps);
  const done = await check(run, { full, open }, deps).catch((error: unknown) => {
    if (error instanceof CheckOvertakenError) return false;
    throw error;
  });
  const closed = done ? await closePassed(open, run, deps) : 0;
  tell(run, open.length + run.seen.opened.length - closed, deps);
  await deps.sealer.seal();
  const { entries, items, sealed, opened, found, filledIn } = run.seen;
  return { entries, items, sealed, opened, known: found.length - opened.length, closed, filledIn, done };
}

async function check(
  run: CheckRun,
  { full, open }: { readonly full: boolean; readonly open: readonly StoredFinding[] },
  deps: CheckDeps,
): Promise<boolean> {
  const watched = await run.compare([
    ...run.progress.watched.map(watchedKey),
    ...open.flatMap(({ finding }) =>
      finding.kind === 'UNSEQUENCED' ? [{ pk: finding.pk, sk: finding.sk }] : [],
    ),
    ...(await openContracts(deps)),
    ...SINGERS.map(answerKey),
  ]);
  await run.advance({ watched });
  let isRead = await readNew(run, deps);
  await rescan(run, deps);
  await sweep(run, full, deps);
  // What was filled in is in the log now, and is told from there.
  if (run.seen.filledIn.length > 0) isRead = await readNew(run, deps);
  await compareNewlySealed(run, deps);
  await lookAtFreshness(run, deps);
  await sing(run, deps);
  const { rescan: isRescanning, sweep: isSweeping } = run.progress;
  return isRead && isRescanning === undefined && (!full || isSweeping === undefined);
}

async function sing(run: CheckRun, { canaries, clock }: CheckDeps): Promise<void> {
  const { songs } = run.progress;
  const at = clock.now();
  const last = songs.at(-1);
  if (last !== undefined && at - last.at < SING_EVERY_MS) return;
  const song = await canaries.sing({ actor: ACTOR, reason: 'CANARY', at });
  await run.advance({ songs: [...songs, song].slice(-SONGS_KEPT) });
}

function begin(progress: CheckProgress, { full, now }: { full: boolean; now: number }): CheckProgress {
  const isDue = full || now - progress.sweptAt >= SWEEP_EVERY_MS;
  return {
    ...progress,
    sweep: progress.sweep ?? (isDue ? { startedAt: now, after: undefined } : undefined),
    rescan: progress.rescan ?? (full ? { seq: 0, link: GENESIS_LINK, sequencedAt: 0 } : undefined),
  };
}

/** Whether the last song has come back through the stream. */
async function hasCanary({ songs }: CheckProgress, { logged }: CheckDeps): Promise<boolean> {
  const canary = songs.at(-1);
  return canary === undefined || (await logged.at(canaryKey, canary.rev)).length > 0;
}

/** Contracts under way: what is written of them is what somebody will ask for first. */
async function openContracts({ contracts }: CheckDeps): Promise<Key[]> {
  return (await contracts.open(OPEN_CONTRACTS)).flatMap((id) => [contractKey(id), planKey(id)]);
}

async function closePassed(
  open: readonly StoredFinding[],
  run: CheckRun,
  { findings, clock }: CheckDeps,
): Promise<number> {
  const { found, sequenced } = run.seen;
  let closed = 0;
  for (const { findingId, finding } of open) {
    if (!FINDING_KINDS[finding.kind].passing || found.some((one) => isSame(one, finding))) continue;
    if (finding.kind === 'UNSEQUENCED' && !sequenced.has(nameOf(finding))) continue;
    const why = { actor: ACTOR, reason: 'NOT_FOUND_ANY_MORE', at: clock.now() };
    if (await findings.close(findingId, why)) closed += 1;
  }
  return closed;
}

const isSame = (a: AuditFinding, b: AuditFinding): boolean =>
  a.kind === b.kind && a.pk === b.pk && a.sk === b.sk && a.seq === b.seq && a.rev === b.rev;

/** `left`: findings that are open now. Counted each time: a call that is cut right after it found something tells nobody. */
function tell({ seen }: CheckRun, left: number, { logger, metrics }: CheckDeps): void {
  for (const { kind, pk, sk, seq, rev, detail } of seen.opened) {
    logger.error('audit finding', { code: 'AUDIT_FINDING', kind, pk, sk, seq, rev, detail });
  }
  metrics.count('grace_audit_checks_total', {});
  metrics.count('grace_audit_findings_total', {}, seen.opened.length);
  metrics.record('grace_audit_findings_open', left, 'Count', {});
  const { entries, items, sealed, opened, found } = seen;
  logger.info('audit checked', {
    code: 'AUDIT_CHECKED',
    entries,
    items,
    sealed,
    opened: opened.length,
    known: found.length - opened.length,
  });
}
