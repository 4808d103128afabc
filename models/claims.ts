/** What the models claim, and the mistakes that they can be given. Names are those of the files. */

/** A file of models, and its parts; each part is searched whole. */
export interface Model {
  readonly file: string;
  readonly parts: readonly string[];
  /** What must never happen; all of it is the file's claim `all_safety`. */
  readonly safety: Readonly<Record<string, string>>;
  /** What must happen in the end, if everything that can go on does. */
  readonly liveness: Readonly<Record<string, string>>;
  /** Seeded mistakes: the part in which it shows, and the property that must catch it. */
  readonly mutants: readonly (readonly [mutant: string, part: string, property: string])[];
}

const APPROVAL: Model = {
  file: 'approval.pml',
  parts: ['VOTES', 'DELIVERY'],
  safety: {
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
  },
  liveness: { every_request_ends: 'every request and its execution end' },
  mutants: [
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
  ],
};

const AUTHORITY: Model = {
  file: 'authority.pml',
  parts: ['AUTHORITY', 'EMERGENCY'],
  safety: {
    acts_by_people: 'no effect without a quorum of votes that stand, or the glass; no status is taken for it',
    never_two_of_the_quorum: 'no person is in two votes, as who speaks or as whose voice it is',
    one_voice: 'who delegates and who speaks for them do not both agree',
    no_party_decides: 'who proposed, who asked, in whose voice, and delegates of any have no vote',
    delegation_holds: 'a delegation that has ended, or is of somebody else, casts, denies and asks nothing',
    nothing_votes_by_itself: 'every vote was commanded by who spoke it, about this plan',
    escalated_first: 'those named for escalation decide after it',
    fresh_plan_is_owed: 'while nobody can vote, the fresh plan is on its way',
    agreed_in_time: 'nobody agrees, and no glass is broken, at or after expiry',
    glass_by_no_party: 'whoever is party to the plan does not break the glass for it',
    glass_under_constitution: 'no glass is broken where the constitution forbids it',
    glass_once_a_day: 'one person breaks the glass once a day',
    glass_is_reviewed: 'whoever breaks the glass opens its review',
    others_review: 'neither who broke the glass nor who is one voice with them closes its review',
    glass_leaves_veto: 'a deny stops also what was agreed to in an emergency, until the gate',
  },
  liveness: {},
  mutants: [
    ['SILENCE_AGREES', 'AUTHORITY', 'acts_by_people'],
    ['STATUS_IS_AUTHORITY', 'EMERGENCY', 'acts_by_people'],
    ['ONE_VOTE_A_VOICE', 'AUTHORITY', 'never_two_of_the_quorum'],
    ['TWO_AT_ONCE', 'AUTHORITY', 'never_two_of_the_quorum'],
    ['LINKS_ARE_NOT_LOOKED_AT', 'AUTHORITY', 'one_voice'],
    ['DELEGATES_OF_PARTIES_DECIDE', 'AUTHORITY', 'no_party_decides'],
    ['ONLY_WHO_SPEAKS_IS_PARTY', 'AUTHORITY', 'no_party_decides'],
    ['ONLY_THE_LAST_WHO_ASKED', 'AUTHORITY', 'no_party_decides'],
    ['ONLY_WHO_SPEAKS_ASKS', 'AUTHORITY', 'no_party_decides'],
    ['DELEGATION_READ_FIRST', 'AUTHORITY', 'delegation_holds'],
    ['DELEGATION_WITHOUT_END', 'AUTHORITY', 'delegation_holds'],
    ['DELEGATES_PASS_ON', 'AUTHORITY', 'delegation_holds'],
    ['DENIAL_WITHOUT_DELEGATION', 'AUTHORITY', 'delegation_holds'],
    ['WISH_WITHOUT_DELEGATION', 'AUTHORITY', 'delegation_holds'],
    ['ESCALATION_AGREES', 'AUTHORITY', 'nothing_votes_by_itself'],
    ['ESCALATED_FROM_THE_START', 'AUTHORITY', 'escalated_first'],
    ['OVERTAKEN_IS_DONE', 'AUTHORITY', 'fresh_plan_is_owed'],
    ['GLASS_AFTER_EXPIRY', 'EMERGENCY', 'agreed_in_time'],
    ['GLASS_FOR_PARTIES', 'EMERGENCY', 'glass_by_no_party'],
    ['GLASS_FOR_DELEGATES_OF_PARTIES', 'EMERGENCY', 'glass_by_no_party'],
    ['GLASS_WITHOUT_POLICIES', 'EMERGENCY', 'glass_under_constitution'],
    ['GLASS_TWICE_A_DAY', 'EMERGENCY', 'glass_once_a_day'],
    ['GLASS_DAY_READ_FIRST', 'EMERGENCY', 'glass_once_a_day'],
    ['GLASS_WITHOUT_REVIEW', 'EMERGENCY', 'glass_is_reviewed'],
    ['REVIEWED_BY_WHO_BROKE_IT', 'EMERGENCY', 'others_review'],
    ['REVIEWED_BY_THEIR_DELEGATE', 'EMERGENCY', 'others_review'],
    ['GLASS_ENDS_VETO', 'EMERGENCY', 'glass_leaves_veto'],
  ],
};

export const MODELS: readonly Model[] = [APPROVAL, AUTHORITY];
