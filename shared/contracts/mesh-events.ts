import * as z from 'zod/mini';
import { EVENT_TYPES, type EventType } from '../domain/event-types';
import { STATUSES } from '../domain/transitions';
import { Envelope } from './envelope';
import { ErrorDetected } from './error-detected';
import { QuarantineId } from './quarantine';
import { SongFacts } from './song-notice';

const Id = z.string().check(z.minLength(1), z.maxLength(128));
const Count = z.int().check(z.nonnegative());
const Time = z.int();
/** A word that code chose, such as `BUDGET`: never a person's words. */
export const ReasonCode = z.string().check(z.regex(/^[A-Z][A-Z0-9_]{1,63}$/));

/** A contract at the moment that the event tells of. No targets, no values, no tokens, nobody's words. */
const ContractFacts = z.strictObject({
  contractId: Id,
  missionId: Id,
  status: z.enum(STATUSES),
  rev: z.int().check(z.positive()),
  mode: z.enum(['observe', 'act']),
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  playbook: z.string().check(z.minLength(1), z.maxLength(64)),
  reason: z.optional(ReasonCode),
  verdict: z.optional(z.enum(['met', 'not_met', 'inconclusive'])),
  confidence: z.optional(z.number().check(z.gte(0), z.lte(1))),
});

/** A request for approval: how many are asked and have answered; who only where they are to be called. */
const ApprovalFacts = z.strictObject({
  ...z.omit(ContractFacts, { reason: true }).shape,
  generation: z.optional(z.int().check(z.positive())),
  quorum: z.optional(z.int().check(z.positive())),
  approvals: z.optional(Count),
  denials: z.optional(Count),
  expiresAt: z.optional(Time),
  /** One person agreed alone, in an emergency. */
  brokenGlass: z.optional(z.boolean()),
  /** Whom settings name for requests that half of their time has passed on; they are eligible now. */
  escalatedTo: z.optional(z.array(z.string().check(z.maxLength(256))).check(z.maxLength(100))),
});

const JobFacts = z.strictObject({
  jobId: Id,
  type: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  status: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  reason: z.optional(ReasonCode),
  attempts: z.optional(Count),
});

/** An entry of the audit log that nobody can be named for, or another finding about the log. */
const AnomalyFacts = z.strictObject({
  kind: ReasonCode,
  seq: Count,
  /** Key of the item; at most what DynamoDB takes. */
  pk: z.string().check(z.maxLength(2048)),
  sk: z.string().check(z.maxLength(1024)),
  rev: Count,
  eventId: z.string().check(z.maxLength(256)),
});

/** An order to close an epoch of the audit log: which epoch, not who gave it nor why. */
const EpochFacts = z.strictObject({ epoch: z.int().check(z.positive()), rev: z.int().check(z.positive()) });

/** A quarantined event that a person let go: which, not what it says. */
export const QuarantineFacts = z.strictObject({
  quarantineId: QuarantineId,
  rev: z.int().check(z.positive()),
});

/** A benchmark run: which, not what it saw. */
const MetricFacts = z.strictObject({
  contractId: z.optional(Id),
  phase: z.string().check(z.minLength(1), z.maxLength(64)),
  n: Count,
  measuredAt: z.optional(Time),
  endsAt: z.optional(Time),
});

/** The `detail` of every event type of the mesh, version 1. A change of one of these is a new version. */
export const MESH_DETAILS = {
  'error.detected': ErrorDetected,
  'error.captured': ErrorDetected,
  'agentic.action_planned': ContractFacts,
  'agentic.action_executing': ContractFacts,
  'agentic.action_verified': ContractFacts,
  'agentic.action_rolled_back': ContractFacts,
  'agentic.action_not_taken': ContractFacts,
  'agentic.problem_resolved': ContractFacts,
  'agentic.escalated': ContractFacts,
  'approval.requested': ApprovalFacts,
  'approval.granted': ApprovalFacts,
  'approval.rejected': ApprovalFacts,
  'approval.expired': ApprovalFacts,
  'approval.cancelled': ApprovalFacts,
  'approval.escalated': ApprovalFacts,
  'approval.replan_requested': ApprovalFacts,
  'job.enqueued': JobFacts,
  'job.completed': JobFacts,
  'job.failed': JobFacts,
  'audit.anomaly_detected': AnomalyFacts,
  'audit.canary': SongFacts,
  'audit.epoch_closed': EpochFacts,
  'quarantine.released': QuarantineFacts,
  'metric.published': MetricFacts,
} as const satisfies Record<EventType, z.ZodMiniObject>;

const MESH_EVENT_VERSION = 1;

/** The whole envelope of one event type. */
export function meshEventSchema<T extends EventType>(type: T) {
  return z.strictObject({ ...Envelope.shape, type: z.literal(type), detail: MESH_DETAILS[type] });
}

/** JSON Schema (draft 2020-12) of every event type's envelope, by type; for consumers outside Grace. */
export function meshJsonSchemas(): Readonly<Record<EventType, Readonly<Record<string, unknown>>>> {
  const types = Object.keys(EVENT_TYPES) as EventType[];
  const schemas = types.map((type) => [
    type,
    {
      $id: `urn:grace:mesh:${type}:${MESH_EVENT_VERSION}`,
      title: type,
      ...z.toJSONSchema(meshEventSchema(type)),
    },
  ]);
  return Object.fromEntries(schemas);
}
