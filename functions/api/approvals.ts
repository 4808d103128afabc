import type { DecisionAnswer } from '../../shared/contracts/api/governance';
import type { DecideOutput, RequestCommand } from '../../shared/contracts/decision';
import { type Answer, notFound } from './answer';
import { approvalRow, readerOf } from './approval-row';
import type { Asked, Handlers } from './asked';
import { planView, timeOf } from './contract-view';
import { changedSince } from './contracts';
import type { ApiDeps } from './deps';
import { pageOf } from './page';
import { asProblem, told, UnexpectedAnswerError } from './told';

type Deciding = 'approve' | 'deny' | 'withdraw' | 'cancel' | 'replan' | 'breakGlass';
type Names =
  | Deciding
  | 'listApprovals'
  | 'getApproval'
  | 'listDelegations'
  | 'delegate'
  | 'revokeDelegation'
  | 'listReviews'
  | 'closeReview'
  | 'closeEpoch';

/** Delegations and reviews shown at once: people, not machines, make them. */
const MOST = 100;

export const APPROVAL_ROUTES: Handlers<Names> = {
  async listApprovals({ query, caller }, deps) {
    const reader = await readerOf(caller.person.subject, deps);
    return pageOf({
      list: 'approvals',
      // `mine` depends on who asks: a cursor is not somebody else's.
      filters: query.mine ? caller.person.subject : null,
      query,
      batch: deps.listings.open,
      async rows(id) {
        const contract = await deps.contracts.get(id);
        if (contract?.approval === undefined || contract.status !== 'awaiting_approval') return [];
        const stored = await deps.contracts.planIfReadable(id);
        const row = approvalRow({ ...contract, approval: contract.approval }, stored, reader);
        return query.mine && !row.mine.mayDecide ? [] : [row];
      },
    });
  },

  async getApproval({ params: { contractId }, caller }, deps) {
    const contract = await deps.contracts.get(contractId);
    if (contract?.approval === undefined) return notFound(`request ${contractId}`);
    const stored = await deps.contracts.planIfReadable(contractId);
    const reader = await readerOf(caller.person.subject, deps);
    const row = approvalRow({ ...contract, approval: contract.approval }, stored, reader);
    const plan = stored === undefined ? null : planView(contract, stored);
    return { ok: true, data: { ...row, plan }, rev: contract.rev };
  },

  approve: (asked, deps) => decideOn('approve', asked, deps),
  deny: (asked, deps) => decideOn('deny', asked, deps),
  withdraw: (asked, deps) => decideOn('withdraw', asked, deps),
  cancel: (asked, deps) => decideOn('cancel', asked, deps),
  replan: (asked, deps) => decideOn('replan', asked, deps),
  breakGlass: (asked, deps) => decideOn('break_glass', asked, deps),

  async listDelegations(_asked, deps) {
    const found = await deps.delegations.list(MOST);
    return {
      ok: true,
      data: found.map(({ delegator, delegate, givenAt, until, revokedAt }) => ({
        delegator,
        delegate,
        givenAt: timeOf(givenAt),
        until: timeOf(until),
        revokedAt: revokedAt === undefined ? null : timeOf(revokedAt),
      })),
    };
  },

  async delegate({ body: { to, until, reason }, caller }, deps) {
    const command = { decision: 'delegate', to, until: Date.parse(until), reason } as const;
    return delegated(await told(command, caller, deps));
  },
  async revokeDelegation({ body: { reason }, caller }, deps) {
    return delegated(await told({ decision: 'revoke', reason }, caller, deps));
  },

  async listReviews(_asked, deps) {
    const open = await deps.reviews.open(MOST);
    return {
      ok: true,
      data: open.map(({ contractId, missionId, openedBy, openedAt, reason }) => ({
        contractId,
        missionId,
        openedBy,
        openedAt: timeOf(openedAt),
        reason,
      })),
    };
  },
  async closeEpoch({ body: { epoch, reason }, caller }, deps) {
    const output = await told({ decision: 'close_epoch', epoch, reason }, caller, deps);
    if (!output.ok) return asProblem(output);
    if (!('epoch' in output)) throw new UnexpectedAnswerError('close_epoch');
    return { ok: true, data: { epoch: output.epoch, closedBy: output.by } };
  },
  async closeReview({ params: { contractId }, body: { reason }, caller }, deps) {
    const output = await told({ decision: 'review', contractId, reason }, caller, deps);
    if (!output.ok) return asProblem(output);
    if (!('closedBy' in output)) throw new UnexpectedAnswerError('review');
    return { ok: true, data: { contractId: output.contractId, closedBy: output.closedBy } };
  },
};

/** One person's command about a request, told to the deciding function with their own token. */
async function decideOn(
  decision: RequestCommand['decision'],
  { params: { contractId }, body, caller, ifMatch }: Asked<Deciding>,
  deps: ApiDeps,
): Promise<Answer<DecisionAnswer>> {
  if (ifMatch !== undefined) {
    const contract = await deps.contracts.get(contractId);
    const moved = contract === undefined ? undefined : changedSince(ifMatch, contract);
    if (moved !== undefined) return moved;
  }
  const output = await told({ decision, contractId, ...body }, caller, deps);
  if (!output.ok) return asProblem(output);
  if (!('status' in output)) throw new UnexpectedAnswerError(decision);
  const { status, approvals, quorum } = output;
  return { ok: true, data: { contractId, status, approvals, quorum } };
}

function delegated(output: DecideOutput): Answer<{ delegator: string; delegate: string; until: string }> {
  if (!output.ok) return asProblem(output);
  if (!('delegate' in output)) throw new UnexpectedAnswerError('delegate');
  const { delegator, delegate, until } = output;
  return { ok: true, data: { delegator, delegate, until: timeOf(until) } };
}
