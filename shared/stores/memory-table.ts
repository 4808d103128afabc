import type { ChangeRecord, Item, Key, Table, Update, Write, WriteResult } from '../ports/table';
import { assertKey, copyItem, sameAttribute, storable, storableItem } from './attribute-rules';
import { applyUpdate, creates, holds } from './condition';
import { StoreRequestError } from './errors';
import { itemSize, MAX_ITEM_BYTES } from './item-size';
import { INDEX_NAMES, indexPlace, memoryItems, type Stored } from './memory-items';
import { queryMemory } from './memory-query';
import { recentTokens } from './recent-tokens';
import { assertWrites } from './write-rules';
import { writeUnits } from './write-units';

/** DynamoDB expires nothing whose time is more than five years past (it takes it for a mistake). */
const OLDEST_EXPIRY_SECONDS = 5 * 365 * 24 * 3600;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

export interface MemoryTableOptions {
  /** Milliseconds since 1970; for tokens, expiry and the time of change records. */
  readonly clock: { now(): number };
  /** Called for each changed item, in the order of the writes, after all of them are done. Must not throw. */
  readonly onChange?: (record: ChangeRecord) => void;
  /** Unique ids of change records; without it they are counted. */
  readonly eventIds?: () => string;
  /**
   * Called for each write with its write units, also for a refused one (DynamoDB charges those too; what a
   * cancelled transaction costs is not documented, so all of it is counted). `pkPrefix`: `pk` up to the `#`.
   */
  readonly onConsumed?: (
    units: number,
    kind: 'write' | 'transaction',
    part: { readonly pkPrefix: string },
  ) => void;
  /** The attribute that holds the time of expiry in seconds since 1970. */
  readonly expiryAttribute?: string;
}

export interface MemoryTable extends Table {
  /** Every item, partition by partition; copies. */
  items(): readonly Item[];
  /** Puts items as they are, over what stands there: no records, no units, no conditions. */
  load(items: Iterable<Item>): void;
  /** Takes away what has expired by the clock, with records marked `expired`; returns how many items. */
  removeExpired(): number;
}

interface Planned {
  readonly write: Write;
  readonly key: Key;
  readonly before: Stored | undefined;
  readonly after: Stored | undefined;
  readonly held: boolean;
}

/**
 * A table in memory that behaves as DynamoDB does, for tests and the simulator (`test/support/table-suite.ts`
 * says what that is). Every call takes effect at once, before its promise resolves. Unlike DynamoDB its
 * indexes are never behind, and it is never throttled or in conflict.
 */
export function createMemoryTable(options: MemoryTableOptions): MemoryTable {
  const { clock, onChange, onConsumed, expiryAttribute = 'ttl' } = options;
  const items = memoryItems();
  const tokens = recentTokens();
  let count = 0;
  const eventIds = options.eventIds ?? (() => `change-${++count}`);

  function emit(key: Key, before: Stored | undefined, after: Stored | undefined, expired: boolean): void {
    onChange?.({
      eventId: eventIds(),
      keys: { pk: key.pk, sk: key.sk },
      before: before && copyItem(before.item),
      after: after && copyItem(after.item),
      expired,
      at: clock.now(),
    });
  }

  function plan(write: Write): Planned {
    const { pk, sk } = write.kind === 'put' ? write.item : write.key;
    const key = { pk, sk };
    const before = items.get(key);
    const held = write.condition === undefined || holds(write.condition, before?.item);
    // The new item of a put is checked and counted even when the condition fails; the others change nothing.
    const after = held || write.kind === 'put' ? outcome(write, key, before) : before;
    return { write, key, before, after, held };
  }

  function write(writes: readonly Write[], token: string | undefined): WriteResult {
    assertWrites(writes);
    const transactional = writes.length > 1 || writes[0]?.kind === 'check';
    const asked = writes.length > 1 ? token : undefined;
    if (asked !== undefined && tokens.has(asked, writes, clock.now())) return { ok: true };

    const planned = writes.map(plan);
    if (writes.length > 1) assertTransactionSize(planned);
    const ok = planned.every(({ held }) => held);
    if (ok) {
      for (const {
        write: { kind },
        key,
        after,
      } of planned)
        if (kind !== 'check') items.replace(key, after);
      if (asked !== undefined) tokens.remember(asked, writes, clock.now());
    }
    for (const { key, before, after } of onConsumed ? planned : []) {
      const units = writeUnits({ before, after, transactional, done: ok });
      onConsumed?.(units, transactional ? 'transaction' : 'write', {
        pkPrefix: key.pk.split('#', 1)[0] ?? '',
      });
    }
    if (!ok) {
      return {
        ok: false,
        failed: planned.flatMap(({ held, before }, index) =>
          held ? [] : [{ index, item: before && copyItem(before.item) }],
        ),
      };
    }
    for (const { key, before, after } of onChange ? planned : []) {
      if (!sameAttribute(before?.item, after?.item)) emit(key, before, after, false);
    }
    return { ok: true };
  }

  return {
    get: async (key) => {
      assertKey(key);
      const stored = items.get(key);
      return stored && copyItem(stored.item);
    },
    query: async (input) => queryMemory(items, input),
    write: async (writes, token) => write(writes, token),
    items: () => Array.from(items.all(), ({ item }) => copyItem(item)),
    load: (loaded) => {
      for (const item of loaded) items.replace(item, stored(storableItem(item)));
    },
    removeExpired: () => {
      const now = clock.now() / 1000;
      const expired = Array.from(items.all()).filter(({ item }) => {
        const time = item[expiryAttribute];
        return typeof time === 'number' && time < now && time > now - OLDEST_EXPIRY_SECONDS;
      });
      for (const { item } of expired) items.replace(item, undefined);
      for (const before of expired) emit(before.item, before, undefined, true);
      return expired.length;
    },
  };
}

/** The limit is on what a transaction sends; of that only the items put are counted here. */
function assertTransactionSize(planned: readonly Planned[]): void {
  let bytes = 0;
  for (const { write, after } of planned) if (write.kind === 'put') bytes += after?.size ?? 0;
  if (bytes > MAX_TRANSACTION_BYTES)
    throw new StoreRequestError(`a transaction of ${bytes} bytes: the most is 4 MB`);
}

/** What stands after the write; the same object as before when nothing is written. */
function outcome(write: Write, key: Key, before: Stored | undefined): Stored | undefined {
  switch (write.kind) {
    case 'put':
      return stored(storableItem(write.item));
    case 'update':
      if (before === undefined && !creates(write.update)) return undefined;
      return stored(applyUpdate(before?.item ?? { ...key }, storableUpdate(write.update)));
    case 'delete':
      return undefined;
    case 'check':
      return before;
  }
}

function stored(item: Item): Stored {
  const size = itemSize(item);
  if (size > MAX_ITEM_BYTES) {
    throw new StoreRequestError(
      `item of ${size} bytes: the most is ${MAX_ITEM_BYTES} (${item.pk} ${item.sk})`,
    );
  }
  for (const index of INDEX_NAMES) indexPlace(item, index);
  return { item, size };
}

function storableUpdate(update: Update): Update {
  if (update.set === undefined) return update;
  return { ...update, set: update.set.map(([path, value]) => [path, storable(value, path.length - 1)]) };
}
