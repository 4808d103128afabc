import type { Contract } from '../contracts/contract';
import { Outcome } from '../contracts/outcome';
import { Measurement, SnapshotItem } from '../contracts/state-items';
import { benchmarkKey, outcomeKey, snapshotKey } from '../domain/keys';
import type { OutcomeReader, Reason } from '../ports/contract-store';
import type { MeasurementStore, SnapshotStore } from '../ports/stores';
import type { Item, Key, Table } from '../ports/table';
import { changeFor, newItem } from './item-writes';
import { absent } from './when';

/** Rows that are written once beside their contract: measurements, snapshots, the outcome. */
export function measurementStore(table: Table): MeasurementStore {
  return {
    async put(contract, measurement, why) {
      const key = benchmarkKey(contract.contractId, measurement.phase, measurement.n);
      await putOnce(table, contract, key, 'metric.published', why, measurement);
    },
    async get(contractId, phase, n) {
      const item = await table.get(benchmarkKey(contractId, phase, n));
      return item === undefined ? undefined : Measurement.parse(bare(item));
    },
  };
}

export function snapshotStore(table: Table): SnapshotStore {
  return {
    async put(contract, snapshot, why) {
      await putOnce(
        table,
        contract,
        snapshotKey(contract.contractId, snapshot.n),
        'snapshot.taken',
        why,
        snapshot,
      );
    },
    async get(contractId, n) {
      const item = await table.get(snapshotKey(contractId, n));
      return item === undefined ? undefined : SnapshotItem.parse(bare(item));
    },
  };
}

export function outcomeReader(table: Table): OutcomeReader {
  return {
    async outcome(contractId) {
      const item = await table.get(outcomeKey(contractId));
      return item === undefined ? undefined : Outcome.parse(item);
    },
  };
}

/**
 * Writes a child of a contract unless it is there: the first one holds. The caller has read
 * its parent, which is never deleted, so the child cannot be orphaned.
 */
async function putOnce(
  table: Table,
  contract: Contract,
  key: Key,
  event: string,
  why: Reason,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  const change = changeFor(`${key.pk}/${key.sk}`, event, why, contract);
  await table.write([{ kind: 'put', item: newItem(key, change, fields), condition: absent('pk') }]);
}

/** The item without what every item has. */
function bare(item: Item): Record<string, unknown> {
  const { pk, sk, schemaVersion, rev, change, ...fields } = item;
  return fields;
}
