import * as z from 'zod/mini';
import { ROLES } from '../../domain/person';
import { ApprovalView, ContractRow, ContractStatus, PlanView } from './contracts';
import { ContractId, Count, Id, named, PageQuery, Rev, Sha256, Share, Subject, Time, Words } from './values';

export const ApprovalsQuery = z.strictObject({
  ...PageQuery,
  /** Only what waits for the caller's own decision. */
  mine: z._default(z.boolean(), false),
});

/** What a request is to whoever reads it. */
export const Mine = named(
  'Mine',
  'What the reader can do about a request',
  z.strictObject({
    /** Is asked, or speaks for somebody who is, and has not decided. */
    mayDecide: z.boolean(),
    /** Proposed it, asked for it, or wrote the rule: no vote, by no setting. */
    excluded: z.boolean(),
    voted: z.nullable(z.enum(['approve', 'deny'])),
    /** In whose place they decide, by a delegation; nobody where they decide for themselves. */
    speaksFor: z.nullable(Subject),
  }),
);

export const ApprovalRow = named(
  'ApprovalRow',
  'A request that waits for people',
  z.strictObject({
    contract: ContractRow,
    approval: ApprovalView,
    summary: z.string(),
    mine: Mine,
  }),
);
export type ApprovalRow = z.infer<typeof ApprovalRow>;

export const ApprovalDetail = named(
  'ApprovalDetail',
  'A request with the plan that it is about',
  z.strictObject({ ...ApprovalRow.shape, plan: z.nullable(PlanView) }),
);
export type ApprovalDetail = z.infer<typeof ApprovalDetail>;

export const DecisionRequest = named(
  'DecisionRequest',
  'A decision on exactly the plan with this hash',
  z.strictObject({ planHash: Sha256, reason: Words }),
);
export type DecisionRequest = z.infer<typeof DecisionRequest>;

export const DecisionAnswer = named(
  'DecisionAnswer',
  'The decision was taken; where the contract stands now',
  z.strictObject({
    contractId: ContractId,
    status: z.string(),
    approvals: Count,
    quorum: Count,
  }),
);
export type DecisionAnswer = z.infer<typeof DecisionAnswer>;

export const DelegationView = named(
  'Delegation',
  'One person speaks for another until a time; one hop',
  z.strictObject({
    delegator: Subject,
    delegate: Subject,
    givenAt: Time,
    until: Time,
    revokedAt: z.nullable(Time),
  }),
);
export type DelegationView = z.infer<typeof DelegationView>;
export const DelegateRequest = named(
  'DelegateRequest',
  'Lets one other person speak for you; replaces an earlier one',
  z.strictObject({ to: Subject, until: Time, reason: Words }),
);
export const DelegateAnswer = named(
  'DelegateAnswer',
  'The delegation as it stands',
  z.strictObject({ delegator: Subject, delegate: Subject, until: Time }),
);
export type DelegateAnswer = z.infer<typeof DelegateAnswer>;
export const ReviewView = named(
  'Review',
  'What was done when the glass was broken, until somebody else has looked at it',
  z.strictObject({
    contractId: ContractId,
    missionId: z.string(),
    openedBy: Subject,
    openedAt: Time,
    reason: z.string(),
  }),
);
export type ReviewView = z.infer<typeof ReviewView>;
export const ReviewAnswer = named(
  'ReviewAnswer',
  'The review is closed',
  z.strictObject({ contractId: ContractId, closedBy: Subject }),
);
export type ReviewAnswer = z.infer<typeof ReviewAnswer>;

export const ReasonRequest = named(
  'ReasonRequest',
  'Why; it goes into the audit log',
  z.strictObject({ reason: Words }),
);

export const SwitchView = named(
  'Switch',
  'The kill switch, asked right before each call that changes something',
  z.strictObject({
    paused: z.boolean(),
    by: z.nullable(z.string()),
    reason: z.nullable(z.string()),
    at: z.nullable(Time),
    rev: Count,
  }),
);
export type SwitchView = z.infer<typeof SwitchView>;
export const SwitchRequest = named(
  'SwitchRequest',
  'The kill switch as it shall stand',
  z.strictObject({ paused: z.boolean(), reason: Words }),
);

