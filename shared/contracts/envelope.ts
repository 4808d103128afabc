import * as z from 'zod/mini';

/** The envelope of every event that Grace puts on the mesh, or takes from a user's `error.detected`. */
export const Envelope = z.strictObject({
  /** For Grace's own events: SHA-256 of item key, rev and event, so that a repeat is recognisable. */
  id: z.string().check(z.minLength(1), z.maxLength(128)),
  type: z.string().check(z.minLength(1), z.maxLength(64)),
  version: z.literal(1),
  /** ISO 8601, UTC. */
  time: z.iso.datetime(),
  correlationId: z.string().check(z.minLength(1), z.maxLength(128)),
  missionId: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  detail: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof Envelope>;
