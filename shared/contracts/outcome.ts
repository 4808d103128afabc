import * as z from 'zod/mini';
import { STATUSES } from '../domain/transitions';
import { Change } from './change';

/** The one result shape of every executor. */
export const ExecutionResult = z.strictObject({
  ok: z.boolean(),
  status: z.enum(['success', 'failure', 'partial']),
  error_resolved: z.boolean(),
  metrics: z.record(z.string(), z.number()),
});
export type ExecutionResult = z.infer<typeof ExecutionResult>;

/** Expected against actual, one expectation. */
export const FieldResult = z.strictObject({
  field: z.string(),
  expected: z.string(),
  actual: z.string(),
  verdict: z.enum(['met', 'not_met', 'inconclusive']),
  confidence: z.number().check(z.gte(0), z.lte(1)),
  why: z.string(),
});
export type FieldResult = z.infer<typeof FieldResult>;

/** Written once, in the transaction that ends the contract. */
export const Outcome = z.strictObject({
  pk: z.string(),
  sk: z.literal('OUTCOME'),
  schemaVersion: z.literal(1),
  rev: z.int().check(z.positive()),
  change: Change,
  contractId: z.string(),
  missionId: z.string(),
  playbook: z.string(),
  tier: z.int(),
  status: z.enum(STATUSES),
  reason: z.string(),
  verdict: z.optional(z.enum(['met', 'not_met', 'inconclusive'])),
  confidence: z.optional(z.number()),
  fields: z.array(FieldResult),
  /** Effects sent to the cloud: forward and back. */
  effects: z.int().check(z.nonnegative()),
  result: ExecutionResult,
  createdAt: z.int(),
  endedAt: z.int(),
  /** Set once, when the playbook's statistics have counted it. */
  recordedAt: z.optional(z.int()),
});
export type Outcome = z.infer<typeof Outcome>;
