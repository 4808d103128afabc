import type { Approval } from '../../shared/contracts/contract';
import { holdsAt, peopleOf, type Voice } from '../../shared/domain/approval';
import type { Person } from '../../shared/domain/person';
import type { DelegationStore } from '../../shared/ports/approvals';
import type { Directory } from '../../shared/ports/people';

/** What is asked to know where a person stands towards a request. */
export interface StandingDeps {
  readonly directory: Directory;
  readonly delegations: Pick<DelegationStore, 'of'>;
  /** People who are approvers of a request only once it has escalated to them. */
  readonly escalation: readonly string[];
}

/**
 * The voice that the person has in the request; `undefined` = none. Their membership is looked up now, whatever the
 * list of the eligible said when the request was opened. One hop: only an eligible person's own delegate speaks
 * for them. Who is eligible speaks for themselves.
 */
export async function voiceOf(
  person: Person,
  approval: Approval,
  now: number,
  deps: StandingDeps,
): Promise<Voice | undefined> {
  const { subject } = person;
  if ((await deps.directory.person(subject)) === undefined) return undefined;
  if (approval.eligible.includes(subject)) {
    return (await isMember(subject, approval, deps)) ? { subject } : undefined;
  }
  for (const delegator of approval.eligible) {
    const delegation = await deps.delegations.of(delegator);
    if (!holdsAt(delegation, now) || delegation.delegate !== subject) continue;
    if (await isMember(delegator, approval, deps)) return { subject: delegator, by: subject };
  }
  return undefined;
}

async function isMember(subject: string, approval: Approval, deps: StandingDeps): Promise<boolean> {
  const person = await deps.directory.person(subject);
  if (person === undefined) return false;
  const isEscalatedTo = approval.escalatedAt !== undefined && deps.escalation.includes(subject);
  return person.roles.includes('approver') || isEscalatedTo;
}

/** Whether the person is party to the request: one of those who never decide, or a delegate of one. */
export async function isParty(
  subject: string,
  approval: Approval,
  now: number,
  deps: StandingDeps,
): Promise<boolean> {
  if (approval.excluded.has(subject)) return true;
  for (const excluded of approval.excluded) {
    const delegation = await deps.delegations.of(excluded);
    if (holdsAt(delegation, now) && delegation.delegate === subject) return true;
  }
  return false;
}

/** Whether one of these people speaks for the other: together they are one voice, whoever of them votes first. */
async function areLinked(a: string, b: string, now: number, deps: StandingDeps): Promise<boolean> {
  const [from, to] = await Promise.all([deps.delegations.of(a), deps.delegations.of(b)]);
  return (holdsAt(from, now) && from.delegate === b) || (holdsAt(to, now) && to.delegate === a);
}

/** Whether the voice has been heard already, by the person, by who speaks for them, or by whom they speak for. */
export async function heardAs(
  voice: Voice,
  approval: Approval,
  now: number,
  deps: StandingDeps,
): Promise<'ALREADY_VOTED' | 'SAME_VOICE' | undefined> {
  const mine = peopleOf(voice);
  for (const [subject, { by }] of Object.entries(approval.votes)) {
    const theirs = peopleOf(by === undefined ? { subject } : { subject, by });
    if (theirs.some((other) => mine.includes(other))) return 'ALREADY_VOTED';
    for (const one of mine) {
      for (const other of theirs) if (await areLinked(one, other, now, deps)) return 'SAME_VOICE';
    }
  }
  return undefined;
}
