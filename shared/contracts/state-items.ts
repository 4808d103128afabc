import * as z from 'zod/mini';
import { TargetSchema } from './plan';

const Time = z.int();
const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** The kill switch, as stored. */
export const Switch = z.strictObject({
  paused: z.boolean(),
  by: z.string(),
  reason: z.string(),
  at: Time,
  rev: z.int(),
});
export type Switch = z.infer<typeof Switch>;

/** The last order to close an epoch of the audit log, as stored. */
export const EpochClosing = z.strictObject({
  /** The epoch that was open. */
  epoch: z.int().check(z.positive()),
  by: z.string(),
  reason: z.string(),
  at: Time,
  rev: z.int(),
});
export type EpochClosing = z.infer<typeof EpochClosing>;

const SmokeCheck = z.strictObject({
  check: z.enum(['in_service', 'alarm_clear', 'dependency_health', 'last_error_age']),
  passed: z.nullable(z.boolean()),
  detail: z.string(),
});

export const ObservationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('resource'), found: z.boolean(), value: z.nullable(Scalar) }),
  z.strictObject({
    kind: z.literal('alarm'),
    state: z.nullable(z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA'])),
    since: z.nullable(Time),
  }),
  z.strictObject({
    kind: z.literal('metric'),
    values: z.array(z.number()),
    expectedPoints: z.int(),
  }),
  z.strictObject({
    kind: z.literal('metric_change'),
    history: z.array(z.number()),
    before: z.array(z.number()),
    after: z.array(z.number()),
    expectedPoints: z.int(),
  }),
  z.strictObject({ kind: z.literal('smoke'), checks: z.array(SmokeCheck) }),
]);

/** One benchmark run: what was seen, in the order of the plan's expectations. */
export const Measurement = z.strictObject({
  phase: z.enum(['before', 'after']),
  n: z.int().check(z.nonnegative()),
  measuredAt: Time,
  endsAt: Time,
  observations: z.array(ObservationSchema),
});
export type Measurement = z.infer<typeof Measurement>;

/** A safe-hold snapshot's row; the manifest itself is kept, encrypted, under `name`. */
export const SnapshotItem = z.strictObject({
  n: z.int().check(z.nonnegative()),
  name: z.string(),
  hash: z.string(),
  takenAt: Time,
});
export type SnapshotItem = z.infer<typeof SnapshotItem>;

/** The manifest: the state of the targets when nothing had been done yet. */
export const SnapshotManifest = z.strictObject({
  version: z.literal(1),
  contractId: z.string(),
  takenAt: Time,
  targets: z.array(
    z.strictObject({
      target: TargetSchema,
      tags: z.record(z.string(), z.string()),
      facts: z.record(z.string(), Scalar),
    }),
  ),
});
export type SnapshotManifest = z.infer<typeof SnapshotManifest>;

/** How the contracts of a playbook ended. The last ten decide about its autonomy. */
export const PlaybookStatistics = z.strictObject({
  resolved: z.int(),
  rolledBack: z.int(),
  needsPerson: z.int(),
  /** Ended before anything was sent: says nothing about the playbook. */
  notTaken: z.int(),
  /** `1` success, `0` failure; newest last, at most ten. */
  lastTen: z.string(),
});
export type PlaybookStatistics = z.infer<typeof PlaybookStatistics>;

/** A mission: the contracts that came of one trouble. */
export const Mission = z.strictObject({
  missionId: z.string(),
  openedAt: Time,
  openedBy: z.string(),
  status: z.enum(['open', 'ended']),
  /** Contract id to its status and the rev that said so. */
  contracts: z.record(z.string(), z.strictObject({ status: z.string(), rev: z.int() })),
  rev: z.int(),
});
export type Mission = z.infer<typeof Mission>;
