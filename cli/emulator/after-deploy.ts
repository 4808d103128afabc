import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  CloudFormationClient,
  paginateListExports,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { PutBucketVersioningCommand, PutObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type DroppedProperty, droppedProperties, type TemplateValue } from './dropped-properties';
import { EmulatorError } from './emulator-error';
import { assertEmulator, clientSettings } from './environment';

type ApplyDropped = {
  readonly endpoint: string;
  /** Path of a synthesized template, such as `cdk.out/<stack>.template.json`. */
  readonly template: string;
  /** Default: the template's file name up to `.template.json`. */
  readonly stackName?: string;
};

/**
 * Sets through the API what the emulator drops from a template (see `droppedProperties`). Can be repeated.
 * On AWS there is nothing to do, and it refuses to.
 *
 * @returns what was set, in the order of the template
 * @throws EmulatorError `not_an_emulator`, `template_unreadable`, `stack_failed` (a resource is not deployed);
 *   errors of the API, such as a stack that does not exist, propagate
 */
export const applyDropped = async (options: ApplyDropped): Promise<readonly DroppedProperty[]> => {
  const { endpoint, template, stackName = basename(template, '.template.json') } = options;
  assertEmulator(endpoint);
  const dropped = readDropped(template);
  if (dropped.length === 0) return dropped;

  const settings = clientSettings(endpoint);
  const clients = {
    cloudFormation: new CloudFormationClient(settings),
    dynamoDb: new DynamoDBClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    sqs: new SQSClient(settings),
  };
  try {
    const physicalIds = await readPhysicalIds(clients.cloudFormation, stackName);
    const physicalId = (logicalId: string): string => {
      const id = physicalIds.get(logicalId);
      if (id !== undefined) return id;
      throw new EmulatorError(
        'stack_failed',
        `${logicalId} of ${template} is not in stack ${stackName}. Deploy that template first.`,
      );
    };
    for (const property of dropped) await apply({ property, clients, physicalId });
    return dropped;
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
};

const readDropped = (template: string): DroppedProperty[] => {
  try {
    return droppedProperties(JSON.parse(readFileSync(template, 'utf8')));
  } catch (cause) {
    throw new EmulatorError(
      'template_unreadable',
      `${template} cannot be used as a CloudFormation template: ${cause instanceof Error ? cause.message : cause}. Synthesize again (cdk synth).`,
      { cause },
    );
  }
};

const readPhysicalIds = async (
  client: CloudFormationClient,
  stackName: string,
): Promise<Map<string, string>> => {
  const ids = new Map<string, string>();
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
      if (LogicalResourceId && PhysicalResourceId) ids.set(LogicalResourceId, PhysicalResourceId);
    }
  }
  return ids;
};

type Clients = {
  readonly cloudFormation: CloudFormationClient;
  readonly dynamoDb: DynamoDBClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
};

type Apply = {
  readonly property: DroppedProperty;
  readonly clients: Clients;
  readonly physicalId: (logicalId: string) => string;
};

const apply = async ({ property, clients, physicalId }: Apply): Promise<void> => {
  const id = physicalId(property.logicalId);
  switch (property.kind) {
    case 'redrive': {
      const deadLetterTargetArn = await queueArn({ value: property.deadLetterQueue, clients, physicalId });
      const RedrivePolicy = JSON.stringify({
        deadLetterTargetArn,
        maxReceiveCount: property.maxReceiveCount,
      });
      await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: id, Attributes: { RedrivePolicy } }));
      return;
    }
    case 'time_to_live':
      return setTimeToLive(clients.dynamoDb, id, property.attributeName);
    case 'point_in_time_recovery': {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await clients.dynamoDb.send(
        new UpdateContinuousBackupsCommand({ TableName: id, PointInTimeRecoverySpecification }),
      );
      return;
    }
    case 'object_lock': {
      await clients.s3.send(
        new PutBucketVersioningCommand({ Bucket: id, VersioningConfiguration: { Status: 'Enabled' } }),
      );
      const Rule = property.retention && { DefaultRetention: property.retention };
      const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' as const, ...(Rule && { Rule }) };
      await clients.s3.send(new PutObjectLockConfigurationCommand({ Bucket: id, ObjectLockConfiguration }));
    }
  }
};

/** DynamoDB refuses to enable what is enabled, so it is asked first. */
const setTimeToLive = async (
  client: DynamoDBClient,
  TableName: string,
  AttributeName: string,
): Promise<void> => {
  const { TimeToLiveDescription: now } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (now?.TimeToLiveStatus === 'ENABLED' && now.AttributeName === AttributeName) return;
  const TimeToLiveSpecification = { AttributeName, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
};

type QueueArn = Omit<Apply, 'property'> & { readonly value: TemplateValue };

/** The ARN of the queue that a template value names, in this stack or exported by another. */
const queueArn = async ({ value, clients, physicalId }: QueueArn): Promise<string> => {
  if (typeof value === 'string') return value;
  if ('Fn::ImportValue' in value) return exportedValue(clients.cloudFormation, value['Fn::ImportValue']);
  const url = physicalId('Ref' in value ? value.Ref : value['Fn::GetAtt'][0]);
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  if (Attributes?.QueueArn !== undefined) return Attributes.QueueArn;
  throw new EmulatorError('stack_failed', `The emulator gives no ARN for the queue ${url}.`);
};

const exportedValue = async (client: CloudFormationClient, name: string): Promise<string> => {
  for await (const page of paginateListExports({ client }, {})) {
    const found = page.Exports?.find(({ Name }) => Name === name)?.Value;
    if (found !== undefined) return found;
  }
  throw new EmulatorError('stack_failed', `No stack exports ${name}. Deploy the stack that does first.`);
};
