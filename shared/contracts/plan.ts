import * as z from 'zod/mini';
import { TARGET_KINDS } from '../domain/target';

const Scalar = z.union([z.string().check(z.maxLength(512)), z.number(), z.boolean()]);
const Facts = z.record(z.string(), Scalar);
const Digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));

export const TargetSchema = z.strictObject({
  kind: z.enum(TARGET_KINDS),
  region: z.string(),
  account: z.string(),
  id: z.string(),
});

const MetricQuery = z.strictObject({
  namespace: z.string(),
  metric: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string(),
  periodSeconds: z.int().check(z.positive()),
});

export const ExpectationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('resource'),
    field: z.string(),
    comparison: z.enum(['equals', 'at_least', 'at_most']),
    value: Scalar,
  }),
  z.strictObject({
    kind: z.literal('alarm'),
    alarm: z.string(),
    state: z.literal('OK'),
    heldSeconds: z.number().check(z.nonnegative()),
  }),
  z.strictObject({
    kind: z.literal('metric'),
    query: MetricQuery,
    comparison: z.enum(['below', 'above']),
    value: z.number(),
    lastSeconds: z.number().check(z.positive()),
  }),
  z.strictObject({
    kind: z.literal('metric_change'),
    query: MetricQuery,
    direction: z.enum(['decrease', 'increase']),
    lastSeconds: z.number().check(z.positive()),
  }),
  z.strictObject({ kind: z.literal('smoke') }),
]);

/** One step as planned: what to call on which target, with values already absolute. */
export const PlannedStep = z.strictObject({
  id: z.string(),
  action: z.string(),
  target: TargetSchema,
  /** As the playbook gives them, evaluated. */
  parameters: Facts,
  /** Values that the step sets (absolute actions) or fixed arguments (one-shots). */
  intended: Facts,
  /** Values before, which the undo restores; empty when the action has no inverse. */
  prior: Facts,
});
export type PlannedStep = z.infer<typeof PlannedStep>;

/** Everything that people approve and that the gate holds the executor to. Written once, never changed. */
export const Plan = z.strictObject({
  contractId: z.string(),
  /** Of the event that it answers: errors of the same one are looked for when the effect is measured. */
  fingerprint: Digest,
  planVersion: z.literal(1),
  playbook: z.strictObject({ name: z.string(), version: Digest }),
  account: z.string(),
  region: z.string(),
  targets: z.array(TargetSchema).check(z.minLength(1)),
  /** Of each target by its key, without the `aws:` ones: policies decide by them, so they must still hold at the gate. */
  tags: z.record(z.string(), z.record(z.string(), z.string())),
  /** Share of the targets that all steps together touch, 0 to 1. */
  blastRadius: z.number().check(z.gte(0), z.lte(1)),
  steps: z.array(PlannedStep).check(z.minLength(1), z.maxLength(10)),
  undo: z.enum(['restore', 'none']),
  /** Facts of each target that must still hold when the action starts, by target key. */
  preconditions: z.record(z.string(), Facts),
  effect: z.strictObject({
    expectations: z.array(ExpectationSchema).check(z.minLength(1)),
    settleSeconds: z.number().check(z.nonnegative()),
    windowSeconds: z.number().check(z.positive()),
    hash: Digest,
  }),
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  tierReasons: z.array(z.string()),
  quorum: z.int().check(z.nonnegative()),
  proposer: z.string(),
  /** People whose event, restore or replan asked for it; nobody where an alarm did. */
  requestedBy: z.exactOptional(z.array(z.string())),
  /** Who wrote the rule: the playbook's owners, and who published the version. */
  authors: z.exactOptional(z.array(z.string())),
  policyVersion: z.string(),
  /** Milliseconds since 1970. */
  expiresAt: z.int(),
  executeBy: z.int(),
  limits: z.strictObject({
    budgetMax: z.int().check(z.positive()),
    budgetSeconds: z.int().check(z.positive()),
    cooldownSeconds: z.int().check(z.nonnegative()),
  }),
  alarm: z.exactOptional(
    z.strictObject({ name: z.string(), evaluationSeconds: z.number().check(z.nonnegative()) }),
  ),
  diagnosis: z.strictObject({ pattern: z.string(), evidence: z.array(z.string()), why: z.string() }),
});
export type Plan = z.infer<typeof Plan>;