export const QuarantineQuery = z.strictObject({
  ...PageQuery,
  status: z._default(z.enum(['held', 'released']), 'held'),
});
export const QuarantineRow = named(
  'Quarantined',
  'An event that was not let in, with what was found in it',
  z.strictObject({
    id: Id,
    code: z.string(),
    message: z.string(),
    /** The beginning of the event as JSON text; show it as text only. */
    excerpt: z.string(),
    receivedAt: Time,
    status: z.enum(['held', 'released']),
    /** Whether a person can let it go: only what was a proper event. */
    releasable: z.boolean(),
    findings: z.array(
      z.strictObject({ code: z.string(), path: z.string(), excerpt: z.string(), why: z.string() }),
    ),
    released: z.nullable(z.strictObject({ by: z.string(), reason: z.string(), at: Time })),
    rev: Rev,
  }),
);
export type QuarantineRow = z.infer<typeof QuarantineRow>;
export const ReleaseAnswer = named(
  'ReleaseAnswer',
  'The event was released by a person, and goes the same way in as any other',
  z.strictObject({ id: Id, status: z.literal('released') }),
);

export const PoliciesView = named(
  'Policies',
  'Who may do what here, as it is in force',
  z.strictObject({
    /** As it stands in plans made now. */
    version: z.string(),
    approvers: z.array(Subject),
    quorum: z.strictObject({ tier2: z.int(), tier3: z.int() }),
    expiresSeconds: z.int(),
    executeWithinSeconds: z.int(),
    policies: z.array(
      z.strictObject({
        id: z.string(),
        effect: z.enum(['permit', 'forbid']),
        constitution: z.boolean(),
        reason: z.string(),
        text: z.string(),
      }),
    ),
  }),
);
export type PoliciesView = z.infer<typeof PoliciesView>;

/** Tier 3: who took part, and how it ended. */
export const ParliamentView = named(
  'Parliament',
  'Votes on tier 3 actions among the newest contracts: participation and outcomes',
  z.strictObject({
    sessions: z.array(
      z.strictObject({
        contractId: ContractId,
        playbook: z.string(),
        requestedAt: Time,
        decidedAt: z.nullable(Time),
        status: ContractStatus,
        outcome: z.enum(['open', 'approved', 'broken_glass', 'denied', 'expired', 'cancelled', 'closed']),
        quorum: Count,
        eligible: Count,
        approvals: Count,
        denials: Count,
        /** Of those who could vote, the share that did. */
        participation: Share,
      }),
    ),
    members: z.array(z.strictObject({ subject: Subject, asked: Count, voted: Count, participation: Share })),
    outcomes: z.record(z.string(), Count),
  }),
);
export type ParliamentView = z.infer<typeof ParliamentView>;

export const MeView = named(
  'Me',
  'Who the caller is to Grace, now',
  z.strictObject({
    subject: Subject,
    roles: z.array(z.enum(ROLES)),
    kind: z.enum(['person', 'machine']),
    authenticatedAt: z.nullable(Time),
  }),
);
export type MeView = z.infer<typeof MeView>;

export const LearningStats = named(
  'LearningStats',
  'How the contracts of each playbook ended',
  z.strictObject({
    playbooks: z.array(
      z.strictObject({
        playbook: z.string(),
        version: z.nullable(Sha256),
        resolved: Count,
        rolledBack: Count,
        needsPerson: Count,
        notTaken: Count,
        /** `1` success, `0` failure; newest last. */
        lastTen: z.string(),
      }),
    ),
  }),
);
export type LearningStats = z.infer<typeof LearningStats>;

export const Recommendations = named(
  'Recommendations',
  'Playbooks by how surely they help; the posterior of a Beta(1, 1) prior over successes and failures',
  z.strictObject({
    recommendations: z.array(
      z.strictObject({
        rank: z.int().check(z.positive()),
        playbook: z.string(),
        successes: Count,
        failures: Count,
        mean: Share,
        /** 95 % equal-tailed interval. */
        low: Share,
        high: Share,
        advice: z.enum(['trust', 'gather_evidence', 'review']),
        why: z.string(),
      }),
    ),
  }),
);
export type Recommendations = z.infer<typeof Recommendations>;

export const CloudStatus = named(
  'CloudStatus',
  'Which actions can be taken here, and what is missing for the others',
  z.strictObject({
    account: z.string(),
    region: z.string(),
    actions: z.array(
      z.strictObject({
        action: z.string(),
        executor: z.string(),
        usable: z.enum(['yes', 'no', 'unknown']),
        reversible: z.boolean(),
        /** IAM actions that the executor lacks. */
        missing: z.array(z.string()),
        detail: z.string(),
      }),
    ),
  }),
);
export type CloudStatus = z.infer<typeof CloudStatus>;
