import * as z from 'zod/mini';

const Time = z.int();

/** One person speaks for another until a time. One hop: who speaks for somebody cannot pass it on. */
export const Delegation = z.strictObject({
  delegator: z.string(),
  delegate: z.string(),
  givenAt: Time,
  until: Time,
  revokedAt: z.optional(Time),
  rev: z.int(),
});
export type Delegation = z.infer<typeof Delegation>;

/** The review that breaking the glass opens. */
export const Review = z.strictObject({
  contractId: z.string(),
  missionId: z.string(),
  openedBy: z.string(),
  openedAt: Time,
  reason: z.string(),
  status: z.enum(['open', 'closed']),
  closedBy: z.optional(z.string()),
  closedAt: z.optional(Time),
  finding: z.optional(z.string()),
  rev: z.int(),
});
export type Review = z.infer<typeof Review>;
