import * as z from 'zod';

/** Carried by every audited item: what changed, who did it, why. The audit entry and the event are made of it. */
export const Change = z.strictObject({
  /** Deterministic: contract, move, fence or voter. A failed condition whose item holds it is my own success. */
  id: z.string().min(1).max(256),
  /** A mesh event type, or an internal name (`contract.verifying`, `step.done`). */
  event: z.string().min(1).max(64),
  actor: z.string().min(1).max(256),
  reason: z.string().min(1).max(1024),
  correlationId: z.string().min(1).max(128),
  missionId: z.string().min(1).max(64).optional(),
  contractId: z.string().min(1).max(64).optional(),
  /** Milliseconds since 1970. */
  at: z.number().int(),
});
export type Change = z.infer<typeof Change>;
