import * as z from 'zod/mini';
import { STATUSES } from '../../domain/transitions';
import { PolicyVerdict } from '../contract';
import { FieldResult } from '../outcome';
import { ExpectationSchema, TargetSchema } from '../plan';
import { ObservationSchema } from '../state-items';
import {
  ChangeView,
  ContractId,
  Count,
  Facts,
  MissionId,
  named,
  PageQuery,
  Rev,
  Scalar,
  Sha256,
  Share,
  Subject,
  Tier,
  Time,
  Verdict,
} from './values';

export const ContractStatus = named('ContractStatus', "Where a contract's life stands", z.enum(STATUSES));

export const ContractsQuery = z.strictObject({
  ...PageQuery,
  status: z.optional(ContractStatus),
  playbook: z.optional(z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^[a-z][a-z0-9-]*$/))),
  missionId: z.optional(MissionId),
});

const contractFields = {
  contractId: ContractId,
  status: ContractStatus,
  mode: z.enum(['observe', 'act']),
  tier: Tier,
  playbook: z.string(),
  missionId: MissionId,
  correlationId: z.string(),
  /** A code such as `BUDGET`, or a person's words on a decision. */
  reason: z.nullable(z.string()),
  verdict: z.nullable(Verdict),
  confidence: z.nullable(Share),
  planHash: Sha256,
  createdAt: Time,
  executeBy: Time,
  startedAt: z.nullable(Time),
  /** When the effect can be judged. */
  lookAt: z.nullable(Time),
  endedAt: z.nullable(Time),
  rev: Rev,
};
export const ContractRow = named('ContractRow', 'A contract in a list', z.strictObject(contractFields));
export type ContractRow = z.infer<typeof ContractRow>;

const Target = named('Target', 'A resource', z.strictObject({ ...TargetSchema.shape, key: z.string() }));

/** One value that the plan changes, from what it was when planned to what it will be. */
export const PlannedChange = named(
  'PlannedChange',
  'One value that a step changes. `to` alone: it happens, and has no value before it (a reboot).',
  z.strictObject({
    step: z.string(),
    action: z.string(),
    target: z.string(),
    field: z.string(),
    from: z.nullable(Scalar),
    to: z.nullable(Scalar),
  }),
);
export type PlannedChange = z.infer<typeof PlannedChange>;

export const ExpectedField = named(
  'ExpectedField',
  'What must be true for the action to count as having helped',
  z.strictObject({ text: z.string(), expectation: ExpectationSchema }),
);

export const PlanView = named(
  'Plan',
  'All that people approve; frozen before anything runs',
  z.strictObject({
    hash: Sha256,
    /** What stands in the store is what the contract was made with. */
    unchanged: z.boolean(),
    playbook: z.strictObject({ name: z.string(), version: Sha256 }),
    account: z.string(),
    region: z.string(),
    targets: z.array(Target),
    steps: z.array(
      z.strictObject({ id: z.string(), action: z.string(), target: z.string(), parameters: Facts }),
    ),
    changes: z.array(PlannedChange),
    undo: z.enum(['restore', 'none']),
    preconditions: z.record(z.string(), Facts),
    effect: z.strictObject({
      hash: Sha256,
      settleSeconds: z.number(),
      windowSeconds: z.number(),
      expectations: z.array(ExpectedField),
    }),
    tier: Tier,
    tierReasons: z.array(z.string()),
    quorum: Count,
    proposer: Subject,
    /** Who asked for it; nobody where an alarm did. */
    requestedBy: z.array(Subject),
    /** Who wrote the rule. */
    authors: z.array(Subject),
    policyVersion: z.string(),
    expiresAt: Time,
    executeBy: Time,
    diagnosis: z.strictObject({ pattern: z.string(), evidence: z.array(z.string()), why: z.string() }),
    alarm: z.nullable(z.string()),
  }),
);
export type PlanView = z.infer<typeof PlanView>;

const PolicyView = named(
  'PolicyVerdict',
  'What policies said where it is kept: of tier 1, of a refusal, in observe mode. `by`: the first five that decided.',
  PolicyVerdict,
);

export const VoteView = named(
  'Vote',
  "One person's decision on a request",
  z.strictObject({
    subject: Subject,
    decision: z.enum(['approve', 'deny']),
    at: Time,
    planHash: Sha256,
    reason: z.string(),
    /** The delegate who spoke for this person. */
    by: z.nullable(Subject),
  }),
);

