import type { Contract } from '../../shared/contracts/contract';
import type { ErrorDetected } from '../../shared/contracts/error-detected';
import type { Plan } from '../../shared/contracts/plan';
import { resolveExpressions } from '../../shared/contracts/plan-expressions';
import type { Settings } from '../../shared/contracts/settings';
import { bindPlan } from '../../shared/domain/bind-plan';
import type { LoadedPlaybook } from '../../shared/domain/diagnosis';
import { endParts } from '../../shared/domain/end-parts';
import { planText, planTextHash } from '../../shared/domain/plan-hash';
import { type PlanRefusal, refusePlan } from '../../shared/domain/plan-steps';
import type { ApprovalStore } from '../../shared/ports/approvals';
import type { Clock } from '../../shared/ports/clock';
import type { LiveAlarm, Resources, Telemetry } from '../../shared/ports/cloud';
import type { ContractStore, MoveResult } from '../../shared/ports/contract-store';
import { OvertakenError } from '../../shared/ports/errors';
import type { Electorates } from '../../shared/ports/people';
import type { ErrorStore, PlaybookStore, RecordedError } from '../../shared/ports/stores';

export interface ReplanDeps {
  readonly contracts: ContractStore;
  readonly approvals: ApprovalStore;
  readonly errors: Pick<ErrorStore, 'recorded'>;
  readonly electorates: Electorates;
  /** The current playbooks. */
  readonly playbooks: readonly LoadedPlaybook[];
  readonly statistics: Pick<PlaybookStore, 'statistics'>;
  readonly resources: Resources;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly policyVersion: string;
}

/** `kept`: no fresh plan can be made, so people are asked about the one that they know. */
export type ReplanOutput = 'nothing_asked' | 'replaced' | 'kept' | 'cancelled';

/** What says that there is nothing left to act on; the request ends. */
const OVER: readonly string[] = ['TARGET_NOT_FOUND', 'NO_FAULT'];
/** A request is open this long at most, from when it was opened: less than the execution waits. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * Makes the fresh plan that somebody asked for: from the live target and alarm, by the current version of the same
 * playbook. The request goes on under the new hash, without votes. Never of a lower tier than people were asked for.
 */
export async function replan(
  input: { readonly contractId: string },
  deps: ReplanDeps,
): Promise<ReplanOutput> {
  const contract = await deps.contracts.get(input.contractId);
  const approval = contract?.approval;
  if (contract?.status !== 'awaiting_approval' || approval?.replanSince === undefined) return 'nothing_asked';
  const stored = (await deps.contracts.planIfReadable(contract.contractId))?.plan;
  const fresh =
    stored === undefined
      ? refusePlan('PLAN_CHANGED', 'the stored plan is no plan')
      : await freshPlan(contract, stored, deps);
  const at = deps.clock.now();
  const why = (reason: string) => ({ actor: 'replanner', reason, at });
  if (!fresh.ok) {
    if (!OVER.includes(fresh.code)) {
      return written('kept', await deps.approvals.keepPlan(contract, why(fresh.code)));
    }
    const parts = endParts({ contract, plan: stored, to: 'cancelled', reason: fresh.code, lines: [], at });
    const event = 'approval.cancelled';
    const ending = { ...parts, event, callbackDue: true };
    return written('cancelled', await deps.contracts.end(contract, 'cancelled', why(fresh.code), ending));
  }
  const electorate = await deps.electorates.of(fresh.plan, at);
  if (electorate.eligible.length < fresh.plan.quorum) {
    return written('kept', await deps.approvals.keepPlan(contract, why('NO_QUORUM_POSSIBLE')));
  }
  const text = planText(fresh.plan);
  const next = { plan: fresh.plan, text, planHash: planTextHash(text), electorate };
  return written('replaced', await deps.approvals.replan(contract, next, why('REPLANNED')));
}

/**
 * @throws OvertakenError when another write came first and a fresh plan is still owed: nobody can vote until it is
 * there, so that the event has to be delivered again
 */
function written(outcome: ReplanOutput, result: MoveResult): ReplanOutput {
  if (result.ok) return outcome;
  const now = result.contract;
  const isOwed = now?.status === 'awaiting_approval' && now.approval?.replanSince !== undefined;
  if (isOwed) throw new OvertakenError(now.contractId);
  return 'nothing_asked';
}

async function freshPlan(
  contract: Contract,
  old: Plan,
  deps: ReplanDeps,
): Promise<{ readonly ok: true; readonly plan: Plan } | PlanRefusal> {
  const recorded = await deps.errors.recorded(contract.eventId);
  const loaded = deps.playbooks.find(({ name }) => name === contract.playbook);
  const [target] = old.targets;
  if (recorded === undefined || loaded === undefined || target === undefined) {
    return refusePlan('NO_PLAYBOOK', `${contract.playbook} is not in use any more`);
  }
  const live = await deps.resources.describe(target);
  if (live === undefined) return refusePlan('TARGET_NOT_FOUND', 'the target is gone');
  const alarm = old.alarm === undefined ? undefined : await deps.telemetry.alarm(old.alarm.name);
  if (alarm?.state === 'OK') return refusePlan('NO_FAULT', `${alarm.name} has cleared by itself`);
  const event = eventAgain(contract, old, recorded, alarm);
  const { playbook } = loaded;
  const expressions = await resolveExpressions({ playbook, event, target, live });
  if (!expressions.ok) return expressions;
  const { approval } = contract;
  const bound = bindPlan({
    loaded,
    diagnosis: { ...old.diagnosis, playbook: loaded.name, version: loaded.version, alternatives: [] },
    event,
    target,
    live,
    alarm,
    expressions: expressions.expressions,
    settings: deps.settings,
    lastTen: (await deps.statistics.statistics(loaded.name))?.lastTen ?? '',
    contractId: contract.contractId,
    fingerprint: old.fingerprint,
    policyVersion: deps.policyVersion,
    leastTier: old.tier,
    requestedBy: [...(old.requestedBy ?? []), ...(approval?.replanBy ?? [])],
    now: deps.clock.now(),
  });
  if (!bound.ok) return bound;
  const over = Math.max(0, bound.plan.expiresAt - ((approval?.requestedAt ?? 0) + LONGEST_MS));
  const { expiresAt, executeBy } = bound.plan;
  return { ok: true, plan: { ...bound.plan, expiresAt: expiresAt - over, executeBy: executeBy - over } };
}

/** The event as far as planning needs it: what was recorded, and of the alarm what it is now. */
function eventAgain(
  contract: Contract,
  old: Plan,
  recorded: RecordedError,
  alarm: LiveAlarm | undefined,
): ErrorDetected {
  const { service, error, attributes = {}, source, at } = recorded;
  const { account, region } = old;
  return {
    eventId: contract.eventId,
    type: 'error.detected',
    source,
    account,
    region,
    at,
    correlationId: contract.correlationId,
    ...(alarm === undefined
      ? {}
      : {
          alarm: {
            name: alarm.name,
            arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm.name}`,
            kind: alarm.composite ? ('composite' as const) : ('metric' as const),
            state: alarm.state,
            suppressed: false,
            reason: '',
            metrics:
              alarm.metric === undefined
                ? []
                : [{ ...alarm.metric, dimensions: { ...alarm.metric.dimensions } }],
            recentValues: [],
            ...(alarm.threshold === undefined ? {} : { threshold: alarm.threshold }),
          },
        }),
    ...(service === undefined || error === undefined
      ? {}
      : { error: { service, name: error, message: '', attributes: { ...attributes } } }),
  };
}
