import { goldenKey, jobKey, targetBenchmarkKey } from '../domain/keys';
import type { DeploymentStore } from '../ports/stores';
import type { Attribute, Path, Table } from '../ports/table';
import { changeFor, newItem } from './item-writes';
import { absent, equals } from './when';

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

    async job(jobId, type, why) {
      const change = (event: string) => changeFor(`${jobId}/${event}`, event, why, { correlationId: jobId });
      const queued = newItem(jobKey(jobId), change('job.enqueued'), {
        type,
        status: 'enqueued',
        attempts: 1,
      });
      const put = await table.write([{ kind: 'put', item: queued, condition: absent('pk') }]);
      if (!put.ok) return;
      const set: [Path, Attribute][] = [
        [['status'], 'completed'],
        [['change'], change('job.completed') as unknown as Attribute],
      ];
      await table.write([
        {
          kind: 'update',
          key: jobKey(jobId),
          update: { set, add: [['rev', 1]] },
          condition: equals('rev', 1),
        },
      ]);
    },
  };
}
