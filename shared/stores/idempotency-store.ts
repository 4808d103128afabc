import * as z from 'zod/mini';
import { idempotencyKey } from '../domain/keys';
import type { IdempotencyStore, IdempotentRequest, StoredAnswer } from '../ports/api';
import type { Attribute, Path, Table } from '../ports/table';
import { absent, all, any, atMost, equals } from './when';

/** Longer than the function that does it may run. Milliseconds. */
const LEASE_MS = 60_000;
/** How long an answer is given again. */
const KEPT_MS = 24 * 3_600_000;

const Stored = z.object({
  digest: z.string(),
  until: z.number(),
  answer: z.optional(z.object({ status: z.number(), etag: z.optional(z.string()), body: z.string() })),
});

/** One item a key: a lease while the request is under way, then its answer. Expired ones count as absent. */
export function idempotencyStore(table: Table): IdempotencyStore {
  return {
    async begin({ id, digest }, now) {
      const item = { ...idempotencyKey(id), digest, until: now + LEASE_MS, ttl: ttlOf(now + LEASE_MS) };
      const free = any(absent('pk'), atMost('until', now));
      const written = await table.write([{ kind: 'put', item, condition: free }]);
      if (written.ok) return { kind: 'begun' };
      const held = Stored.parse(written.failed[0]?.item);
      if (held.digest !== digest) return { kind: 'other_request' };
      return held.answer === undefined
        ? { kind: 'in_progress' }
        : { kind: 'done', answer: answerOf(held.answer) };
    },

    async finish(request, answer, now) {
      const { etag, ...rest } = answer;
      const stored: Attribute = { ...rest, ...(etag === undefined ? {} : { etag }) };
      await change(request, [
        [['answer'], stored],
        [['until'], now + KEPT_MS],
        [['ttl'], ttlOf(now + KEPT_MS)],
      ]);
    },

    abandon: (request) => change(request, [[['until'], 0]]),
  };

  /** Only what this request began: another one may have followed a lease that ran out. */
  async function change({ id, digest }: IdempotentRequest, set: [Path, Attribute][]): Promise<void> {
    const mine = all(equals('digest', digest), absent('answer'));
    await table.write([{ kind: 'update', key: idempotencyKey(id), update: { set }, condition: mine }]);
  }
}

/** Housekeeping only: conditions compare `until`. */
const ttlOf = (until: number): number => Math.ceil(until / 1000) + 3600;

const answerOf = ({ status, etag, body }: z.infer<typeof Stored>['answer'] & object): StoredAnswer => ({
  status,
  body,
  ...(etag === undefined ? {} : { etag }),
});
