import type { AuditBody, AuditFault, ClosedEpoch } from '../contracts/audit-body';
import { epochOrigin } from '../contracts/log-origin';
import { readAuditBody } from '../contracts/read-audit-body';
import { encodeLeaf, linkedEntry, RECONCILED, type StoredEntry } from '../domain/audit-entry';
import { sha256Hex } from '../domain/digest';
import { contractKey, missionKey } from '../domain/keys';
import { appendLeaf, EMPTY_RANGE, merkleRoot } from '../domain/merkle-range';
import type { AuditDraft, AuditLog, LogEpoch, Logged, LogHead } from '../ports/audit-log';
import type { Clock, Random } from '../ports/clock';
import type { Item, Key, Table, Write } from '../ports/table';
import { AuditContentionError, AuditLogBrokenError } from './audit-errors';
import {
  asideKey,
  claimKey,
  ENTRIES_PER_PARTITION,
  entryKey,
  entryRow,
  epochRow,
  epochRowKey,
  FIRST_EPOCH,
  headFields,
  headKey,
  type ItemRow,
  imageOf,
  itemRow,
  itemRowsPk,
  readEntryRow,
  readEpochRow,
  readHeadRow,
  readItemRow,
} from './audit-rows';
import { StoreUnavailableError } from './errors';
import { absent, equals } from './when';

/** The head, two rows an entry, and one of a new epoch: the 100 writes that a transaction takes. */
export const MAX_BATCH = 49;
const MAX_TRIES = 16;
/** Full jitter: a wait between 0 and min(cap, base × 2^tries). Milliseconds. */
const JITTER_BASE = 25;
const JITTER_CAP = 1000;
const READS_AT_ONCE = 16;

