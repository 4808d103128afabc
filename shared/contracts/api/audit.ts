import * as z from 'zod/mini';
import { TimelineEntry } from './contracts';
import { Code, ContractId, Count, MissionId, named, PageQuery, Sha256, Time } from './values';

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

export const FindingView = named(
  'AuditFinding',
  'Something that is wrong with the log; docs/operations.md says what to do about each kind',
  z.strictObject({
    findingId: z.string(),
    status: z.enum(['open', 'closed']),
    kind: Code,
    detail: z.string(),
    foundAt: Time,
    changedAt: Time,
    changedBy: z.string(),
  }),
);
export type FindingView = z.infer<typeof FindingView>;
