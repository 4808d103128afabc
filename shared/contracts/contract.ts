import * as z from 'zod';
import { STATUSES } from '../domain/transitions';
import { Change } from './change';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Time = z.number().int();

/** A vote as stored; key of the map is the voter's subject. */
export const Vote = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  at: Time,
  planHash: Digest,
  reason: z.string(),
});

/** The approval request, inside the contract item: vote, veto and gate guard one item. */
export const Approval = z.strictObject({
  generation: z.number().int().positive(),
  planHash: Digest,
  proposer: z.string(),
  /** Whose `WAITING` item stands for the request. */
  targetKey: z.string().optional(),
  excluded: z.set(z.string()),
  eligible: z.array(z.string()),
  quorum: z.number().int().positive(),
  policyVersion: z.string(),
  requestedAt: Time,
  expiresAt: Time,
  votes: z.record(z.string(), Vote),
  callback: z.strictObject({ due: z.boolean(), deliveredAt: Time.optional() }),
});
export type Approval = z.infer<typeof Approval>;

/** The contract: small, changed often. Its plan is a sibling item, written once. */
export const Contract = z.strictObject({
  pk: z.string(),
  sk: z.literal('CONTRACT'),
  schemaVersion: z.literal(1),
  rev: z.number().int().positive(),
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
  reason: z.string().optional(),
  approval: Approval.optional(),
  /** Set by the gate. */
  startedAt: Time.optional(),
  /** When the effect can be judged: end of the effect window. */
  lookAt: Time.optional(),
  /** The window was extended once because the first look was inconclusive. */
  extended: z.boolean().optional(),
  verdict: z.enum(['met', 'not_met', 'inconclusive']).optional(),
  confidence: z.number().optional(),
  endedAt: Time.optional(),
  openPk: z.string().optional(),
  openSk: z.string().optional(),
  listPk: z.string().optional(),
  listSk: z.string().optional(),
});
export type Contract = z.infer<typeof Contract>;

/** One step of the ledger. `REJECTED` = the service refused it, nothing happened; `UNKNOWN` = it cannot be known whether the request took effect. */
export const LedgerStep = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  schemaVersion: z.literal(1),
  rev: z.number().int().positive(),
  change: Change,
  n: z.number().int().nonnegative(),
  direction: z.enum(['forward', 'back']),
  state: z.enum(['INTENT', 'DONE', 'NOT_SENT', 'REJECTED', 'UNKNOWN']),
  action: z.string(),
  targetKey: z.string(),
  intended: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  prior: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  fence: z.number().int(),
  clientToken: z.string(),
  intentAt: Time,
  /** How it ended: `accepted`, `already_there`, or the service's error code. */
  outcome: z.string().optional(),
});
export type LedgerStep = z.infer<typeof LedgerStep>;