export interface AuditStoreOptions {
  readonly log?: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * The audit log on a table (rows: `audit-rows.ts`). A batch is one transaction: the head moves by
 * compare-and-swap on its version, every entry and item row must be absent. So entries are dense and
 * chained, and a change is in the log once, with any number of appenders. The first try reads the head
 * only; the item rows, which tell what is already logged, are read once a try has failed.
 *
 * Writes an entry: two rows; a batch: the head. In a transaction that is 4 write units an entry whose rows
 * are below 1 KB each, and 2 a batch.
 */
export function auditStore(table: Table, { log = 'grace', clock, random }: AuditStoreOptions): AuditLog {
  const readHead = async (): Promise<LogHead> => readHeadRow(log, await table.get(headKey(log)));

  const readRow = async (key: Key): Promise<ItemRow | undefined> => {
    const row = await table.get(key);
    return row === undefined ? undefined : readItemRow(row);
  };

  const appendBatch = async (drafts: readonly AuditDraft[], now: number): Promise<readonly Logged[]> => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (tries > 0) await clock.sleep(random() * Math.min(JITTER_CAP, JITTER_BASE * 2 ** tries));
      const head = await readHead();
      const rows = tries === 0 ? new Map<string, ItemRow>() : await readRows(drafts);
      const { logged, fresh, after } = place(drafts, { head, rows, now });
      if (fresh.length === 0) return logged;
      try {
        if ((await table.write(writesOf(head, after, fresh), tokenOf(after, fresh))).ok) return logged;
      } catch (fault) {
        // In conflict with another appender, or the answer was lost: the next try finds out.
        if (!(fault instanceof StoreUnavailableError) || tries === MAX_TRIES - 1) throw fault;
      }
    }
    throw new AuditContentionError(MAX_TRIES);
  };

  const readRows = async (drafts: readonly AuditDraft[]): Promise<Map<string, ItemRow>> => {
    const keys = drafts.flatMap((draft) =>
      draft.aside ? [asideKey(draft)] : [claimKey(draft), asideKey(draft)],
    );
    const rows = new Map<string, ItemRow>();
    for (const some of chunks(keys, READS_AT_ONCE)) {
      await Promise.all(
        some.map(async (key) => {
          const row = await readRow(key);
          if (row !== undefined) rows.set(nameOf(key), row);
        }),
      );
    }
    return rows;
  };

  const writesOf = (head: LogHead, after: LogHead, fresh: readonly Fresh[]): Write[] => [
    {
      kind: 'update',
      key: headKey(log),
      update: { set: headFields(after) },
      condition: head.version === 0 ? absent('pk') : equals('version', head.version),
    },
    ...(after.epoch === head.epoch
      ? []
      : [{ kind: 'put', item: epochRow(log, after), condition: absent('pk') } as const]),
    ...fresh.flatMap(({ key, draft, entry }): Write[] => [
      { kind: 'put', item: entryRow(log, entry), condition: absent('pk') },
      { kind: 'put', item: itemRow(key, draft, entry.seq), condition: absent('pk') },
    ]),
  ];

  async function* entries(from: number, to?: number): AsyncIterable<StoredEntry> {
    const end = to ?? (await readHead()).size;
    for (
      let seq = from;
      seq < end;
      seq = (Math.floor(seq / ENTRIES_PER_PARTITION) + 1) * ENTRIES_PER_PARTITION
    ) {
      const { pk, sk } = entryKey(log, seq);
      for await (const row of rowsOf(table, pk, sk)) {
        const entry = readEntryRow(row);
        if (entry.seq >= end) return;
        yield entry;
      }
    }
  }

  const seqsOf = async (pk: string): Promise<number[]> => {
    const seqs: number[] = [];
    for await (const row of rowsOf(table, itemRowsPk(pk))) seqs.push(readItemRow(row).seq);
    return seqs;
  };

  const entriesAt = async (seqs: readonly number[]): Promise<StoredEntry[]> => {
    const found: StoredEntry[] = [];
    for (const some of chunks(
      [...new Set(seqs)].sort((a, b) => a - b),
      READS_AT_ONCE,
    )) {
      const rows = await Promise.all(some.map((seq) => table.get(entryKey(log, seq))));
      rows.forEach((row, index) => {
        if (row === undefined)
          throw new AuditLogBrokenError(`the index names entry ${some[index]}, which is not there`);
        found.push(readEntryRow(row));
      });
    }
    return found;
  };

  return {
    async append(drafts, now) {
      const logged: Logged[] = [];
      for (const batch of batchesOf(drafts)) logged.push(...(await appendBatch(batch, now)));
      return logged;
    },
    head: readHead,
    async epochs() {
      const epochs: LogEpoch[] = [FIRST_EPOCH];
      for await (const row of rowsOf(table, epochRowKey(log, 1).pk)) epochs.push(readEpochRow(row));
      return epochs;
    },
    entries,
    async entriesOf(of) {
      if ('contractId' in of) return entriesAt(await seqsOf(contractKey(of.contractId).pk));
      const own = await seqsOf(missionKey(of.missionId).pk);
      const named = (await entriesAt(own)).map((entry) => readAuditBody(entry.leaf).contractId);
      const contractIds = new Set([...named.filter((id) => id !== undefined), ...(of.contractIds ?? [])]);
      const theirs: number[] = [];
      for (const id of contractIds) theirs.push(...(await seqsOf(contractKey(id).pk)));
      return entriesAt([...own, ...theirs]);
    },
  };

  function place(
    drafts: readonly AuditDraft[],
    on: { head: LogHead; rows: Map<string, ItemRow>; now: number },
  ) {
    const logged: Logged[] = [];
    const fresh: Fresh[] = [];
    // Rows as they stand, and as this batch leaves them: two changes of one rev may come in one batch.
    const rows = new Map(on.rows);
    const sequencedAt = Math.max(on.now, on.head.sequencedAt);
    let after = on.head;
    for (const draft of drafts) {
      const { key, row, fault } = rowFor(draft, rows);
      if (row !== undefined) {
        logged.push({ seq: row.seq, draft, fault, repeated: true });
        continue;
      }
      const seq = after.size;
      const unattributed = fault === undefined ? {} : { attributed: false, fault };
      const closes = fault === undefined ? closedBy(draft, after) : undefined;
      if (closes !== undefined) after = { ...after, epoch: after.epoch + 1, base: seq, range: EMPTY_RANGE };
      const body: AuditBody = {
        ...draft.facts,
        ...unattributed,
        ...(closes === undefined ? {} : { closes }),
        v: 1,
        log,
        seq,
        sequencedAt,
      };
      const entry = linkedEntry(seq, encodeLeaf(after.link, body));
      after = {
        ...after,
        size: seq + 1,
        link: entry.link,
        range: appendLeaf(after.range, entry.link),
        sequencedAt,
        version: on.head.version + 1,
      };
      rows.set(nameOf(key), { eventId: draft.facts.eventId, digest: imageOf(draft.facts), seq });
      fresh.push({ key, draft, entry });
      logged.push({ seq, draft, fault, repeated: false });
    }
    return { logged, fresh, after };
  }
}

