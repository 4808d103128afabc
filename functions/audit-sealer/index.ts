import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SEAL_PREFIX } from '../../shared/contracts/log-origin';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { auditStore } from '../../shared/stores/audit-store';
import { s3Options } from '../../shared/stores/aws/evidence';
import { kmsSigner } from '../../shared/stores/aws/kms-signer';
import { sealBucket } from '../../shared/stores/aws/seal-bucket';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { findingStore } from '../../shared/stores/finding-store';
import { SealerInput, sealer } from './audit-sealer';

const env = functionEnvironment(
  'auditTable',
  'stateTable',
  'sealBucket',
  'sealKeys',
  'logOrigin',
  'witnesses',
);
const watched = observers('audit-sealer');
const client = new DynamoDBClient(repeatableOptions());
const kms = new KMSClient(repeatableOptions());
const audit = createDynamoTable({ client, tableName: env.auditTable, indexes: {} });
const deps = {
  log: auditStore(audit, { clock: systemClock, random: Math.random }),
  checkpoints: checkpointStore(audit),
  sealed: sealBucket({
    client: new S3Client(s3Options()),
    bucket: env.sealBucket,
    prefix: SEAL_PREFIX,
  }),
  signers: env.sealKeys.map((keyId) => kmsSigner({ client: kms, keyId, name: env.logOrigin })),
  witnesses: env.witnesses,
  findings: findingStore(createDynamoTable({ client, tableName: env.stateTable })),
  origin: env.logOrigin,
  clock: systemClock,
  logger: watched.logger,
  metrics: watched.metrics,
};

export const handler = taskHandler({ ...watched, input: SealerInput, run: (input) => sealer(input, deps) });
