import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { sealPrefix } from '../../shared/contracts/log-origin';
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

const env = functionEnvironment('auditTable', 'stateTable', 'sealBucket', 'sealKeys', 'logName', 'witnesses');
const watched = observers('audit-sealer');
const client = new DynamoDBClient(repeatableOptions());
const s3 = new S3Client(s3Options());
const kms = new KMSClient(repeatableOptions());
const audit = createDynamoTable({ client, tableName: env.auditTable, indexes: {} });
const deps = {
  log: auditStore(audit, { clock: systemClock, random: Math.random }),
  logName: env.logName,
  checkpoints: (epoch: number) => checkpointStore(audit, { epoch }),
  sealed: (epoch: number) => sealBucket({ client: s3, bucket: env.sealBucket, prefix: sealPrefix(epoch) }),
  signers: env.sealKeys.map((keyId) => kmsSigner({ client: kms, keyId })),
  witnesses: env.witnesses,
  findings: findingStore(createDynamoTable({ client, tableName: env.stateTable })),
  clock: systemClock,
  logger: watched.logger,
  metrics: watched.metrics,
};

export const handler = taskHandler({ ...watched, input: SealerInput, run: (input) => sealer(input, deps) });
