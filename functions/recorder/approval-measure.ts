import type { ContractStore } from '../../shared/ports/contract-store';
import type { Metrics } from '../../shared/ports/outside';

/** Events that answer a request, or end it for want of an answer; whoever calls one off answers nothing. */
const ANSWERS: Readonly<Record<string, string>> = {
  'approval.granted': 'granted',
  'approval.rejected': 'rejected',
  'approval.expired': 'expired',
};

/**
 * What there is to measure of a request for approval: that people were asked (anew for a fresh plan), by tier; or the
 * seconds from the first request to the answer, by the answer. It is read now, so that measuring itself cannot fail.
 */
export async function approvalMeasure(
  { event, at, contractId }: { readonly event: string; readonly at: number; readonly contractId: string },
  { contracts, metrics }: { readonly contracts: Pick<ContractStore, 'get'>; readonly metrics: Metrics },
): Promise<() => void> {
  const outcome = Object.hasOwn(ANSWERS, event) ? ANSWERS[event] : undefined;
  if (outcome === undefined && event !== 'approval.requested') return () => {};
  const contract = await contracts.get(contractId);
  const requestedAt = contract?.approval?.requestedAt;
  if (contract === undefined || requestedAt === undefined) return () => {};
  if (outcome === undefined) {
    return () => metrics.count('grace_approvals_requested_total', { tier: String(contract.tier) });
  }
  const seconds = Math.max(0, at - requestedAt) / 1000;
  return () => metrics.record('grace_approval_latency_seconds', seconds, 'Seconds', { outcome });
}
