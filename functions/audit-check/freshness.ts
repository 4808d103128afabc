import type { AuditFinding, FindingKind } from '../../shared/contracts/audit-findings';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { canaryKey } from '../../shared/domain/keys';
import { overdueSong, type Sung } from '../../shared/domain/song';
import {
  SINGERS,
  type Singer,
  SUBSYSTEMS,
  type Subsystem,
  type SubsystemName,
  silentSubsystems,
} from '../../shared/domain/subsystems';
import type { CheckDeps } from './check-deps';
import type { CheckRun } from './check-run';
import { sealedTo } from './sealed-epochs';

/** Two turns of the canary and some. */
const STALE_LOG_MS = 35 * 60_000;
/** The sealer runs each minute. */
const STALE_CHECKPOINT_MS = 5 * 60_000;

/** Whether everything still moves: the log, the checkpoints, each subsystem. */
export async function lookAtFreshness(run: CheckRun, deps: CheckDeps): Promise<void> {
  const now = deps.clock.now();
  const canary = run.progress.songs.at(-1);
  const head = await deps.log.head();
  const findings: AuditFinding[] = [...(await silences(run, deps))].map(([name, detail]) =>
    about('SILENT_SUBSYSTEM', name, `${name} ${detail}`),
  );
  if (canary !== undefined && now - head.sequencedAt > STALE_LOG_MS) {
    findings.push(about('STALE_LOG', 'log', `nothing was logged for ${minutes(now - head.sequencedAt)}`));
  }
  const unsealed = await sealedTo(deps);
  for await (const { seq, leaf } of deps.log.entries(unsealed, Math.min(head.size, unsealed + 1))) {
    const waits = now - readAuditBody(leaf).sequencedAt;
    if (waits <= STALE_CHECKPOINT_MS) continue;
    findings.push(
      about(
        'STALE_CHECKPOINT',
        'checkpoint',
        `entry ${seq} has had no signed checkpoint for ${minutes(waits)}`,
      ),
    );
  }
  await run.report(findings);
}

/** Subsystems that are silent, with what they have left undone. */
async function silences(
  run: CheckRun,
  { logged, canaries, clock }: CheckDeps,
): Promise<ReadonlyMap<SubsystemName, string>> {
  const now = clock.now();
  const { heard, songs } = run.progress;
  const found = new Map<SubsystemName, string>();
  // Asked of the table: where the log is late with an answer, that is not the silence of the part that gave it.
  const answers = new Map<Singer, Sung>();
  for (const part of SINGERS) answers.set(part, await canaries.answered(part));
  for (const [part, answered] of answers) {
    const { budgetMs, canary }: Subsystem = SUBSYSTEMS[part];
    const passedOn = canary.kind === 'song' && canary.after ? answers.get(canary.after) : undefined;
    const late = overdueSong({ songs, answered, passedOn, budgetMs, now });
    if (late !== undefined)
      found.set(part, `has not answered the canary's song ${late.rev} for ${minutes(late.waitsMs)}`);
  }
  const last = songs.at(-1);
  if (last !== undefined && now - last.at > SUBSYSTEMS.audit.budgetMs) {
    if ((await logged.at(canaryKey, last.rev)).length === 0)
      found.set('audit', `has not logged the canary's song ${last.rev} for ${minutes(now - last.at)}`);
  }
  for (const name of silentSubsystems(heard, now)) {
    const { budgetMs } = SUBSYSTEMS[name];
    found.set(name, `has had work for longer than ${minutes(budgetMs)} and has done nothing`);
  }
  return found;
}

const minutes = (ms: number): string => `${Math.round(ms / 60_000)} min`;

/** What it is about stands where an item's key would, so that it is one finding however long it lasts. */
const about = (kind: FindingKind, what: string, detail: string): AuditFinding => ({
  kind,
  pk: what,
  sk: '',
  detail,
});
