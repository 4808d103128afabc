import { auditCheck } from '../../functions/audit-check/audit-check';
import type { CheckDeps } from '../../functions/audit-check/check-deps';
import { seal } from '../../functions/audit-sealer/audit-sealer';
import type { SealerDeps } from '../../functions/audit-sealer/sealer-deps';
import { reconcile, sequence } from '../../functions/audit-sequencer/audit-sequencer';
import { canaryKey } from '../../shared/domain/keys';
import { SINGERS, type Singer } from '../../shared/domain/subsystems';
import type { Attribute, ChangeRecord, Item, Key, Table } from '../../shared/ports/table';
import { auditStore } from '../../shared/stores/audit-store';
import { canaryStore } from '../../shared/stores/canary-store';
import { checkProgressStore } from '../../shared/stores/check-progress-store';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import { contractStore } from '../../shared/stores/contract-store';
import { findingStore } from '../../shared/stores/finding-store';
import { loggedItems } from '../../shared/stores/logged-items';
import { memoryScan } from '../../shared/stores/memory-scan';
import { memorySeal } from '../../shared/stores/memory-seal';
import { createMemoryTable, type MemoryTable } from '../../shared/stores/memory-table';
import { changeOf, START } from './audit-scenario';
import { LOG_NAME, type TestSigner, testSigner } from './sealed-log';

export const signerOf = ({ key, sign }: TestSigner) => ({
  publicKey: async () => key.publicKey,
  sign: async (text: string) => sign(text),
});

/**
 * The state table, its stream, the log, the sealer and the check, on one clock that only `pass` moves. The stream's
 * records wait until `stream()` delivers them, so that a consumer can be behind, and records can be lost.
 */
export function auditBench() {
  let now = START;
  const clock = { now: () => now, sleep: async () => undefined };
  const records: ChangeRecord[] = [];
  const state: MemoryTable = createMemoryTable({ clock, onChange: (record) => records.push(record) });
  const audit: MemoryTable = createMemoryTable({ clock });
  const log = auditStore(audit, { clock, random: () => 0.5 });
  const counted: string[] = [];
  const recorded = new Map<string, number>();
  const quiet = () => undefined;
  const watched = {
    logger: { info: quiet, warn: quiet, error: quiet },
    metrics: {
      count: (name: string) => void counted.push(name),
      record: (name: string, value: number) => void recorded.set(name, value),
    },
  };
  const published: string[] = [];
  const mesh = {
    publish: async (events: readonly { detail: Record<string, unknown> }[]) =>
      void published.push(...events.map(({ detail }) => String(detail['kind']))),
  };
  const signer = testSigner();
  const seals = new Map([1, 2, 3, 4].map((epoch) => [epoch, memorySeal()]));
  const sealed = (epoch: number) => seals.get(epoch) ?? memorySeal();
  const checkpoints = (epoch: number) => checkpointStore(audit, { epoch });
  const findings = findingStore(state);
  const canaries = canaryStore(state);
  const mute = new Set<Singer>();
  const sequencing = { log, logName: LOG_NAME, mesh, clock, ...watched, state, logged: loggedItems(audit) };
  const sealing: SealerDeps = {
    log,
    logName: LOG_NAME,
    checkpoints,
    sealed,
    signers: [signerOf(signer)],
    witnesses: [],
    findings,
    clock,
    ...watched,
  };
  const checking: CheckDeps = {
    log,
    logged: loggedItems(audit),
    state,
    scan: memoryScan(state, 5),
    contracts: contractStore(state),
    progress: checkProgressStore(state),
    canaries,
    findings,
    sequencer: { fillIn: (fillIn) => reconcile({ fillIn: [...fillIn] }, sequencing) },
    sealer: { seal: async () => void (await seal(sealing)) },
    sealed,
    checkpoints,
    clock,
    ...watched,
    until: Number.POSITIVE_INFINITY,
  };

  /** A proper change: the next rev, a change of its own, at this moment. */
  async function change(
    key: Key,
    fields: Record<string, Attribute> = {},
    extra: Record<string, string> = {},
  ): Promise<void> {
    const before = await state.get(key);
    const rev = (typeof before?.['rev'] === 'number' ? before['rev'] : 0) + 1;
    const changed = { ...changeOf(key, rev, extra), at: now };
    await state.write([
      { kind: 'put', item: { ...before, ...key, ...fields, rev, change: changed } as Item },
    ]);
  }

  return {
    state,
    audit,
    log,
    records,
    signer,
    /** Of the first epoch. */
    sealed: sealed(1),
    checkpoints: checkpoints(1),
    findings,
    sealing,
    checking,
    counted,
    /** What was recorded last, by name. */
    recorded,
    published,
    canaries,
    mute,
    change,
    pass: (ms: number) => {
      now += ms;
    },
    /** Delivers what waits; `lose` says which records are lost. */
    async stream(lose: (record: ChangeRecord) => boolean = () => false): Promise<void> {
      const batch = records.splice(0).filter((record) => !lose(record));
      await sequence(batch, sequencing);
    },
    seal: (over: Partial<SealerDeps> = {}) => seal({ ...sealing, ...over }),
    /** Checks; then every part that is not mute has heard the song and answered. */
    async check(full = false, over: Partial<CheckDeps> = {}) {
      const output = await auditCheck({ full }, { ...checking, ...over });
      const sung = (await state.get(canaryKey))?.['rev'];
      for (const part of SINGERS) {
        if (typeof sung === 'number' && !mute.has(part)) await canaries.answer(part, { rev: sung, at: now });
      }
      return output;
    },
    async open(): Promise<string[]> {
      const all = await findings.list(100);
      return all.flatMap(({ status, finding }) => (status === 'open' ? [finding.kind] : [])).sort();
    },
  };
}
export type AuditBench = ReturnType<typeof auditBench>;

/** The audit table as somebody with the keys to it changes it: rows by key, whatever they say. */
export async function tamper(
  table: Table & { load(items: Iterable<Item>): void },
  key: Key,
  edit: (row: Item) => Item,
) {
  const row = await table.get(key);
  if (row === undefined) throw new Error(`there is no ${key.pk} ${key.sk}`);
  table.load([edit(row)]);
}
