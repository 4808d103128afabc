import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { sealPrefix } from '../../shared/contracts/log-origin';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import type { FilledIn } from '../../shared/ports/audit-check';
import type { Key } from '../../shared/ports/table';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { auditStore } from '../../shared/stores/audit-store';
import { s3Options } from '../../shared/stores/aws/evidence';
import { callFunction } from '../../shared/stores/aws/functions';
import { sealBucket } from '../../shared/stores/aws/seal-bucket';
import { canaryStore } from '../../shared/stores/canary-store';
import { checkProgressStore } from '../../shared/stores/check-progress-store';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import { contractStore } from '../../shared/stores/contract-store';
import { dynamoScan } from '../../shared/stores/dynamo-scan';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { findingStore } from '../../shared/stores/finding-store';
import { loggedItems } from '../../shared/stores/logged-items';
import { AuditCheckInput, auditCheck } from './audit-check';

const env = functionEnvironment('auditTable', 'stateTable', 'sealBucket', 'auditSequencer', 'auditSealer');
const watched = observers('audit-check');
const client = new DynamoDBClient(repeatableOptions());
const s3 = new S3Client(s3Options());
const lambda = new LambdaClient(repeatableOptions());
const state = createDynamoTable({ client, tableName: env.stateTable });
const audit = createDynamoTable({ client, tableName: env.auditTable, indexes: {} });
const deps = {
  log: auditStore(audit, { clock: systemClock, random: Math.random }),
  logged: loggedItems(audit),
  state,
  scan: dynamoScan({ client, tableName: env.stateTable }),
  contracts: contractStore(state),
  progress: checkProgressStore(state),
  canaries: canaryStore(state),
  findings: findingStore(state),
  sequencer: {
    fillIn: async (fillIn: readonly Key[]) =>
      (await callFunction(lambda, env.auditSequencer, { fillIn })) as readonly FilledIn[],
  },
  sealer: {
    seal: async () => {
      await callFunction(lambda, env.auditSealer, {});
    },
  },
  sealed: (epoch: number) => sealBucket({ client: s3, bucket: env.sealBucket, prefix: sealPrefix(epoch) }),
  checkpoints: (epoch: number) => checkpointStore(audit, { epoch }),
  clock: systemClock,
  logger: watched.logger,
  metrics: watched.metrics,
};
/** What is kept for storing findings, and for sealing. */
const RESERVE_MS = 45_000;

export const handler = taskHandler({
  ...watched,
  input: AuditCheckInput,
  run: (input, call) =>
    auditCheck(input, { ...deps, until: systemClock.now() + call.remainingMs() - RESERVE_MS }),
});
