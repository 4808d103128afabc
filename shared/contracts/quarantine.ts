import * as z from 'zod/mini';
import { FINDING_CODES } from '../domain/hunter/finding';

/** 40 hex digits of the SHA-256 of code and body: the same message is kept once. */
export const QuarantineId = z.string().check(z.regex(/^[0-9a-f]{40}$/, 'a quarantine id has 40 hex digits'));

/** What the hunter saw. Texts are printable ASCII, so that they act on no terminal and no page. */
export const FindingSchema = z.strictObject({
  code: z.enum(FINDING_CODES),
  /** Where in the event: `alarm.description`, `error.attributes.group`. */
  path: z.string().check(z.maxLength(256)),
  excerpt: z.string().check(z.maxLength(256)),
  why: z.string().check(z.maxLength(256)),
});

const Who = z.strictObject({ by: z.string(), reason: z.string(), at: z.int() });

/** A message of the intake that was not taken in, as it is put away. */
export const Quarantined = z.strictObject({
  id: QuarantineId,
  /** Of the reader (`TRUNCATED`, `FOREIGN_ACCOUNT` …), or the first finding's. */
  code: z.string(),
  message: z.string(),
  /** The first 2,048 characters, as JSON text in ASCII, for a person to look at. */
  excerpt: z.string(),
  receivedAt: z.int(),
  findings: z.array(FindingSchema).check(z.maxLength(20)),
  /**
   * The whole message, of a proper event that the hunter held back only: that suspicion a person can overrule.
   * What was no proper event would be none after a release either, so nothing of it is kept but the excerpt.
   */
  body: z.optional(z.string()),
});
export type Quarantined = z.infer<typeof Quarantined>;

/** What people are shown of it. */
export const QuarantineEntry = z.strictObject({
  ...z.omit(Quarantined, { body: true }).shape,
  status: z.enum(['held', 'released']),
  /** Whether a person can let it go: see `Quarantined.body`. */
  releasable: z.boolean(),
  released: z.optional(Who),
  rev: z.int(),
});
export type QuarantineEntry = z.infer<typeof QuarantineEntry>;