interface Fresh {
  readonly key: Key;
  readonly draft: AuditDraft;
  readonly entry: StoredEntry;
}

/** The item row that a change belongs in, and what stands there if it is this very change. */
function rowFor(draft: AuditDraft, rows: ReadonlyMap<string, ItemRow>): Placed {
  const { facts } = draft;
  const aside = { key: asideKey(draft), row: rows.get(nameOf(asideKey(draft))) };
  if (draft.aside) return { ...aside, fault: facts.fault };
  const key = claimKey(draft);
  const row = rows.get(nameOf(key));
  if (row === undefined) return { key, row, fault: facts.fault };
  const isFilledIn = row.eventId.startsWith(RECONCILED);
  const isThis =
    row.eventId === facts.eventId ||
    (isFilledIn && row.digest === imageOf(facts)) ||
    // The record came after all while its place was being filled in.
    facts.eventId.startsWith(RECONCILED);
  if (isThis) return { key, row, fault: facts.fault };
  return { ...aside, fault: facts.fault ?? (isFilledIn && row.digest === '' ? 'LATE' : 'REV_TAKEN') };
}
interface Placed {
  readonly key: Key;
  readonly row: ItemRow | undefined;
  readonly fault: AuditFault | undefined;
}

/** The open epoch as it is when this change closes it. One without an entry cannot be closed. */
function closedBy(
  { closes: name }: AuditDraft,
  { epoch, base, size, range }: LogHead,
): ClosedEpoch | undefined {
  if (name === undefined || size === base) return undefined;
  const root = Buffer.from(merkleRoot(range)).toString('hex');
  return { origin: epochOrigin(name, epoch), base, size: size - base, root };
}

/** A change that closes an epoch begins a batch, so that no batch closes two. */
function batchesOf(drafts: readonly AuditDraft[]): AuditDraft[][] {
  const batches: AuditDraft[][] = [];
  for (const draft of drafts) {
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === MAX_BATCH || draft.closes !== undefined)
      batches.push([draft]);
    else batch.push(draft);
  }
  return batches;
}

/** A token for exactly this transaction: the last link depends on everything before it, but not on the rows' keys. */
function tokenOf(after: LogHead, fresh: readonly Fresh[]): string {
  const keys = fresh.map(({ key }) => nameOf(key)).join('\n');
  return sha256Hex(`${Buffer.from(after.link).toString('hex')}\n${keys}`).slice(0, 36);
}

const nameOf = (key: Key): string => `${key.pk}\n${key.sk}`;

function chunks<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += size) parts.push(all.slice(at, at + size));
  return parts;
}

async function* rowsOf(table: Table, pk: string, skFrom?: string): AsyncIterable<Item> {
  let after: string | undefined;
  do {
    const page = await table.query({
      pk,
      ...(skFrom === undefined ? {} : { skFrom }),
      ...(after === undefined ? {} : { after }),
    });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
