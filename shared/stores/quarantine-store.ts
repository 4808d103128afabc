import * as z from 'zod/mini';
import { Quarantined, QuarantineEntry } from '../contracts/quarantine';
import { quarantineKey } from '../domain/keys';
import type { QuarantineStore } from '../ports/quarantine';
import type { Attribute, Item, Path, Table } from '../ports/table';
import { SHARDS } from './contract-store';
import { changeFor, newItem } from './item-writes';
import { absent, all, exists } from './when';

const LISTS = { held: 'QUARANTINE', released: 'RELEASED' } as const;

/** As stored, tolerantly: keys, `schemaVersion` and the list's own attributes are left out. */
const Stored = z.object({
  ...Quarantined.shape,
  findings: z._default(Quarantined.shape.findings, []),
  released: QuarantineEntry.shape.released,
  rev: z.int(),
  change: z.object({ id: z.string() }),
});

/** Quarantined messages on the state table, listed by a sharded index: held ones and released ones apart. */
export function quarantineStore(table: Table): QuarantineStore {
  const read = async (id: string) => {
    const item = await table.get(quarantineKey(id));
    return item === undefined ? undefined : Stored.parse(item);
  };

  return {
    async put(poison, why) {
      const change = changeFor(`quarantine/${poison.id}`, 'error.quarantined', why, {
        correlationId: poison.id,
      });
      const item = newItem(quarantineKey(poison.id), change, {
        ...poison,
        ...listed('held', poison.id, poison.receivedAt),
      });
      await table.write([{ kind: 'put', item, condition: absent('pk') }]);
    },

    async get(id) {
      const stored = await read(id);
      return stored === undefined ? undefined : entryOf(stored);
    },

    async list({ status, limit, before }) {
      // Each shard may have all of the page; one more than asked for says whether there is another page.
      const pages = await Promise.all(
        Array.from({ length: SHARDS }, (_, shard) =>
          table.query({
            pk: `${LISTS[status]}#${shard}`,
            index: 'list',
            newestFirst: true,
            limit: limit + 2,
            ...(before === undefined ? {} : { skTo: before }),
          }),
        ),
      );
      const keys = pages
        .flatMap(({ items }) => items.map((item) => String(item['listSk'])))
        .filter((key) => key !== before)
        .sort()
        .reverse();
      const page = keys.slice(0, limit);
      const found = await Promise.all(page.map((key) => read(key.slice(key.indexOf('#') + 1))));
      const next = keys.length > limit ? page.at(-1) : undefined;
      return {
        entries: found.flatMap((stored) => (stored === undefined ? [] : [entryOf(stored)])),
        ...(next === undefined ? {} : { next }),
      };
    },

    async release(id, why) {
      const change = changeFor(`quarantine/${id}/${why.actor}/${why.at}`, 'quarantine.released', why, {
        correlationId: id,
      });
      const set: [Path, Attribute][] = [
        [['released'], { by: why.actor, reason: why.reason, at: why.at }],
        [['change'], change as unknown as Attribute],
        ...Object.entries(listed('released', id, why.at)).map(([name, value]): [Path, Attribute] => [
          [name],
          value,
        ]),
      ];
      const written = await table.write([
        {
          kind: 'update',
          key: quarantineKey(id),
          update: { set, add: [['rev', 1]] },
          condition: all(exists('body'), absent('released')),
        },
      ]);
      const stored = written.ok ? await read(id) : standing(written.failed[0]?.item);
      if (stored === undefined) return { ok: false, code: 'NOT_FOUND' };
      const entry = entryOf(stored);
      // My own write, whose answer was lost.
      if (written.ok || stored.change.id === change.id) return { ok: true, entry };
      return { ok: false, code: entry.releasable ? 'ALREADY_RELEASED' : 'NOT_RELEASABLE', entry };
    },

    async releasedBody(id) {
      const stored = await read(id);
      if (stored?.body === undefined || stored.released === undefined) return undefined;
      return { body: stored.body, by: stored.released.by };
    },
  };
}

const standing = (item: Item | undefined) => (item === undefined ? undefined : Stored.parse(item));

function entryOf({ body, change: _change, ...shown }: z.infer<typeof Stored>): QuarantineEntry {
  const status = shown.released === undefined ? 'held' : 'released';
  return QuarantineEntry.parse({ ...shown, status, releasable: body !== undefined });
}

function listed(status: keyof typeof LISTS, id: string, at: number): { listPk: string; listSk: string } {
  const shard = id.charCodeAt(id.length - 1) % SHARDS;
  return { listPk: `${LISTS[status]}#${shard}`, listSk: `${new Date(at).toISOString()}#${id}` };
}
