import type { AuditFinding, FindingKind } from '../../shared/contracts/audit-findings';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { canaryKey } from '../../shared/domain/keys';
import {
  CANARY_BUDGET_MS,
  SUBSYSTEMS,
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

/** Whether everything still moves: the log, the checkpoints, each subsystem that has work. */
export async function lookAtFreshness(run: CheckRun, deps: CheckDeps): Promise<void> {
  const now = deps.clock.now();
  const { heard, canary } = run.progress;
  const head = await deps.log.head();
  const silent = new Set<SubsystemName>(silentSubsystems(heard, now));
  if (canary !== undefined && now - canary.at > CANARY_BUDGET_MS) {
    if ((await deps.logged.at(canaryKey, canary.rev)).length === 0) silent.add('audit');
  }
  const findings: AuditFinding[] = [...silent].map((name) =>
    about(
      'SILENT_SUBSYSTEM',
      name,
      `${name} has had work for longer than ${minutes(budgetOf(name))} and has done nothing`,
    ),
  );
  if (canary !== undefined && now - head.sequencedAt > STALE_LOG_MS) {
    findings.push(about('STALE_LOG', 'log', `nothing was logged for ${minutes(now - head.sequencedAt)}`));
  }
  const unsealed = await sealedTo(deps);
  for await (const { seq, bytes } of deps.log.entries(unsealed, Math.min(head.size, unsealed + 1))) {
    const waits = now - readAuditBody(bytes).sequencedAt;
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

const budgetOf = (name: SubsystemName): number =>
  name === 'audit' ? CANARY_BUDGET_MS : SUBSYSTEMS[name].budgetMs;
const minutes = (ms: number): string => `${Math.round(ms / 60_000)} min`;

/** What it is about stands where an item's key would, so that it is one finding however long it lasts. */
const about = (kind: FindingKind, what: string, detail: string): AuditFinding => ({
  kind,
  pk: what,
  sk: '',
  detail,
});
