import * as z from 'zod/mini';
import {
  entryText,
  GENESIS_LINK,
  joinLeaf,
  LINK_BYTES,
  previousLink,
  type StoredEntry,
} from '../domain/audit-entry';
import { base64Of, bytesOfBase64 } from '../domain/base64-bytes';
import { sha256Hex } from '../domain/digest';
import { decodeRange, EMPTY_RANGE, encodeRange } from '../domain/merkle-range';
import type { AuditDraft, LogEpoch, LogHead } from '../ports/audit-log';
import type { Attribute, Item, Key, Path } from '../ports/table';
import { AuditLogBrokenError } from './audit-errors';

/**
 * Rows of the audit table:
 *
 * | pk                       | sk                              | content                                        |
 * |--------------------------|---------------------------------|------------------------------------------------|
 * | `HEAD#<log>`             | `HEAD`                          | size, link, range, sequencedAt, version, epoch, base |
 * | `EPOCH#<log>`            | epoch, 12 digits                | base; of the second epoch and later ones       |
 * | `ENTRY#<log>#<seq / 256>`| seq, 12 digits                  | previous, body, link: the entry's bytes in two |
 * | `ITEM#<item's pk>`       | `<item's sk>\|<rev, 12 digits>` | eventId, digest, seq                           |
 * |                          | `…\|<rev>!<event id>`           | the same, of a change that cannot claim a rev  |
 *
 * ITEM rows are uniqueness and index in one. The item's partition is theirs too, so that one Query finds
 * all entries of a contract: no index to write. Links are base64, 44 characters, and the body is text, so
 * that an ordinary entry stays below 1 KB, which is two write units in a transaction.
 */
export const ENTRIES_PER_PARTITION = 256;
const DIGITS = 12;
const MAX_REV = 10 ** DIGITS - 1;
/** DynamoDB takes 2048 and 1024 bytes; a key that does not fit with what we add is named by its hash. */
const MAX_PK_BYTES = 2000;
const MAX_SK_BYTES = 900;

const padded = (n: number): string => String(n).padStart(DIGITS, '0');

export const headKey = (log: string): Key => ({ pk: `HEAD#${log}`, sk: 'HEAD' });
export const epochRowKey = (log: string, epoch: number): Key => ({ pk: `EPOCH#${log}`, sk: padded(epoch) });
export const entryKey = (log: string, seq: number): Key => ({
  pk: `ENTRY#${log}#${Math.floor(seq / ENTRIES_PER_PARTITION)}`,
  sk: padded(seq),
});
export const itemRowsPk = (pk: string): string => `ITEM#${fitted(pk, MAX_PK_BYTES)}`;

/** The row of a change that is the only one of its item's `rev`. */
export function claimKey({ facts }: AuditDraft): Key {
  return {
    pk: itemRowsPk(facts.item.pk),
    sk: `${fitted(facts.item.sk, MAX_SK_BYTES)}|${padded(Math.min(facts.rev, MAX_REV))}`,
  };
}

/** The row of a change that cannot claim its `rev`. */
export function asideKey(draft: AuditDraft): Key {
  const { pk, sk } = claimKey(draft);
  return { pk, sk: `${sk}!${fitted(draft.facts.eventId, 64)}` };
}

/** Where the rows of one item begin, of all its revs or of one. */
export function itemRowsPrefix({ pk, sk }: Key, rev?: number): { pk: string; skPrefix: string } {
  const of = `${fitted(sk, MAX_SK_BYTES)}|`;
  return { pk: itemRowsPk(pk), skPrefix: rev === undefined ? of : `${of}${padded(Math.min(rev, MAX_REV))}` };
}

/** The rev that an item row stands for. */
export function revOfItemRow({ pk, sk }: Key): number {
  const rev = /\|(\d{12})(?:!.*)?$/s.exec(sk)?.[1];
  if (rev === undefined) throw new AuditLogBrokenError(`${pk} ${sk}: not a row of an item`);
  return Number(rev);
}

function fitted(text: string, bytes: number): string {
  return Buffer.byteLength(text) <= bytes ? text : `sha256:${sha256Hex(text)}`;
}

