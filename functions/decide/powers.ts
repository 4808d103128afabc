import type {
  DelegateCommand,
  DelegationAnswer,
  Refusal,
  ReviewAnswer,
  ReviewCommand,
  RevokeCommand,
} from '../../shared/contracts/decision';
import { holdsAt } from '../../shared/domain/approval';
import type { Person } from '../../shared/domain/person';
import { type DecideDeps, refuse } from './request';

/** An approver lets one other known person speak for them. Only one's own power can be given, never a received one. */
export async function delegate(
  { to, until, reason }: DelegateCommand,
  { subject }: Person,
  deps: DecideDeps,
): Promise<DelegationAnswer | Refusal> {
  const now = deps.clock.now();
  const self = await deps.directory.person(subject);
  const isAsked = self?.roles.includes('approver') === true || deps.escalation.includes(subject);
  if (self === undefined || !isAsked) return refuse('NOT_FOUND', `${subject} has nothing to delegate`);
  if (to === subject) return refuse('BAD_DELEGATE', 'name somebody else');
  if ((await deps.directory.person(to)) === undefined) return refuse('BAD_DELEGATE', `nobody here is ${to}`);
  if (until <= now || until > now + deps.longestDelegation * 1000) {
    const most = new Date(now + deps.longestDelegation * 1000).toISOString();
    return refuse('BAD_UNTIL', `it has to end between now and ${most}`);
  }
  const given = await deps.delegations.give(
    { delegator: subject, delegate: to, until },
    { actor: subject, reason, at: now },
  );
  return given === undefined ? busy() : { ok: true, delegator: subject, delegate: to, until };
}

export async function revoke(
  { reason }: RevokeCommand,
  { subject }: Person,
  deps: DecideDeps,
): Promise<DelegationAnswer | Refusal> {
  const now = deps.clock.now();
  if (!holdsAt(await deps.delegations.of(subject), now))
    return refuse('NOT_FOUND', `${subject} has delegated to nobody`);
  const given = await deps.delegations.revoke(subject, { actor: subject, reason, at: now });
  if (given === undefined) return busy();
  return { ok: true, delegator: subject, delegate: given.delegate, until: given.revokedAt ?? now };
}

/** Roles whose people may look at what was done when the glass was broken. */
const REVIEWERS = ['approver', 'administrator', 'auditor'] as const;

/** Somebody else has looked: not whoever broke the glass, nor who speaks for them or whom they speak for. */
export async function closeReview(
  { contractId, reason }: ReviewCommand,
  { subject }: Person,
  deps: DecideDeps,
): Promise<ReviewAnswer | Refusal> {
  const now = deps.clock.now();
  const review = await deps.reviews.get(contractId);
  const roles = (await deps.directory.person(subject))?.roles ?? [];
  if (review === undefined || !REVIEWERS.some((role) => roles.includes(role))) {
    return refuse('NOT_FOUND', `there is no review of ${contractId} that ${subject} may close`);
  }
  if (review.status === 'closed') return refuse('CLOSED', `the review was closed by ${review.closedBy}`);
  const [theirs, mine] = await Promise.all([
    deps.delegations.of(review.openedBy),
    deps.delegations.of(subject),
  ]);
  const isLinked =
    (holdsAt(theirs, now) && theirs.delegate === subject) ||
    (holdsAt(mine, now) && mine.delegate === review.openedBy);
  if (review.openedBy === subject || isLinked) {
    return refuse('EXCLUDED', 'whoever broke the glass does not review it');
  }
  const closed = await deps.reviews.close(contractId, { actor: subject, reason, at: now });
  return closed === undefined ? busy() : { ok: true, contractId, closedBy: subject };
}

const busy = (): Refusal => refuse('BUSY', 'another change came first: try again');
