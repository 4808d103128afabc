import * as z from 'zod/mini';
import { TimelineEntry } from './contracts';
import { Code, ContractId, Count, MissionId, named, PageQuery, Sha256, Time, Words } from './values';

export const EntriesQuery = z.strictObject({
  ...PageQuery,
  /** First `seq` of the page; default: the newest entries. */
  from: z.optional(Count),
  contractId: z.optional(ContractId),
  missionId: z.optional(MissionId),
});

export const AuditEntryView = named(
  'AuditEntry',
  'An entry with the very bytes that are hashed: link of the entry before, then RFC 8785 JSON',
  z.strictObject({
    ...TimelineEntry.shape,
    contractId: z.nullable(z.string()),
    missionId: z.nullable(z.string()),
    correlationId: z.string(),
    /** base64 of the whole entry; SHA-256 of a zero byte and these bytes is `link`. */
    bytes: z.string(),
  }),
);
export type AuditEntryView = z.infer<typeof AuditEntryView>;

export const EntriesView = named(
  'AuditEntries',
  'Entries in order, with how the log stands',
  z.strictObject({
    entries: z.array(AuditEntryView),
    head: z.strictObject({ log: z.string(), size: Count, link: Sha256, sequencedAt: z.nullable(Time) }),
  }),
);
export type EntriesView = z.infer<typeof EntriesView>;

export const ProofView = named(
  'AuditProof',
  'That an entry is in the log: for checking offline, with the checkpoint that it leads to',
  z.strictObject({
    entry: AuditEntryView,
    /** Of the leaf, in the Merkle tree of the entry's epoch. */
    index: Count,
    /** base64 hashes from the leaf's sibling upwards (RFC 6962 2.1.1). */
    proof: z.array(z.string()),
    checkpoint: z.strictObject({ size: Count, note: z.string() }),
  }),
);
export type ProofView = z.infer<typeof ProofView>;

export const CheckpointView = named(
  'AuditCheckpoint',
  'A signed note (C2SP tlog-checkpoint), newest first',
  z.strictObject({ size: Count, note: z.string() }),
);
export type CheckpointView = z.infer<typeof CheckpointView>;

export const CloseEpochRequest = named(
  'CloseEpoch',
  'Which epoch of the audit log is meant, and why it ends; the reason goes into the log',
  z.strictObject({ epoch: z.int().check(z.positive()), reason: Words }),
);

export const EpochView = named(
  'ClosedEpoch',
  'The epoch ends where the order reaches the log, and the log goes on in the next one',
  z.strictObject({ epoch: z.int().check(z.positive()), closedBy: z.string() }),
);
export type EpochView = z.infer<typeof EpochView>;

export const LogEpochView = named(
  'AuditEpoch',
  'An epoch of the audit log: entries in a row under a Merkle tree and checkpoints of their own',
  z.strictObject({
    epoch: z.int().check(z.positive()),
    /** `closing`: somebody has closed it, and their order has not reached the log yet. */
    status: z.enum(['open', 'closing', 'closed']),
    /** Number of its first entry. */
    from: Count,
    entries: Count,
    /** How many of its entries its newest signed checkpoint covers; 0 = it has none. */
    signed: Count,
    /**
     * Who closed it, why, and when: of a closed epoch as the entry says that comes after it, of one that is closing as it was
     * ordered. `null` while it is open, and where that entry does not say that it closes this epoch.
     */
    closedBy: z.nullable(z.string()),
    reason: z.nullable(z.string()),
    closedAt: z.nullable(Time),
    /** Merkle root over all its entries, once it is closed. */
    root: z.nullable(Sha256),
  }),
);
export type LogEpochView = z.infer<typeof LogEpochView>;

export const FindingView = named(
  'AuditFinding',
  'Something that is wrong with the log, and what to do about it',
  z.strictObject({
    findingId: z.string(),
    status: z.enum(['open', 'closed']),
    kind: Code,
    /** The item that it is about; empty when it is about none. */
    item: z.string(),
    /** The entry that it is about. */
    seq: z.nullable(Count),
    detail: z.string(),
    /** What this kind says, and what to do about it. */
    means: z.string(),
    todo: z.string(),
    foundAt: Time,
    changedAt: Time,
    changedBy: z.string(),
    /** Why it was closed. */
    reason: z.nullable(z.string()),
  }),
);
export type FindingView = z.infer<typeof FindingView>;

export const FindingClosed = named(
  'AuditFindingClosed',
  'A person has looked into the finding; the audit log keeps both',
  z.strictObject({ findingId: z.string(), status: z.literal('closed') }),
);

export const ActivityQuery = z.strictObject({ hours: z._default(z.int().check(z.gte(1), z.lte(168)), 24) });

export const ActivityView = named(
  'AuditActivity',
  'Entries of one hour by the part of Grace that made them, and those of them that tell of a failure',
  z.strictObject({
    /** ISO 8601 to the hour: `2026-01-05T09`. */
    hour: z.string(),
    activity: z.record(z.string(), Count),
    failures: z.record(z.string(), Count),
  }),
);
export type ActivityView = z.infer<typeof ActivityView>;