export const ApprovalView = named(
  'Approval',
  'A request for approval: who is asked, who has answered, until when',
  z.strictObject({
    planHash: Sha256,
    generation: z.int(),
    quorum: z.int(),
    approvals: Count,
    denials: Count,
    eligible: z.array(Subject),
    excluded: z.array(Subject),
    proposer: Subject,
    policyVersion: z.string(),
    requestedAt: Time,
    expiresAt: Time,
    /** Who join the eligible when half of the time has passed, and have not yet. */
    escalation: z.array(Subject),
    escalatedAt: z.nullable(Time),
    /** One person, who agreed alone in an emergency. */
    brokenBy: z.nullable(Subject),
    /** A fresh plan is being made; until it is there nobody can vote. */
    replanning: z.boolean(),
    votes: z.array(VoteView),
  }),
);
export type ApprovalView = z.infer<typeof ApprovalView>;

export const StepView = named(
  'Step',
  'One step of the ledger: what was sent, and how it ended',
  z.strictObject({
    n: Count,
    direction: z.enum(['forward', 'back']),
    state: z.enum(['INTENT', 'DONE', 'NOT_SENT', 'REJECTED', 'UNKNOWN']),
    action: z.string(),
    target: z.string(),
    intended: Facts,
    prior: Facts,
    intentAt: Time,
    outcome: z.nullable(z.string()),
  }),
);

export const SnapshotRow = named(
  'SnapshotRow',
  "A safe-hold snapshot: the state of a contract's targets before anything was done",
  z.strictObject({ contractId: ContractId, n: Count, hash: Sha256, takenAt: Time }),
);
export type SnapshotRow = z.infer<typeof SnapshotRow>;

export const SnapshotDetail = named(
  'Snapshot',
  'A snapshot with what it holds',
  z.strictObject({
    ...SnapshotRow.shape,
    targets: z.array(
      z.strictObject({ target: z.string(), tags: z.record(z.string(), z.string()), facts: Facts }),
    ),
    /** Bytes and hash agree. */
    intact: z.boolean(),
  }),
);
export type SnapshotDetail = z.infer<typeof SnapshotDetail>;

export const MeasurementView = named(
  'Measurement',
  'What a benchmark run saw, in the order of the expectations',
  z.strictObject({
    phase: z.enum(['before', 'after']),
    n: Count,
    measuredAt: Time,
    endsAt: Time,
    observations: z.array(ObservationSchema),
  }),
);

export const OutcomeView = named(
  'Outcome',
  'How a contract ended: expected against actual, field by field',
  z.strictObject({
    status: ContractStatus,
    reason: z.string(),
    verdict: z.nullable(Verdict),
    confidence: z.nullable(Share),
    fields: z.array(named('FieldResult', 'Expected against actual, one expectation', FieldResult)),
    effects: Count,
    endedAt: Time,
  }),
);

export const TimelineEntry = named(
  'TimelineEntry',
  'One entry of the audit log',
  z.strictObject({
    seq: Count,
    at: Time,
    item: z.string(),
    rev: Count,
    event: z.string(),
    actor: z.string(),
    /** Whose voice the actor spoke with; null = their own. */
    inVoiceOf: z.nullable(z.string()),
    reason: z.string(),
    changed: z.array(z.string()),
    attributed: z.boolean(),
    /** SHA-256 chain link of the entry, hex: also its RFC 6962 leaf hash. */
    link: Sha256,
  }),
);
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const ContractDetail = named(
  'Contract',
  'A contract with everything that belongs to it',
  z.strictObject({
    ...contractFields,
    change: ChangeView,
    plan: z.nullable(PlanView),
    policy: z.nullable(PolicyView),
    approval: z.nullable(ApprovalView),
    steps: z.array(StepView),
    snapshots: z.array(SnapshotRow),
    measurements: z.array(MeasurementView),
    outcome: z.nullable(OutcomeView),
    /** Keys of targets that are frozen since this contract needed a person. */
    frozen: z.array(z.string()),
    timeline: z.array(TimelineEntry),
  }),
);
export type ContractDetail = z.infer<typeof ContractDetail>;

/** What an asked-for restore or rollback came to: an event that playbook restore-capacity takes. */
export const RestoreAnswer = named(
  'RestoreAnswer',
  'The request to restore went in as an event; a contract of its own, with its own approval, follows',
  z.strictObject({
    eventId: z.string(),
    target: z.string(),
    restores: Facts,
  }),
);
export type RestoreAnswer = z.infer<typeof RestoreAnswer>;

export const TargetsReleased = named(
  'TargetsReleased',
  'A person has looked, and Grace may act on these targets again',
  z.strictObject({ contractId: ContractId, released: z.array(z.string()) }),
);
export type TargetsReleased = z.infer<typeof TargetsReleased>;

export const BenchmarkRow = named(
  'BenchmarkRow',
  'One benchmark run of a contract',
  z.strictObject({ contractId: ContractId, playbook: z.string(), ...MeasurementView.shape }),
);
export type BenchmarkRow = z.infer<typeof BenchmarkRow>;