/** What one item row says. */
export interface ItemRow {
  readonly eventId: string;
  readonly digest: string;
  readonly seq: number;
}
const ItemRowSchema = z.object({
  eventId: z.string(),
  digest: z.string(),
  seq: z.int().check(z.nonnegative()),
});
const EntryRowSchema = z.object({ sk: z.string(), previous: z.string(), body: z.string(), link: z.string() });
const HeadRowSchema = z.object({
  size: z.int().check(z.nonnegative()),
  link: z.string(),
  range: z.string(),
  sequencedAt: z.int(),
  version: z.int().check(z.positive()),
  // A head from before there were epochs is in the first one.
  epoch: z.prefault(z.int().check(z.positive()), 1),
  base: z.prefault(z.int().check(z.nonnegative()), 0),
});
const EpochRowSchema = z.object({
  epoch: z.int().check(z.positive()),
  base: z.int().check(z.nonnegative()),
});

export function itemRow(key: Key, { facts }: AuditDraft, seq: number): Item {
  return { ...key, eventId: facts.eventId, digest: imageOf(facts), seq };
}

/** The image that the change left, or for a removal the one that it took. */
export function imageOf(facts: AuditDraft['facts']): string {
  return facts.after ?? facts.before ?? '';
}

export function readItemRow(row: Item): ItemRow {
  return parsed(ItemRowSchema, row);
}

export function entryRow(log: string, { seq, leaf, link }: StoredEntry): Item {
  return {
    ...entryKey(log, seq),
    previous: base64Of(previousLink(leaf)),
    body: entryText(leaf),
    link: base64Of(link),
  };
}

export function readEntryRow(row: Item): StoredEntry {
  const { sk, previous, body, link } = parsed(EntryRowSchema, row);
  return { seq: Number(sk), leaf: joinLeaf(linkOf(row, previous), body), link: linkOf(row, link) };
}

/** The head's fields. It is updated, never put, so that a role's updates can be limited to it. */
export function headFields(head: LogHead): [Path, Attribute][] {
  const { size, link, range, sequencedAt, version, epoch, base } = head;
  return [
    [['size'], size],
    [['link'], base64Of(link)],
    [['range'], encodeRange(range)],
    [['sequencedAt'], sequencedAt],
    [['version'], version],
    [['epoch'], epoch],
    [['base'], base],
  ];
}

export function readHeadRow(log: string, row: Item | undefined): LogHead {
  if (row === undefined) {
    return {
      log,
      size: 0,
      link: GENESIS_LINK,
      range: EMPTY_RANGE,
      sequencedAt: 0,
      version: 0,
      ...FIRST_EPOCH,
    };
  }
  const { size, link, range, ...rest } = parsed(HeadRowSchema, row);
  try {
    return {
      log,
      size,
      link: linkOf(row, link),
      range: decodeRange(size - rest.base, range),
      ...rest,
    };
  } catch (cause) {
    throw new AuditLogBrokenError(`${row.pk}: the Merkle range does not fit the size`, { cause });
  }
}

export const FIRST_EPOCH: LogEpoch = { epoch: 1, base: 0 };

export function epochRow(log: string, { epoch, base }: LogEpoch): Item {
  return { ...epochRowKey(log, epoch), epoch, base };
}

export function readEpochRow(row: Item): LogEpoch {
  const { epoch, base } = parsed(EpochRowSchema, row);
  if (epochRowKey('', epoch).sk !== row.sk)
    throw new AuditLogBrokenError(`${row.pk} ${row.sk}: not a row of ours`);
  return { epoch, base };
}

function linkOf(row: Item, text: string): Uint8Array {
  try {
    const bytes = bytesOfBase64(text);
    if (bytes.length === LINK_BYTES) return bytes;
  } catch (cause) {
    throw new AuditLogBrokenError(`${row.pk} ${row.sk}: a link is not base64`, { cause });
  }
  throw new AuditLogBrokenError(`${row.pk} ${row.sk}: a link is not of ${LINK_BYTES} bytes`);
}

function parsed<T>(schema: z.ZodMiniType<T>, row: Item): T {
  const result = schema.safeParse(row);
  if (!result.success)
    throw new AuditLogBrokenError(`${row.pk} ${row.sk}: not a row of ours`, { cause: result.error });
  return result.data;
}
