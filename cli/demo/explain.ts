import type { Expectation } from '../../shared/domain/expectation';
import { sentenceOf } from '../../shared/domain/verdict';

/** What codes mean, for somebody who sees Grace for the first time. */

/** Why a contract moved to a status. */
const MOVES: Readonly<Record<string, string>> = {
  planned: 'the plan is stored and hashed; nothing has run',
  awaiting_approval: 'this tier needs a person to agree',
  'approved TIER_1': 'tier 1: reversible and small, so no person is asked',
  approved: 'a person agreed to exactly this plan hash',
  executing: 'the gate let it through: same hash, lock held, budget left',
  verifying: 'the service took it; now the effect has to show',
  resolved: 'everything expected has come true and held',
  rolling_back: 'the effect did not come: undo, if there is an undo',
  rolled_back: 'the undo was sent and has been confirmed',
  needs_person: 'Grace stops here, freezes the target and calls a person',
  denied: 'a person said no',
  expired: 'nobody decided in time',
  stale: 'the world moved on while people were deciding',
  refused: 'a rule stood in the way',
  observed: 'observe mode: this is what it would have done',
  cancelled: 'it ended before anything was sent',
};

export function explainMove(to: string, reason: string): string {
  return MOVES[`${to} ${reason}`] ?? MOVES[to] ?? reason;
}

/** Why a contract ended as it did, by the code in its outcome. */
const ENDS: Readonly<Record<string, string>> = {
  EFFECT_MET:
    'Every expectation written before the action was true at the end of the window, so the problem counts as resolved. That it was the action that helped is not claimed.',
  EFFECT_NOT_MET:
    'What was expected did not come true, and the action has an inverse: the target was put back to what it was.',
  EFFECT_NOT_KNOWN:
    'Whether it helped could not be known, and not known is never taken for success: the target was put back to what it was.',
  NOT_MET_IRREVERSIBLE:
    'What was expected did not come true, and this action has no inverse: Grace does not guess on, it calls a person.',
  INCONCLUSIVE_IRREVERSIBLE:
    'Whether it helped cannot be known: data is missing, also after the window was extended once. No data never counts as success, and a reboot has no inverse, so the target is frozen and a person must look.',
  EFFECT_UNKNOWN:
    'It is not known whether the request took effect, and it is never sent twice: a person must look.',
  DENIED: 'A person said no, so nothing was sent.',
  EXPIRED: 'Nobody decided in time, so nothing was sent.',
  OBSERVE_MODE: 'Grace only observes here: this is what it would have done.',
  POLICY_FORBIDS: 'A policy forbids it.',
  CONSTITUTION: 'The constitution forbids it, which no policy, no quorum and no emergency overrides.',
  NOT_PERMITTED: 'No policy permits it, and what is not permitted is not done.',
  POLICY_ERROR: 'Policies could not be evaluated, and doubt means no.',
  POLICY_CHANGED: 'The policies are not those any more that the plan was made under.',
  TAGS_CHANGED: 'The tags that policies decided by are not the target’s tags any more.',
  RECOVERED: 'The alarm had cleared before the action: there was nothing left to fix.',
};

export function explainEnd(reason: string): string {
  return ENDS[reason] ?? `It ended with the code ${reason}.`;
}

/** What each end means, in a word or two. */
export function endWords(status: string): string {
  switch (status) {
    case 'resolved':
      return 'fixed, and proven';
    case 'rolled_back':
      return 'did not help, undone';
    case 'needs_person':
      return 'not provable, a person is called';
    case 'denied':
      return 'a person said no';
    default:
      return status.replaceAll('_', ' ');
  }
}

/** An expectation as a person reads it; of an alarm also which one. */
export function expectationText(expected: Expectation): string {
  return expected.kind === 'alarm' ? `alarm ${expected.alarm} ${sentenceOf(expected)}` : sentenceOf(expected);
}
