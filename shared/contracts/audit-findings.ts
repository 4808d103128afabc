import * as z from 'zod/mini';

/**
 * What can be wrong with the log, or with what it is made of. `docs/operations.md` has a paragraph of each
 * that says what to do; a test holds that. `passing`: is over by itself once its cause is gone, and is then
 * closed by the check; any other stays until a person closes it.
 */
export const FINDING_KINDS = {
  SEQ_GAP: { passing: false },
  SEQ_REPEATED: { passing: false },
  TOO_SHORT: { passing: false },
  BROKEN_CHAIN: { passing: false },
  WRONG_LINK: { passing: false },
  SEQ_MISMATCH: { passing: false },
  TRUNCATED: { passing: false },
  BEYOND_HEAD: { passing: false },
  HEAD_MISMATCH: { passing: false },
  BODY_UNREADABLE: { passing: false },
  /** An entry is sequenced before the one that it follows. */
  TIME_REVERSED: { passing: false },
  /** An entry is sequenced in the future, or before there was a Grace. */
  TIME_IMPLAUSIBLE: { passing: false },
  /** An entry's `rev` has no entry before it. */
  REV_GAP: { passing: false },
  /** An item's `rev` was logged twice, as two changes. */
  REV_REPEATED: { passing: false },
  /** The table has a change that the log lacks, for longer than a record takes. */
  UNSEQUENCED: { passing: true },
  /** The record of a change did not come; the entry was made from the item. */
  FILLED_IN: { passing: false },
  /** Records of changes are gone for good; their revs stand in the log as lost. */
  RECORDED_LOST: { passing: false },
  /** The log knows a later `rev` than the table. */
  LOG_AHEAD: { passing: false },
  /** The item is not what the log says of its `rev`. */
  IMAGE_DIFFERS: { passing: false },
  /** The log says that the item is there; it is not. */
  ITEM_GONE: { passing: false },
  /** An item belongs to, or names, something that does not exist. */
  ORPHAN: { passing: false },
  /** Nothing was logged for longer than the canary's turn. */
  STALE_LOG: { passing: true },
  /** Entries have been waiting for a signed checkpoint for too long. */
  STALE_CHECKPOINT: { passing: true },
  /** A part of Grace has work and does nothing. */
  SILENT_SUBSYSTEM: { passing: true },
  /** An entry differs from its sealed copy. */
  SEAL_DIFFERS: { passing: false },
  /** A sealed copy that a checkpoint covers is not there. */
  SEAL_MISSING: { passing: false },
  /** The entry that opens an epoch does not say what was signed of the epoch before. */
  EPOCH_LINK: { passing: false },
  /** The newest checkpoint was not signed by a key of this deployment, or is not what its row says. */
  CHECKPOINT_FORGED: { passing: false },
  /** The sealer did not sign: the log is not a continuation of the last checkpoint. */
  FORK_REFUSED: { passing: false },
} as const satisfies Record<string, { passing: boolean }>;
export type FindingKind = keyof typeof FINDING_KINDS;
const KINDS = Object.keys(FINDING_KINDS) as [FindingKind, ...FindingKind[]];

/** One thing that is wrong. Keys, revs and counts; never an item's values. */
export const AuditFinding = z.strictObject({
  kind: z.enum(KINDS),
  /** The item that it is about; empty when it is about none. */
  pk: z.string().check(z.maxLength(2048)),
  sk: z.string().check(z.maxLength(1024)),
  /** The entry that it is about; absent when it is about none. */
  seq: z.optional(z.int().check(z.nonnegative())),
  rev: z.optional(z.int().check(z.nonnegative())),
  /** One line for a person. */
  detail: z.string().check(z.maxLength(300)),
});
export type AuditFinding = z.infer<typeof AuditFinding>;

/** A finding as it is kept, until it is closed. */
export const StoredFinding = z.strictObject({
  findingId: z.string(),
  finding: AuditFinding,
  status: z.enum(['open', 'closed']),
  /** When it was found first, and when its status last changed: milliseconds since 1970. */
  foundAt: z.int(),
  changedAt: z.int(),
  changedBy: z.string(),
  /** Why it was closed. */
  reason: z.optional(z.string()),
  rev: z.int().check(z.positive()),
});
export type StoredFinding = z.infer<typeof StoredFinding>;
