import * as z from 'zod/mini';

const Subject = z.string().check(z.minLength(1), z.maxLength(256));

/** Who may speak for the actor from now on, and until when (milliseconds since 1970, not at it). */
export const GivenVoice = z.strictObject({ to: Subject, until: z.int() });

/** Carried by every audited item: what changed, who did it, why. The audit entry and the event are made of it. */
export const Change = z.strictObject({
  /** Deterministic: contract, move, fence or voter. A failed condition whose item holds it is my own success. */
  id: z.string().check(z.minLength(1), z.maxLength(256)),
  /** A mesh event type, or an internal name (`contract.verifying`, `step.done`). */
  event: z.string().check(z.minLength(1), z.maxLength(64)),
  actor: z.string().check(z.minLength(1), z.maxLength(256)),
  reason: z.string().check(z.minLength(1), z.maxLength(1024)),
  /** Whose voice the actor spoke with; absent = their own. */
  inVoiceOf: z.optional(Subject),
  /** Of a delegation, given or revoked: then the voice ends with the change. */
  delegate: z.optional(GivenVoice),
  correlationId: z.string().check(z.minLength(1), z.maxLength(128)),
  missionId: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  contractId: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  /** Milliseconds since 1970. */
  at: z.int(),
});
export type Change = z.infer<typeof Change>;
