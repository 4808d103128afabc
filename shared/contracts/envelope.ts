import * as z from 'zod';

/** The envelope of every event that Grace puts on the mesh, or takes from a user's `error.detected`. */
export const Envelope = z.strictObject({
  /** For Grace's own events: SHA-256 of item key, rev and event, so that a repeat is recognisable. */
  id: z.string().min(1).max(128),
  type: z.string().min(1).max(64),
  version: z.literal(1),
  /** ISO 8601, UTC. */
  time: z.iso.datetime(),
  correlationId: z.string().min(1).max(128),
  missionId: z.string().min(1).max(64).optional(),
  detail: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof Envelope>;
