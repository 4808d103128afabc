import type { StoredEntry } from '../../shared/domain/audit-entry';
import { epochKey } from '../../shared/domain/keys';
import { EPOCH_CLOSED } from '../../shared/domain/log-epochs';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { Attribute, ChangeRecord, Item, Key, Table, Write } from '../../shared/ports/table';
import { auditStore } from '../../shared/stores/audit-store';
import { StoreUnavailableError } from '../../shared/stores/errors';
import { createMemoryTable, type MemoryTable } from '../../shared/stores/memory-table';

/** Mulberry32: small, seeded, good enough to choose schedules. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const START = Date.UTC(2026, 0, 5, 12);

/** A clock that goes on by a millisecond a look, and whose sleeps give the others a turn. */
export function turnClock(random: () => number) {
  let now = START;
  return {
    now: () => now++,
    sleep: async (ms: number) => {
      now += Math.round(ms);
      await turns(1 + Math.floor(random() * 30));
    },
  };
}

export async function turns(n: number): Promise<void> {
  for (let i = 0; i < n; i += 1) await undefined;
}

const CONTRACT_IDS = [
  '01K2Z8WQX3M5N7P9R1T3V5W7Y9',
  '01K2Z8WQX3M5N7P9R1T3V5W7YA',
  '01K2Z8WQX3M5N7P9R1T3V5W7YB',
];
export const MISSION_ID = '01K2Z8WQX3M5N7P9R1T3V5W7ZZ';

export function changeOf(
  key: Key,
  rev: number,
  extra: Record<string, string> = {},
): Record<string, Attribute> {
  return {
    id: `${key.pk}/${key.sk}/${rev}`,
    event: 'agentic.action_executing',
    actor: 'arn:aws:sts::123456789012:assumed-role/grace-executor/grace',
    reason: 'GATE_PASSED',
    correlationId: '4c1f2d9e-6a57-4a38-9a8e-0d3c5b7e9f11',
    missionId: MISSION_ID,
    contractId: CONTRACT_IDS[0] as string,
    at: START + rev,
    ...extra,
  };
}

/** An item of the state table whose changes are recorded. */
export function stateTable() {
  const records: ChangeRecord[] = [];
  const clock = { now: () => START };
  const table = createMemoryTable({ clock, onChange: (record) => records.push(record) });
  const write = async (...writes: Write[]): Promise<void> => {
    await table.write(writes);
  };
  /** A proper change: the next rev, a change of its own. */
  const change = async (
    key: Key,
    fields: Record<string, Attribute> = {},
    extra: Record<string, string> = {},
  ) => {
    const before = await table.get(key);
    const rev = (typeof before?.['rev'] === 'number' ? before['rev'] : 0) + 1;
    await write({
      kind: 'put',
      item: { ...before, ...key, ...fields, rev, change: changeOf(key, rev, extra) },
    });
  };
  return { table, records, write, change };
}
export type StateTable = ReturnType<typeof stateTable>;

/**
 * Items of contracts and one mission that change many times, now and then by hand. `closings`: how often, of all changes, the
 * epoch of the log is closed.
 */
export async function randomHistory(
  random: () => number,
  changes: number,
  closings = 0,
): Promise<StateTable> {
  const state = stateTable();
  const keys: Key[] = [
    { pk: `MISSION#${MISSION_ID}`, sk: 'MISSION' },
    ...CONTRACT_IDS.flatMap((id) => [
      { pk: `CONTRACT#${id}`, sk: 'CONTRACT' },
      { pk: `CONTRACT#${id}`, sk: 'STEP#00#forward' },
    ]),
  ];
  for (let n = 0; n < changes; n += 1) {
    const key = keys[Math.floor(random() * keys.length)] as Key;
    const before = await state.table.get(key);
    if (closings > 0 && random() < closings) {
      await state.change(epochKey, {}, { event: EPOCH_CLOSED });
      continue;
    }
    const kind = random();
    if (before === undefined || kind < 0.8) await state.change(key, { status: `s${n}` });
    else if (kind < 0.88)
      await state.write({ kind: 'put', item: { ...before, status: `by hand ${n}` } as Item });
    else if (kind < 0.94) await state.write({ kind: 'delete', key });
    else await state.write({ kind: 'put', item: { ...key, note: n } as Item });
  }
  return state;
}

/** The audit table with what can go wrong: turns taken by others, faults, lost answers. */
export function troubledTable(table: Table, trouble: { random: () => number; rate: number }): Table {
  const { random, rate } = trouble;
  const pause = () => turns(Math.floor(random() * 6));
  const fail = (when: string, chance = rate) => {
    if (random() < chance)
      throw random() < 0.5 ? new StoreUnavailableError(when) : new Error(`process ended ${when}`);
  };
  return {
    get: async (key) => {
      await pause();
      fail('at a read', rate / 50); // a batch reads up to a hundred rows
      const item = await table.get(key);
      await pause();
      return item;
    },
    query: async (input) => table.query(input),
    write: async (writes, token) => {
      await pause();
      fail('before the write');
      const result = await table.write(writes, token);
      await pause();
      fail('after the write');
      return result;
    },
  };
}

/** A seeded mistake: the same protocol without the conditions on some rows. */
export function without(table: Table, prefixes: readonly string[]): Table {
  const isBare = (write: Write): boolean => {
    const { pk } = write.kind === 'put' ? write.item : write.key;
    return prefixes.some((prefix) => pk.startsWith(prefix));
  };
  const bare = (write: Write): Write => {
    if (write.kind === 'check' || !isBare(write)) return write;
    const { condition: _condition, ...rest } = write;
    return rest;
  };
  return { ...table, write: (writes) => table.write(writes.map(bare)) };
}

export function auditTable(onConsumed?: (units: number) => void): MemoryTable {
  return createMemoryTable({ clock: { now: () => START }, ...(onConsumed ? { onConsumed } : {}) });
}

export function calmLog(table: Table): AuditLog {
  const random = seededRandom(1);
  return auditStore(table, { clock: turnClock(random), random });
}

export async function allOf(entries: AsyncIterable<StoredEntry>): Promise<StoredEntry[]> {
  const all: StoredEntry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}
