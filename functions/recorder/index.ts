import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { contractNews } from '../../shared/contracts/contract-news';
import { songNotice } from '../../shared/contracts/song-notice';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { queueHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { canaryStore } from '../../shared/stores/canary-store';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { outcomeReader } from '../../shared/stores/evidence-rows';
import { missionStore } from '../../shared/stores/mission-store';
import { playbookStore } from '../../shared/stores/playbook-store';
import { record } from './recorder';

const env = functionEnvironment('stateTable');
const table = createDynamoTable({
  client: new DynamoDBClient(repeatableOptions()),
  tableName: env.stateTable,
});
const watched = observers('recorder');
const deps = {
  contracts: contractStore(table),
  canaries: canaryStore(table),
  outcomes: outcomeReader(table),
  missions: missionStore(table),
  playbooks: playbookStore(table),
  clock: systemClock,
  metrics: watched.metrics,
};

export const handler = queueHandler({
  ...watched,
  async run(records, call) {
    const failed: string[] = [];
    for (const message of records) {
      try {
        const news = songNotice(message.body) ?? contractNews(message.body);
        if ('contractId' in news) call.correlate(news.contractId);
        await record(news, deps);
      } catch (error) {
        failed.push(message.messageId);
        watched.logger.error('news not recorded', { code: 'RECORD_FAILED', error });
      }
    }
    return failed;
  },
});
