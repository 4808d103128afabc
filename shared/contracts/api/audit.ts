import * as z from 'zod/mini';
import { TimelineEntry } from './contracts';
import { ContractId, Count, MissionId, named, PageQuery, Sha256, Time } from './values';

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
