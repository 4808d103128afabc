import type { Contract } from '../contracts/contract';
import type { Plan } from '../contracts/plan';
import type { ApprovedBy } from './policy-request';

/**
 * Whose agreement the contract has, counted afresh from its votes: a status that says `approved` is not taken for
 * it. Votes for another plan do not count.
 */
export function agreement(
  { approval, planHash }: Pick<Contract, 'approval' | 'planHash'>,
  { quorum }: Pick<Plan, 'quorum'>,
): ApprovedBy {
  if (approval === undefined || approval.planHash !== planHash) return 'nobody';
  if (approval.brokenBy !== undefined) return 'break_glass';
  const votes = Object.values(approval.votes).filter(
    (vote) => vote.decision === 'approve' && vote.planHash === planHash,
  );
  return quorum > 0 && votes.length >= quorum ? 'quorum' : 'nobody';
}
