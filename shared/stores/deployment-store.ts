import { goldenKey, jobKey, targetBenchmarkKey } from '../domain/keys';
import type { DeploymentStore } from '../ports/stores';
import type { Attribute, Path, Table } from '../ports/table';
import { changeFor, newItem } from './item-writes';
import { absent, equals, isOneOf } from './when';

/** Golden snapshots, first benchmarks and the job that bootstrap is, on the state table. */
export function deploymentStore(table: Table): DeploymentStore {
  return {
    async golden(targetKey, document, why) {
      const key = goldenKey(targetKey);
      const seen = await table.get(key);
      if (seen?.['hash'] === document.hash) return;
      const rev = typeof seen?.['rev'] === 'number' ? seen['rev'] : 0;
      const change = changeFor(`${targetKey}/golden/${document.hash}`, 'snapshot.golden', why, {
        correlationId: 'bootstrap',
      });
      const set: [Path, Attribute][] = [
        [['targetKey'], targetKey],
        [['name'], document.name],
        [['hash'], document.hash],
        [['takenAt'], why.at],
        [['schemaVersion'], 1],
        [['change'], change as unknown as Attribute],
      ];
      // Another bootstrap at the same moment: what it has written is as good.
      await table.write([
        {
          kind: 'update',
          key,
          update: { set, add: [['rev', 1]] },
          condition: seen === undefined ? absent('pk') : equals('rev', rev),
        },
      ]);
    },

    async firstBenchmark(targetKey, facts, why) {
      const key = targetBenchmarkKey(targetKey, 'first', 0);
      const change = changeFor(`${targetKey}/benchmark/first`, 'metric.published', why, {
        correlationId: 'bootstrap',
      });
      const item = newItem(key, change, { targetKey, phase: 'first', n: 0, measuredAt: why.at, facts });
      return (await table.write([{ kind: 'put', item, condition: absent('pk') }])).ok;
    },

    async enqueueJob(jobId, type, why) {
      const change = changeFor(`${jobId}/enqueued`, 'job.enqueued', why, { correlationId: jobId });
      const item = newItem(jobKey(jobId), change, { type, status: 'enqueued', attempts: 1 });
      await table.write([{ kind: 'put', item, condition: absent('pk') }]);
    },

    async endJob(jobId, status, why) {
      const change = changeFor(`${jobId}/${status}/${why.at}`, `job.${status}`, why, {
        correlationId: jobId,
      });
      const set: [Path, Attribute][] = [
        [['status'], status],
        [['change'], change as unknown as Attribute],
      ];
      const from = status === 'completed' ? ['enqueued', 'failed'] : ['enqueued'];
      await table.write([
        {
          kind: 'update',
          key: jobKey(jobId),
          update: { set, add: [['rev', 1]] },
          condition: isOneOf('status', from),
        },
      ]);
    },
  };
}
