import { type ReadFrom, readSlice } from '../../functions/audit-check/read-log';
import { verifyChain } from '../../shared/domain/audit-chain';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { sha256Hex } from '../../shared/domain/digest';
import { auditStore } from '../../shared/stores/audit-store';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { START } from '../support/audit-scenario';
import { draftsOf } from './audit-drafts';
import { type Figure, median } from './figure';

const ENTRIES = 20_000;
const ROUNDS = 9;
const WARM_UP = 4;

/** What the incremental check costs of the new entries, of CPU: hashing them, checking them as a chain, and looking into them as the check does. */
export async function measureAuditCheck(): Promise<readonly Figure[]> {
  const entries = await entriesOf(ENTRIES);
  const rounds: { hash: number; chain: number; whole: number }[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const hash = await cpuMs(async () => {
      for (const { leaf } of entries) sha256Hex(leaf);
    });
    const chain = await cpuMs(async () => void (await verifyChain(entries)));
    const whole = await cpuMs(() => readAll(entries));
    if (round >= WARM_UP) rounds.push({ hash, chain, whole });
  }
  const of = (part: 'chain' | 'whole') => median(rounds.map((round) => round[part] / round.hash));
  const reference = { value: 1, what: `SHA-256 over the same ${entries.length} entries` };
  return [
    {
      name: 'audit_check_integrity_of_new',
      value: of('chain'),
      unit: 'times the hash time',
      goal: { atMost: 1.2 },
      reference,
      note: 'bytes, links, places and head of what is new: what the incremental check proves',
    },
    {
      name: 'audit_check_whole_of_new',
      value: of('whole'),
      unit: 'times the hash time',
      goal: { atMost: 1.2 },
      reference,
      note: 'the same with every body parsed and validated: times, revs, activity by the hour',
    },
  ];
}

async function readAll(entries: readonly StoredEntry[]): Promise<void> {
  const last = entries.at(-1) as StoredEntry;
  const head = {
    log: 'grace',
    size: entries.length,
    link: last.link,
    range: { size: 0, hashes: [] },
    sequencedAt: 0,
    version: 1,
    epoch: 1,
    base: 0,
  };
  const log = {
    append: async () => [],
    entriesOf: async () => [],
    head: async () => head,
    epochs: async () => [{ epoch: 1, base: 0 }],
    entries: async function* (from: number, to?: number) {
      yield* entries.slice(from, to);
    },
  };
  let from: ReadFrom = { seq: 0, link: new Uint8Array(32), sequencedAt: 0 };
  while (from.seq < entries.length) {
    from = (await readSlice(from, { log, head, heard: {}, now: START })).next;
  }
}

async function entriesOf(count: number): Promise<readonly StoredEntry[]> {
  const log = auditStore(createMemoryTable({ clock: { now: () => START } }), {
    clock: { now: () => START, sleep: async () => undefined },
    random: () => 0.5,
  });
  await log.append(draftsOf(count), START);
  const entries: StoredEntry[] = [];
  for await (const entry of log.entries(0)) entries.push(entry);
  return entries;
}

async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
