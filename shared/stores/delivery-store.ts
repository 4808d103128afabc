import type { Change } from '../contracts/change';
import { Delivery } from '../contracts/webhook';
import { deliveryKey } from '../domain/keys';
import type { DeliveryStore } from '../ports/outbound';
import type { Attribute, Item, Table } from '../ports/table';
import { SHARDS } from './contract-store';
import { changeFor } from './item-writes';
import { absent, equals } from './when';

/** Days after the last attempt when the table may drop it: what happened stays in the audit log. */
const KEPT_DAYS = 30;
const EVENT_OF = { pending: 'webhook.failed', delivered: 'webhook.delivered', dead: 'webhook.dead' } as const;
const FIELDS = Object.keys(Delivery.shape) as (keyof Delivery)[];

/** Deliveries of webhooks on the state table: one item each, written once an attempt. */
export function deliveryStore(table: Table): DeliveryStore {
  return {
    async get(deliveryId) {
      const item = await table.get(deliveryKey(deliveryId));
      return item === undefined ? undefined : deliveryOf(item);
    },

    async record(attempted, seen, why) {
      const { correlationId, contractId, missionId, ...fields } = attempted;
      const { deliveryId, attempts, lastAt, status, outcome } = attempted;
      const belongs = {
        correlationId,
        ...(contractId === undefined ? {} : { contractId }),
        ...(missionId === undefined ? {} : { missionId }),
      };
      // Two copies of a message may try at the same moment; what came of it tells them apart.
      const change = changeFor(
        `${deliveryId}/${attempts}/${status}/${outcome}`,
        EVENT_OF[status],
        why,
        belongs,
      );
      const item: Item = {
        ...deliveryKey(deliveryId),
        ...fields,
        schemaVersion: 1,
        rev: (seen?.rev ?? 0) + 1,
        change: change as unknown as Attribute,
        listPk: `DELIVERY#${Number.parseInt(deliveryId.slice(0, 2), 16) % SHARDS}`,
        listSk: `${new Date(attempted.firstAt).toISOString()}#${deliveryId}`,
        ttl: Math.ceil(lastAt / 1000) + KEPT_DAYS * 86_400,
      };
      const condition = seen === undefined ? absent('pk') : equals('rev', seen.rev);
      const result = await table.write([{ kind: 'put', item, condition }]);
      if (result.ok) return 'recorded';
      // My own write, whose answer was lost.
      const stands = result.failed[0]?.item?.['change'] as Change | undefined;
      return stands?.id === change.id ? 'recorded' : 'overtaken';
    },

    async list(limit) {
      const shards = Array.from({ length: SHARDS }, (_, shard) => `DELIVERY#${shard}`);
      const pages = await Promise.all(
        shards.map((pk) => table.query({ pk, index: 'list', newestFirst: true, limit })),
      );
      // The index has keys only.
      const newest = pages
        .flatMap((page) => page.items)
        .sort((a, b) => (String(a['listSk']) < String(b['listSk']) ? 1 : -1))
        .slice(0, limit);
      const items = await Promise.all(newest.map(({ pk, sk }) => table.get({ pk, sk })));
      return items.filter((item) => item !== undefined).map(deliveryOf);
    },
  };
}

function deliveryOf(item: Item): Delivery {
  const fields = FIELDS.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]);
  return Delivery.parse(Object.fromEntries(fields));
}
