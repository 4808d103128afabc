import type { ApprovalRow } from '../../shared/contracts/api/governance';
import type { Approval, Contract } from '../../shared/contracts/contract';
import { askedAs, delegatorsOf } from '../../shared/domain/approval';
import type { StoredPlan } from '../../shared/ports/contract-store';
import { approvalView, contractRow, planSummary } from './contract-view';
import type { ApiDeps } from './deps';

/** Delegations that are looked at, newest first. */
const MOST = 100;

/** Who reads a request: their own subject, and whom they speak for now. */
interface Reader {
  readonly subject: string;
  readonly delegators: readonly string[];
}

export async function readerOf(
  subject: string,
  { delegations, clock }: Pick<ApiDeps, 'delegations' | 'clock'>,
): Promise<Reader> {
  return { subject, delegators: delegatorsOf(subject, await delegations.list(MOST), clock.now()) };
}

type Asking = Contract & { readonly approval: Approval };

/** A request as this reader sees it. What they may do is told, not granted: `decide` looks again at each vote. */
export function approvalRow(contract: Asking, stored: StoredPlan | undefined, reader: Reader): ApprovalRow {
  return {
    contract: contractRow(contract),
    approval: approvalView(contract.approval),
    summary: stored === undefined ? 'the stored plan cannot be read' : planSummary(stored.plan),
    mine: mineOf(contract, reader),
  };
}

function mineOf({ status, approval }: Asking, reader: Reader): ApprovalRow['mine'] {
  const { subject, delegators } = reader;
  const excluded = [subject, ...delegators].some((one) => approval.excluded.has(one));
  const voice = askedAs(approval, reader);
  const voted = approval.votes[voice ?? subject]?.decision ?? null;
  return {
    mayDecide: voice !== undefined && !excluded && voted === null && status === 'awaiting_approval',
    excluded,
    voted,
    speaksFor: voice === undefined || voice === subject ? null : voice,
  };
}
