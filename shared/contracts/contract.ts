import * as z from 'zod/mini';
import { POLICY_REFUSALS } from '../domain/policy-request';
import { STATUSES } from '../domain/transitions';
import { Change } from './change';

const Digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const Time = z.int();

/** A vote as stored; key of the map is the subject whose voice it is. */
export const Vote = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  at: Time,
  planHash: Digest,
  reason: z.string(),
  /** The delegate who spoke for that voice; absent = they did themselves. */
  by: z.optional(z.string()),
});

/** The approval request, inside the contract item: vote, veto and gate guard one item. */
export const Approval = z.strictObject({
  generation: z.int().check(z.positive()),
  planHash: Digest,
  proposer: z.string(),
  /** Whose `WAITING` item stands for the request. */
  targetKey: z.optional(z.string()),
  excluded: z.set(z.string()),
  eligible: z.array(z.string()),
  quorum: z.int().check(z.positive()),
  policyVersion: z.string(),
  requestedAt: Time,
  expiresAt: Time,
  votes: z.record(z.string(), Vote),
  /** Who become eligible when half of the time has passed. */
  escalation: z.optional(z.array(z.string())),
  escalatedAt: z.optional(Time),
  /** Who broke the glass: one person, in an emergency, in the place of the quorum. */
  brokenBy: z.optional(z.string()),
  /** A fresh plan was asked for and is being made; until it is there nobody can vote. */
  replanSince: z.optional(Time),
  /** Everybody who asked for it, and in whose voice: none of them has a vote on it. */
  replanBy: z.optional(z.array(z.string())),
  callback: z.strictObject({ due: z.boolean(), deliveredAt: z.optional(Time) }),
});
export type Approval = z.infer<typeof Approval>;

/** What policies said when the contract was admitted or refused. */
export const PolicyVerdict = z.strictObject({
  decision: z.enum(['ALLOWED', ...POLICY_REFUSALS]),
  /** Ids of the policies that decided, the first five. */
  by: z.array(z.string()).check(z.maxLength(5)),
});
export type PolicyVerdict = z.infer<typeof PolicyVerdict>;

/** The contract: small, changed often. Its plan is a sibling item, written once. */
export const Contract = z.strictObject({
  pk: z.string(),
  sk: z.literal('CONTRACT'),
  schemaVersion: z.literal(1),
  rev: z.int().check(z.positive()),
  change: Change,
  contractId: z.string(),
  status: z.enum(STATUSES),
  mode: z.enum(['observe', 'act']),
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  missionId: z.string(),
  correlationId: z.string(),
  eventId: z.string(),
  playbook: z.string(),
  planHash: Digest,
  executeBy: Time,
  createdAt: Time,
  /** Why it stands where it stands: a code such as `BUDGET`. */
  reason: z.optional(z.string()),
  /** The last that policies said of it; their version is in the plan. */
  policy: z.optional(PolicyVerdict),
  approval: z.optional(Approval),
  /** Set by the gate. */
  startedAt: z.optional(Time),
  /** When the effect can be judged: end of the effect window. */
  lookAt: z.optional(Time),
  /** The window was extended once because the first look was inconclusive. */
  extended: z.optional(z.boolean()),
  verdict: z.optional(z.enum(['met', 'not_met', 'inconclusive'])),
  confidence: z.optional(z.number()),
  endedAt: z.optional(Time),
  openPk: z.optional(z.string()),
  openSk: z.optional(z.string()),
  listPk: z.optional(z.string()),
  listSk: z.optional(z.string()),
});
export type Contract = z.infer<typeof Contract>;

/** One step of the ledger. `REJECTED` = the service refused it, nothing happened; `UNKNOWN` = it cannot be known whether the request took effect. */
export const LedgerStep = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  schemaVersion: z.literal(1),
  rev: z.int().check(z.positive()),
  change: Change,
  n: z.int().check(z.nonnegative()),
  direction: z.enum(['forward', 'back']),
  state: z.enum(['INTENT', 'DONE', 'NOT_SENT', 'REJECTED', 'UNKNOWN']),
  action: z.string(),
  targetKey: z.string(),
  intended: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  prior: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  fence: z.int(),
  clientToken: z.string(),
  intentAt: Time,
  /** How it ended: `accepted`, `already_there`, or the service's error code. */
  outcome: z.optional(z.string()),
});
export type LedgerStep = z.infer<typeof LedgerStep>;
