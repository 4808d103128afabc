import * as z from 'zod/mini';
import { GivenVoice } from './change';

const Digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** Why a change cannot be put down to anybody. Each is also the kind of an `audit.anomaly_detected`. */
export const AUDIT_FAULTS = [
  /** The item carries no well-formed `change`. */
  'NO_CHANGE',
  /** The item still carries the `change` of the write before. */
  'CHANGE_NOT_NEW',
  /** `rev` is not one more than before, or not 1 on a new item. */
  'REV_DOES_NOT_FOLLOW',
  /** Another change of this item was logged under this `rev`. */
  'REV_TAKEN',
  /** Removed, and not by the table's own expiry. */
  'REMOVED',
  /** The record of this change is gone for good: what it did is not known. Its place is kept, so that it shows. */
  'LOST',
  /** The record came after its `rev` had been given up as lost. */
  'LATE',
] as const;
export type AuditFault = (typeof AUDIT_FAULTS)[number];

/** An epoch as it ended: a Merkle tree of its own over entries `base` to `base + size - 1`. */
export const ClosedEpoch = z.strictObject({
  /** First line of its checkpoints. */
  origin: z.string().check(z.minLength(1)),
  /** `seq` of its first entry. */
  base: z.int().check(z.nonnegative()),
  size: z.int().check(z.positive()),
  /** RFC 6962 root over all its entries. */
  root: Digest,
});
export type ClosedEpoch = z.infer<typeof ClosedEpoch>;

/**
 * The JSON part of an audit entry: what changed, by whom and why. Names of fields and digests of images,
 * never an item's values.
 */
export const AuditBody = z.strictObject({
  v: z.literal(1),
  log: z.string().check(z.minLength(1)),
  /** 0, 1, 2 … without gaps, over all epochs: less the epoch's `base`, the leaf's index in the epoch's Merkle tree. */
  seq: z.int().check(z.nonnegative()),
  /** Milliseconds since 1970; never less than the entry before. */
  sequencedAt: z.int(),
  item: z.strictObject({ pk: z.string(), sk: z.string() }),
  /** The item's `rev` after the change (before it, for a removal); 0 = it had none. */
  rev: z.int().check(z.nonnegative()),
  /** The stream record's id. */
  eventId: z.string(),
  event: z.string(),
  actor: z.string(),
  reason: z.string(),
  /** Whose voice the actor spoke with; absent = their own. So who agreed for whom can be read from the log alone. */
  inVoiceOf: z.optional(z.string()),
  /** Who may speak for the actor from now on, and until when; of one that is revoked, who may no more. */
  delegate: z.optional(GivenVoice),
  correlationId: z.string(),
  missionId: z.optional(z.string()),
  contractId: z.optional(z.string()),
  /**
   * Sorted names of the changed top-level fields; empty for a new or removed item, where it is all of them.
   * Without `change` and `rev`, which every attributed change changes.
   */
  changed: z.array(z.string()),
  /** Of the first entry of each epoch but the first one: the epoch that ends with it. */
  closes: z.optional(ClosedEpoch),
  /** SHA-256 of the item before and after (`imageDigest`); absent = there was none. */
  before: z.optional(Digest),
  after: z.optional(Digest),
  attributed: z.boolean(),
  removal: z.optional(z.literal(true)),
  fault: z.optional(z.enum(AUDIT_FAULTS)),
});
export type AuditBody = z.infer<typeof AuditBody>;
