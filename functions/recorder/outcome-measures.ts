import type { Outcome } from '../../shared/contracts/outcome';
import { ENDS_WITHOUT_EFFECT } from '../../shared/domain/transitions';
import type { Metrics } from '../../shared/ports/outside';

/**
 * What there is to measure of a contract that has ended. Call it once a contract.
 *
 * What alarms are made of has no dimension, since an alarm sees one exact set of them; the same by playbook is for
 * people who look. Of each action that was sent all three counts are published, with 0 where it was not so: a share
 * of them then has both of its parts wherever it has one.
 */
export function measureOutcome(outcome: Outcome, metrics: Metrics): void {
  const { playbook, status, verdict, confidence, reason, result } = outcome;
  metrics.count('grace_contracts_ended_total', { playbook, status });
  if (verdict !== undefined) metrics.count('grace_contracts_verified_total', { playbook, verdict });
  if (verdict === 'not_met') metrics.count('grace_contract_violations_total', { playbook });
  const wasSent = !ENDS_WITHOUT_EFFECT.includes(status) || reason === 'SERVICE_REFUSED';
  // Also where not everything could be undone.
  const rolledBack = status === 'rolled_back' || reason === 'ROLLBACK_INCOMPLETE';
  for (const labels of [{}, { playbook }]) {
    // 0 to 1; without a verdict there is none.
    if (confidence !== undefined) metrics.record('grace_action_confidence', confidence, 'None', labels);
    if (!wasSent) continue;
    metrics.count('grace_actions_executed_total', labels);
    metrics.count('grace_actions_failed_total', labels, result.ok ? 0 : 1);
    metrics.count('grace_rollbacks_total', labels, rolledBack ? 1 : 0);
  }
}
