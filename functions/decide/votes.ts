import { approvalsOf, peopleOf, type Voice } from '../../shared/domain/approval';
import { endParts } from '../../shared/domain/end-parts';
import {
  type Answer,
  type Asked,
  answerOf,
  closed,
  closedTo,
  type DecideDeps,
  notFound,
  planChanged,
  refuse,
  replanning,
  whyOf,
} from './request';
import { heardAs, isParty, voiceOf } from './standing';

/** The voice that the person may use in this request, or why they may not. */
async function entitled(asked: Asked, deps: DecideDeps): Promise<Voice | Answer> {
  const { person, approval, command, now } = asked;
  const voice = await voiceOf(person, approval, now, deps);
  // Neither who speaks nor whose voice it is may be party to it.
  if (await isAnyParty(peopleOf(voice ?? { subject: person.subject }), asked, deps)) {
    // Only who would otherwise decide is told that the request is there.
    const isAsked = voice !== undefined || (await isApprover(person.subject, deps));
    return isAsked
      ? refuse('EXCLUDED', 'whoever proposed or asked for an action, or wrote its rule, has no vote on it')
      : notFound(command.contractId, person);
  }
  return voice ?? notFound(command.contractId, person);
}

async function isAnyParty(
  people: readonly string[],
  { approval, now }: Asked,
  deps: DecideDeps,
): Promise<boolean> {
  for (const subject of people) if (await isParty(subject, approval, now, deps)) return true;
  return false;
}

async function isApprover(subject: string, { directory }: DecideDeps): Promise<boolean> {
  return (await directory.person(subject))?.roles.includes('approver') === true;
}

const isVoice = (entitlement: Voice | Answer): entitlement is Voice =>
  typeof entitlement === 'object' && 'subject' in entitlement;

/** The vote and the status that follows from the recount are one conditional write. */
export async function approve(asked: Asked, deps: DecideDeps): Promise<Answer> {
  const { contract, approval, command, now } = asked;
  const voice = await entitled(asked, deps);
  if (!isVoice(voice)) return voice;
  const obstacle = closedTo(asked);
  if (obstacle !== undefined) return obstacle;
  if (approval.replanSince !== undefined) return replanning();
  const heard = await heardAs(voice, approval, now, deps);
  if (heard === 'ALREADY_VOTED') return refuse(heard, 'one person, one vote');
  if (heard === 'SAME_VOICE') return refuse(heard, 'who delegates and who speaks for them are one voice');
  const to = approvalsOf(approval) + 1 >= approval.quorum ? ('approved' as const) : undefined;
  const vote = { ...voice, decision: 'approve' as const, planHash: command.planHash };
  const written = await deps.contracts.vote(contract, vote, to, whyOf(asked, deps));
  return written.ok ? answerOf(written.contract) : 'again';
}

/** Closes the request, and vetoes until the gate. Not conditioned on the rev, so that voters cannot starve it. */
export async function deny(asked: Asked, deps: DecideDeps): Promise<Answer> {
  const { contract, approval, command, now } = asked;
  const voice = await entitled(asked, deps);
  if (!isVoice(voice)) return voice;
  const vetoes = contract.status === 'approved';
  if (!vetoes && contract.status !== 'awaiting_approval') return closed(contract);
  if (command.planHash !== contract.planHash) return planChanged();
  if (!vetoes && approval.expiresAt <= now) return refuse('EXPIRED', 'the request has expired');
  const plan = (await deps.contracts.planIfReadable(contract.contractId))?.plan;
  const why = whyOf(asked, deps);
  const parts = endParts({ contract, plan, to: 'denied', reason: 'DENIED', lines: [], at: why.at });
  const denial = { ...voice, planHash: command.planHash };
  const ended = await deps.contracts.end(contract, 'denied', why, {
    ...parts,
    closing: true,
    callbackDue: true,
    denial,
  });
  return ended.ok ? { ok: true, status: 'denied', approvals: 0, quorum: approval.quorum } : 'again';
}

/** Takes back one's own agreement, or what a delegate said with one's voice, while the request is open. */
export async function withdraw(asked: Asked, deps: DecideDeps): Promise<Answer> {
  const { contract, approval, command, person } = asked;
  const own = Object.entries(approval.votes).find(
    ([subject, { by, decision }]) =>
      decision === 'approve' && (subject === person.subject || by === person.subject),
  );
  if (own === undefined) {
    const voice = await entitled(asked, deps);
    return isVoice(voice) ? refuse('NO_VOTE', 'you have not agreed to this plan') : voice;
  }
  if (contract.status !== 'awaiting_approval') return closed(contract);
  if (command.planHash !== contract.planHash) return planChanged();
  const written = await deps.approvals.withdraw(contract, own[0], whyOf(asked, deps));
  return written.ok ? answerOf(written.contract) : 'again';
}
