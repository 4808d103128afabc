import type { Contract, PolicyVerdict } from '../../shared/contracts/contract';
import type { Plan } from '../../shared/contracts/plan';
import { agreement } from '../../shared/domain/agreement';
import type { ApprovedBy } from '../../shared/domain/policy-request';
import type { Clock } from '../../shared/ports/clock';
import type { ChangeCalendars, Policies, PolicyDecision } from '../../shared/ports/policy';

export interface AskPoliciesDeps {
  readonly policies: Policies;
  readonly calendars: ChangeCalendars;
  readonly clock: Clock;
}

/**
 * Whether policies let the contract be executed. While nobody has been asked yet, above tier 1: whether they would,
 * if people agreed. Nobody is asked about what no agreement of theirs could permit.
 */
export async function askPolicies(
  contract: Contract,
  plan: Plan,
  { policies, calendars, clock }: AskPoliciesDeps,
): Promise<PolicyDecision> {
  const calendar = await calendars.state();
  const ask = (approvedBy: ApprovedBy) =>
    policies.decide({ action: 'execute', plan, approvedBy, calendar, now: clock.now() });
  if (plan.tier === 1 || contract.status !== 'planned') return ask(agreement(contract, plan));
  const byQuorum = await ask('quorum');
  if (byQuorum.allowed) return byQuorum;
  const inEmergency = await ask('break_glass');
  return inEmergency.allowed ? inEmergency : byQuorum;
}

/** As the contract keeps it. */
export function policyVerdict(decision: PolicyDecision): PolicyVerdict {
  return {
    decision: decision.allowed ? 'ALLOWED' : decision.code,
    by: decision.policies.slice(0, 5),
  };
}
