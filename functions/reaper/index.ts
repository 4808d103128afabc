import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { scheduleHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { approvalStore } from '../../shared/stores/approval-store';
import { sfnExecutions } from '../../shared/stores/aws/step-functions';
import { closer } from '../../shared/stores/closer';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { measurementStore } from '../../shared/stores/evidence-rows';
import { ledger } from '../../shared/stores/ledger';
import { reservations } from '../../shared/stores/reservations';
import { reap } from './reaper';

const env = functionEnvironment('stateTable', 'stateMachineArn', 'relayQueueUrl');
const options = repeatableOptions();
const table = createDynamoTable({ client: new DynamoDBClient(options), tableName: env.stateTable });
const sqs = new SQSClient(options);
const watched = observers('reaper');
const contracts = contractStore(table);
const deps = {
  contracts,
  approvals: approvalStore(table),
  reservations: reservations(table),
  closer: closer({
    contracts,
    ledger: ledger(table),
    measurements: measurementStore(table),
    clock: systemClock,
  }),
  executions: sfnExecutions({ client: new SFNClient(options), stateMachineArn: env.stateMachineArn }),
  async wakeRelay(contractId: string) {
    const MessageBody = JSON.stringify({ detail: { detail: { contractId } } });
    await sqs.send(new SendMessageCommand({ QueueUrl: env.relayQueueUrl, MessageBody }));
  },
  clock: systemClock,
  logger: watched.logger,
  metrics: watched.metrics,
};

export const handler = scheduleHandler({ ...watched, run: () => reap(deps) });
