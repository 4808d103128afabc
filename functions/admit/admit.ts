import type { Contract, PolicyVerdict } from '../../shared/contracts/contract';
import type { Plan } from '../../shared/contracts/plan';
import { endParts } from '../../shared/domain/end-parts';
import { type Song, songOfExecution } from '../../shared/domain/song';
import { targetKey } from '../../shared/domain/target';
import { timestamp } from '../../shared/domain/timing';
import type { Status } from '../../shared/domain/transitions';
import type { Canaries } from '../../shared/ports/canaries';
import type { Telemetry } from '../../shared/ports/cloud';
import type { ContractStore, Reservations } from '../../shared/ports/contract-store';
import { ImpossibleStateError, OvertakenError } from '../../shared/ports/errors';
import type { ControlStore } from '../../shared/ports/stores';
import { type AskPoliciesDeps, askPolicies, policyVerdict } from './ask-policies';

export interface AdmitDeps extends AskPoliciesDeps {
  readonly contracts: ContractStore;
  readonly canaries: Pick<Canaries, 'answer'>;
  readonly reservations: Reservations;
  readonly control: ControlStore;
  readonly telemetry: Telemetry;
  /** Action name to the executor that may perform it. */
  readonly executors: Readonly<Record<string, string>>;
}

export interface AdmitOutput {
  readonly contractId: string;
  readonly next: string;
  readonly executor: string;
  readonly waitUntil: string;
}

/**
 * Says what a contract may do next: `observed`, `refused`, `stale`, `ask` a person, `snapshot` or
 * `execute`. It asks again each time a contract has waited for its turn, since the world goes on meanwhile.
 * An execution that carries a song of the canary in the place of a contract is answered for and `observed`.
 */
export async function admit(input: { readonly contractId: string }, deps: AdmitDeps): Promise<AdmitOutput> {
  const song = songOfExecution(input.contractId);
  if (song !== undefined) return admitSong(song, input.contractId, deps);
  const contract = await deps.contracts.get(input.contractId);
  if (contract === undefined) throw new ImpossibleStateError(`there is no contract ${input.contractId}`);
  const stored = await deps.contracts.planIfReadable(contract.contractId);
  const executor = deps.executors[stored?.plan.steps[0]?.action ?? ''] ?? '';
  const say = (next: string): AdmitOutput => ({
    contractId: contract.contractId,
    next,
    executor,
    waitUntil: timestamp(deps.clock.now()),
  });
  if (contract.status === 'awaiting_approval') return say('ask');
  if (contract.status !== 'planned' && contract.status !== 'approved') {
    return say(
      contract.status === 'executing' || contract.status === 'verifying' ? 'execute' : contract.status,
    );
  }

  const { obstacle, policy } =
    stored?.hash !== contract.planHash
      ? { obstacle: { to: 'refused' as const, reason: 'PLAN_CHANGED' }, policy: undefined }
      : await consult(contract, stored.plan, deps);
  if (obstacle !== undefined)
    return say(await end({ contract, plan: stored?.plan, policy, ...obstacle }, deps));
  if (contract.status === 'approved') return say(contract.tier === 1 ? 'execute' : 'snapshot');
  if (contract.tier > 1) return say('ask');
  const why = { actor: 'admit', reason: 'TIER_1', at: deps.clock.now() };
  const moved = await deps.contracts.move(contract, 'approved', why, policy === undefined ? {} : { policy });
  if (!moved.ok && moved.contract?.status === 'planned') throw new OvertakenError(contract.contractId);
  return say(
    moved.ok || moved.contract?.status === 'approved' ? 'execute' : (moved.contract?.status ?? 'refused'),
  );
}

/** Whatever mode or switch say: nothing is done here, and a paused deployment must be known to be there as well. */
async function admitSong(
  { series, rev }: Song,
  contractId: string,
  { canaries, clock }: AdmitDeps,
): Promise<AdmitOutput> {
  const at = clock.now();
  const sung = await canaries.answer('execution', { rev, series, at });
  const next = sung === undefined ? 'refused' : 'observed';
  return { contractId, next, executor: '', waitUntil: timestamp(at) };
}

interface Obstacle {
  readonly to: 'refused' | 'stale' | 'observed';
  readonly reason: string;
}

/** What stands in the way, if anything, and what policies said, where they were asked. */
async function consult(
  contract: Contract,
  plan: Plan,
  deps: AdmitDeps,
): Promise<{ readonly obstacle: Obstacle | undefined; readonly policy: PolicyVerdict | undefined }> {
  const isObserved = contract.status === 'planned' && contract.mode === 'observe';
  const before = isObserved ? undefined : await obstacleTo(contract, plan, deps);
  if (before !== undefined) return { obstacle: before, policy: undefined };
  if (plan.policyVersion !== deps.policies.version) {
    const to = contract.status === 'approved' ? 'stale' : 'refused';
    return { obstacle: isObserved ? OBSERVED : { to, reason: 'POLICY_CHANGED' }, policy: undefined };
  }
  const decision = await askPolicies(contract, plan, deps);
  const policy = policyVerdict(decision);
  // In observe mode, too: policies can be tried out before anything is done by them.
  if (isObserved) return { obstacle: OBSERVED, policy };
  return { obstacle: decision.allowed ? undefined : { to: 'refused', reason: decision.code }, policy };
}

const OBSERVED: Obstacle = { to: 'observed', reason: 'OBSERVE_MODE' };

/** The first rule beside policies that stands in the way; `undefined` = none. */
async function obstacleTo(contract: Contract, plan: Plan, deps: AdmitDeps): Promise<Obstacle | undefined> {
  const now = deps.clock.now();
  const waits = contract.status === 'approved';
  if (plan.steps.some((step) => deps.executors[step.action] === undefined)) {
    return { to: 'refused', reason: 'NO_EXECUTOR' };
  }
  if ((await deps.control.switch())?.paused) return { to: 'refused', reason: 'PAUSED' };
  if (contract.executeBy <= now)
    return waits
      ? { to: 'stale', reason: 'EXECUTE_BY_PASSED' }
      : { to: 'refused', reason: 'EXECUTE_BY_PASSED' };
  const { budgetMax, budgetSeconds } = plan.limits;
  if (!(await deps.reservations.isBudgetLeft(contract.playbook, budgetMax, budgetSeconds, now))) {
    return { to: 'refused', reason: 'BUDGET' };
  }
  if (!waits && contract.tier > 1) {
    for (const target of plan.targets) {
      const other = await deps.reservations.waiting(targetKey(target), contract.playbook);
      if (other !== undefined && other.contractId !== contract.contractId)
        return { to: 'refused', reason: 'JOINED' };
    }
  }
  if (waits && plan.alarm !== undefined) {
    const alarm = await deps.telemetry.alarm(plan.alarm.name);
    if (alarm?.state === 'OK') return { to: 'stale', reason: 'RECOVERED' };
  }
  return undefined;
}

async function end(
  ending: Obstacle & {
    readonly contract: Contract;
    readonly plan: Plan | undefined;
    readonly policy: PolicyVerdict | undefined;
  },
  deps: AdmitDeps,
): Promise<Status> {
  const { contract, plan, policy, to, reason } = ending;
  const at = deps.clock.now();
  const parts = {
    ...endParts({ contract, plan, to, reason, lines: [], at }),
    ...(policy === undefined ? {} : { policy }),
  };
  const ended = await deps.contracts.end(contract, to, { actor: 'admit', reason, at }, parts);
  if (!ended.ok && ended.contract?.status === contract.status) throw new OvertakenError(contract.contractId);
  return ended.ok ? to : (ended.contract?.status ?? to);
}
