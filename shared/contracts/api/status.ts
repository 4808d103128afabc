import * as z from 'zod/mini';
import { Count, named, Time } from './values';

export const StatusView = named(
  'Status',
  'How the deployment stands',
  z.strictObject({
    deployment: z.string(),
    account: z.string(),
    region: z.string(),
    mode: z.enum(['observe', 'act']),
    ephemeral: z.boolean(),
    paused: z.boolean(),
    /** Of the newest contracts, at most `counted`. */
    contracts: z.record(z.string(), Count),
    counted: Count,
    open: Count,
    awaitingApproval: Count,
    now: Time,
  }),
);
export type StatusView = z.infer<typeof StatusView>;

export const HealthView = named(
  'Health',
  '`degraded`: a part does not answer, and it is said which; what needs it fails closed',
  z.strictObject({
    status: z.enum(['ok', 'degraded']),
    parts: z.array(
      z.strictObject({
        name: z.string(),
        status: z.enum(['ok', 'failed']),
        detail: z.string(),
        /** What does not work without it. */
        affects: z.string(),
      }),
    ),
  }),
);
export type HealthView = z.infer<typeof HealthView>;
