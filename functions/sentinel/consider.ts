import type { ErrorDetected } from '../../shared/contracts/error-detected';
import type { Plan } from '../../shared/contracts/plan';
import { resolveExpressions, resolveTarget } from '../../shared/contracts/plan-expressions';
import type { Settings } from '../../shared/contracts/settings';
import { bindPlan } from '../../shared/domain/bind-plan';
import type { Diagnose, LoadedPlaybook } from '../../shared/domain/diagnosis';
import { targetKey } from '../../shared/domain/target';
import type { Clock, Ids } from '../../shared/ports/clock';
import type { Resources, Telemetry } from '../../shared/ports/cloud';
import type { ContractStore, Reservations } from '../../shared/ports/contract-store';
import type { PlaybookStore } from '../../shared/ports/stores';

export interface ConsiderDeps {
  /** The current playbooks, as they were when the batch began. */
  readonly playbooks: readonly LoadedPlaybook[];
  readonly diagnose: Diagnose;
  readonly statistics: Pick<PlaybookStore, 'statistics'>;
  readonly contracts: Pick<ContractStore, 'get'>;
  readonly reservations: Reservations;
  readonly resources: Resources;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly settings: Settings;
  readonly policyVersion: string;
}

/** An error with its fingerprint. */
interface Considered {
  readonly error: ErrorDetected;
  readonly print: string;
  /** Who let the event go from quarantine: they cannot approve what comes of it. */
  readonly requestedBy?: readonly string[];
}

/** What an error comes to: a plan, or a code that says why nothing is done. */
export type Consideration =
  | { readonly decision: 'PLANNED'; readonly plan: Plan; readonly missionId: string | undefined }
  | {
      readonly decision: string;
      readonly detail: string;
      readonly plan?: undefined;
      readonly contractId?: string;
    };

const nothing = (decision: string, detail: string, contractId?: string): Consideration => ({
  decision,
  detail,
  ...(contractId === undefined ? {} : { contractId }),
});

const TEN_MINUTES = 600_000;

/**
 * Diagnoses an error and plans. Events are evidence, never commands: before a plan is made, the alarm and
 * the resource themselves are looked at.
 */
export async function consider(
  { error, print, requestedBy = [] }: Considered,
  deps: ConsiderDeps,
): Promise<Consideration> {
  const untimely = timeliness(error, deps.clock.now(), deps.settings.limits.maximumEventAge);
  if (untimely !== undefined) return untimely;
  const { alarm } = error;
  if (alarm?.state === 'OK') return nothing('CLEARED', `${alarm.name} is OK`);
  if (alarm?.state === 'INSUFFICIENT_DATA') return nothing('INSUFFICIENT_DATA', `${alarm.name} has no data`);
  if (alarm?.suppressed) return nothing('SUPPRESSED', `the actions of ${alarm.name} are suppressed`);

  const diagnosis = deps.diagnose(error);
  const loaded = deps.playbooks.find((candidate) => candidate.name === diagnosis?.playbook);
  if (diagnosis === undefined || loaded === undefined) return nothing('NO_PLAYBOOK', 'no pattern matches');

  const resolved = await resolveTarget(loaded.playbook, error);
  if (!resolved.ok) return nothing(resolved.code, resolved.message);
  const key = targetKey(resolved.target);
  const lock = await deps.reservations.lock(key);
  const now = deps.clock.now();
  if (lock?.frozenBy !== undefined) return nothing('FROZEN', `${key} is frozen by contract ${lock.frozenBy}`);
  if (lock !== undefined && lock.leaseUntil < now && lock.cooldownUntil >= now) {
    return nothing('COOLDOWN', `${key} rests until ${new Date(lock.cooldownUntil).toISOString()}`);
  }
  const waiting = await deps.reservations.waiting(key, loaded.name);
  if (waiting !== undefined) {
    return nothing('JOINED', `contract ${waiting.contractId} waits for approval`, waiting.contractId);
  }

  const live = await deps.resources.describe(resolved.target);
  if (live === undefined) return nothing('TARGET_NOT_FOUND', `there is no ${key}`);
  const liveAlarm = alarm === undefined ? undefined : await deps.telemetry.alarm(alarm.name);
  if (liveAlarm?.state === 'OK') return nothing('NO_FAULT', `${liveAlarm.name} has cleared by itself`);

  const expressions = await resolveExpressions({
    playbook: loaded.playbook,
    event: error,
    target: resolved.target,
    live,
  });
  if (!expressions.ok) return nothing(expressions.code, expressions.message);
  const bound = bindPlan({
    loaded,
    diagnosis,
    event: error,
    target: resolved.target,
    live,
    alarm: liveAlarm,
    expressions: expressions.expressions,
    settings: deps.settings,
    lastTen: (await deps.statistics.statistics(loaded.name))?.lastTen ?? '',
    contractId: deps.ids.next(),
    fingerprint: print,
    policyVersion: deps.policyVersion,
    requestedBy,
    now,
  });
  if (!bound.ok) return nothing(bound.code, bound.message);
  // What is already going on at this target is the same trouble: one mission.
  const owner = lock?.owner === undefined ? undefined : await deps.contracts.get(lock.owner);
  return { decision: 'PLANNED', plan: bound.plan, missionId: error.missionId ?? owner?.missionId };
}

function timeliness(error: ErrorDetected, now: number, maximumAgeSeconds: number): Consideration | undefined {
  if (error.at < now - maximumAgeSeconds * 1000) {
    return nothing('EVENT_TOO_OLD', `it happened at ${new Date(error.at).toISOString()}`);
  }
  if (error.at > now + TEN_MINUTES) {
    return nothing(
      'EVENT_FROM_FUTURE',
      `it says ${new Date(error.at).toISOString()}: check the sender's clock`,
    );
  }
  return undefined;
}
