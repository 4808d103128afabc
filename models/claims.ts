/** What `approval.pml` claims, and the mistakes that it can be given. Names are those of the file. */

/** Parts of the model; each is searched whole. */
export const PARTS = ['VOTES', 'DELIVERY'] as const;
export type Part = (typeof PARTS)[number];

/** What must never happen; all of them are claim `all_safety`. */
export const SAFETY = {
  one_callback: 'a wait takes one callback',
  record_agrees: 'the callback says what the record says',
  quorum: 'no effect without a quorum of distinct people who may',
  same_plan: 'what runs is the plan that was approved',
  veto_before_gate: 'no effect when a deny or cancel came before the gate, and none is refused there',
  effect_once: 'the call is sent once',
  effect_by_gate: 'no effect but through the gate',
  one_person_one_vote: 'no person is counted twice',
  nothing_late: 'no vote at or after expiry, no gate at or after execute-by',
  no_decision_lost: 'a quorum that stands is a decision',
  delivered_is_told: 'what is marked delivered has reached the execution',
} as const;

/** What must happen in the end, if everything that can go on does. */
export const LIVENESS = {
  every_request_ends: 'every request and its execution end',
} as const;

export type Property = keyof typeof SAFETY | keyof typeof LIVENESS;

/** Seeded mistakes: the part in which it shows, and the property that must catch it. */
export const MUTANTS: readonly (readonly [mutant: string, part: Part, property: Property])[] = [
  ['VOTE_WITHOUT_REV', 'VOTES', 'no_decision_lost'],
  ['VOTE_WITHOUT_HASH', 'VOTES', 'quorum'],
  ['SESSION_IS_VOTER', 'VOTES', 'one_person_one_vote'],
  ['PROPOSER_MAY_VOTE', 'VOTES', 'quorum'],
  ['EXPIRY_CHECKED_BEFORE', 'VOTES', 'nothing_late'],
  ['REPLAN_KEEPS_VOTES', 'VOTES', 'quorum'],
  ['DENY_ONLY_WHILE_AWAITING', 'VOTES', 'veto_before_gate'],
  ['SEND_BEFORE_WRITE', 'VOTES', 'record_agrees'],
  ['GATE_READS_FIRST', 'VOTES', 'veto_before_gate'],
  ['GATE_WITHOUT_STATUS', 'VOTES', 'veto_before_gate'],
  ['GATE_WITHOUT_HASH', 'VOTES', 'same_plan'],
  ['GATE_WITHOUT_TIME', 'VOTES', 'nothing_late'],
  ['CALL_BEFORE_GATE', 'DELIVERY', 'effect_by_gate'],
  ['REPLAY_SENDS_AGAIN', 'DELIVERY', 'effect_once'],
  ['MARKED_BEFORE_SEND', 'DELIVERY', 'delivered_is_told'],
  ['TIMED_OUT_IS_DELIVERED', 'DELIVERY', 'delivered_is_told'],
  ['TOKEN_LOST', 'DELIVERY', 'every_request_ends'],
  ['NOBODY_EXPIRES', 'DELIVERY', 'every_request_ends'],
];
