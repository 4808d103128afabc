import { endParts } from '../../shared/domain/end-parts';
import { secondsSinceSignIn } from '../../shared/domain/sign-in-age';
import {
  type Answer,
  type Asked,
  answerOf,
  closed,
  closedTo,
  type DecideDeps,
  notFound,
  refuse,
  replanning,
  whyOf,
} from './request';
import { isParty, voiceOf } from './standing';

/** Who asked for the action, or an administrator, calls it off: also after it was approved, until the gate. */
export async function cancel(asked: Asked, deps: DecideDeps): Promise<Answer> {
  const { contract, approval, person, command } = asked;
  const plan = (await deps.contracts.planIfReadable(contract.contractId))?.plan;
  const asks = plan?.requestedBy?.includes(person.subject) === true;
  if (!asks && !(await hasRole(person.subject, 'administrator', deps)))
    return notFound(command.contractId, person);
  if (contract.status !== 'awaiting_approval' && contract.status !== 'approved') return closed(contract);
  const why = whyOf(asked, deps);
  const parts = endParts({ contract, plan, to: 'cancelled', reason: 'CALLED_OFF', lines: [], at: why.at });
  const ended = await deps.contracts.end(contract, 'cancelled', why, {
    ...parts,
    event: 'approval.cancelled',
    closing: true,
    callbackDue: true,
  });
  return ended.ok ? { ok: true, status: 'cancelled', approvals: 0, quorum: approval.quorum } : 'again';
}

/**
 * Asks for a fresh plan from the live target. Votes are cleared at once, since nobody agreed to what is to come;
 * whoever asks, and in whose voice, becomes one of those who asked for the action.
 */
export async function replan(asked: Asked, deps: DecideDeps): Promise<Answer> {
  const { contract, approval, person, command, now } = asked;
  const plan = (await deps.contracts.planIfReadable(contract.contractId))?.plan;
  const asksForThemselves =
    plan?.requestedBy?.includes(person.subject) === true ||
    (await hasRole(person.subject, 'administrator', deps));
  const voice = asksForThemselves ? { subject: person.subject } : await voiceOf(person, approval, now, deps);
  if (voice === undefined) return notFound(command.contractId, person);
  const obstacle = closedTo(asked);
  if (obstacle !== undefined) return obstacle;
  const written = await deps.approvals.askReplan(contract, voice, whyOf(asked, deps));
  return written.ok ? answerOf(written.contract) : 'again';
}

/** How old a sign-in may be that breaks the glass. */
const FRESH_SECONDS = 5 * 60;

/**
 * One person agrees in the place of the quorum, in an emergency. It changes who has to agree and nothing else: gate,
 * locks, tags, budgets, kill switch and constitution hold; who is party to the plan has no say here either.
 */
export async function breakGlass(asked: Asked, deps: DecideDeps): Promise<Answer> {
  const { contract, approval, command, person, now } = asked;
  const known = await deps.directory.person(person.subject);
  const stored = await deps.contracts.planIfReadable(contract.contractId);
  if (known === undefined || stored === undefined) return notFound(command.contractId, person);
  const isPartyToIt = await isParty(person.subject, approval, now, deps);
  const { authenticatedAt } = person;
  const decision = await deps.policies.decide({
    action: 'break_glass',
    person: { ...known, ...(authenticatedAt === undefined ? {} : { authenticatedAt }) },
    plan: stored.plan,
    approvedBy: 'break_glass',
    excluded: approval.excluded,
    now,
  });
  if (!decision.allowed && decision.code === 'NOT_PERMITTED') return notFound(command.contractId, person);
  if (isPartyToIt) return refuse('EXCLUDED', 'whoever is party to the plan cannot break the glass for it');
  const signedInAgo = secondsSinceSignIn(authenticatedAt, deps.clock.now());
  if (signedInAgo === undefined || signedInAgo > FRESH_SECONDS) {
    return refuse('NOT_FRESH', 'sign in again: breaking the glass needs a sign-in of the last five minutes');
  }
  if (!decision.allowed) return refuse(decision.code, `${decision.policies.join(', ')}: ${decision.detail}`);
  const obstacle = closedTo(asked);
  if (obstacle !== undefined) return obstacle;
  if (approval.replanSince !== undefined) return replanning();
  const broken = await deps.approvals.breakGlass(contract, command.planHash, whyOf(asked, deps));
  if (broken.ok) return answerOf(broken.contract);
  if (broken.code === 'too_soon') return refuse('TOO_SOON', 'you broke the glass within the last 24 hours');
  return 'again';
}

async function hasRole(
  subject: string,
  role: 'administrator',
  { directory }: Pick<DecideDeps, 'directory'>,
): Promise<boolean> {
  return (await directory.person(subject))?.roles.includes(role) === true;
}
