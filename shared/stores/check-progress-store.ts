import * as z from 'zod/mini';
import { GENESIS_LINK } from '../domain/audit-entry';
import { base64Of, bytesOfBase64 } from '../domain/base64-bytes';
import { checkCursorKey, hourKey } from '../domain/keys';
import type { CheckProgress, CheckProgressStore, HourSummary } from '../ports/audit-check';
import type { Attribute, Item, Table, Write } from '../ports/table';
import { absent, equals } from './when';

const Time = z.int();
const Cursor = z.object({
  version: z.int().check(z.positive()),
  seq: z.int().check(z.nonnegative()),
  link: z.string(),
  sequencedAt: Time,
  heard: z.record(z.string(), z.object({ askedAt: z.optional(Time), activeAt: z.optional(Time) })),
  sealedTo: z.int().check(z.nonnegative()),
  // Absent where the last check was of a version whose canary nobody answered.
  songs: z._default(z.array(z.object({ rev: z.int(), at: Time })), []),
  watched: z.array(z.string()),
  rescan: z.optional(z.object({ seq: z.int(), link: z.string(), sequencedAt: Time })),
  sweep: z.optional(z.object({ startedAt: Time, after: z.optional(z.string()) })),
  sweptAt: Time,
});

const NOTHING_YET: CheckProgress = {
  version: 0,
  seq: 0,
  link: GENESIS_LINK,
  sequencedAt: 0,
  heard: {},
  sealedTo: 0,
  songs: [],
  watched: [],
  rescan: undefined,
  sweep: undefined,
  sweptAt: 0,
};

/** The checks' own rows in the state table, both not audited: the cursor, and the hourly counts. */
export function checkProgressStore(table: Table): CheckProgressStore {
  return {
    async get() {
      const item = await table.get(checkCursorKey);
      return item === undefined ? NOTHING_YET : readCursor(item);
    },

    async move(from, to, hours) {
      const counts = [...hours].map(
        ([hour, counted]): Write => ({
          kind: 'update',
          key: hourKey(hour),
          update: { add: Object.entries(counted) },
        }),
      );
      const cursor: Write = {
        kind: 'put',
        item: { ...checkCursorKey, schemaVersion: 1, ...fieldsOf(to), version: from.version + 1 },
        condition: from.version === 0 ? absent('pk') : equals('version', from.version),
      };
      return (await table.write([cursor, ...counts])).ok;
    },

    async summaries(from, to) {
      const found: HourSummary[] = [];
      let after: string | undefined;
      do {
        const page = await table.query({
          pk: hourKey(from).pk,
          skFrom: from,
          skTo: to,
          ...(after === undefined ? {} : { after }),
        });
        found.push(...page.items.map(summaryOf));
        after = page.next;
      } while (after !== undefined);
      return found;
    },
  };
}

function fieldsOf(to: Omit<CheckProgress, 'version'>): Record<string, Attribute> {
  const { link, songs, sweep, rescan, heard, ...rest } = to;
  return {
    ...rest,
    link: base64Of(link),
    heard: heard as unknown as Attribute,
    songs: songs.map((song) => ({ ...song })),
    ...(rescan === undefined ? {} : { rescan: { ...rescan, link: base64Of(rescan.link) } }),
    ...(sweep === undefined
      ? {}
      : {
          sweep: { startedAt: sweep.startedAt, ...(sweep.after === undefined ? {} : { after: sweep.after }) },
        }),
  };
}

function readCursor(item: Item): CheckProgress {
  const { link, sweep, rescan, heard, ...rest } = Cursor.parse(item);
  return {
    ...rest,
    link: bytesOfBase64(link),
    heard: heard as CheckProgress['heard'],
    rescan: rescan && { ...rescan, link: bytesOfBase64(rescan.link) },
    sweep: sweep && { startedAt: sweep.startedAt, after: sweep.after },
  };
}

function summaryOf({ sk, ...counts }: Item): HourSummary {
  const of = (what: string) =>
    Object.fromEntries(
      Object.entries(counts).flatMap(([name, count]) =>
        name.startsWith(`${what}:`) && typeof count === 'number'
          ? [[name.slice(what.length + 1), count]]
          : [],
      ),
    );
  return { hour: sk, activity: of('activity'), failures: of('failures') };
}
