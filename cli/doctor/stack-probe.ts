import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import type { Capability } from '../../shared/ports/api';
import { executorCapabilities } from '../../shared/stores/aws/executor-capabilities';
import { clientSettings } from '../emulator/environment';

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** What the doctor asks of AWS, or of an emulator. Each throws what the service says, permissions included. */
export interface StackProbe {
  caller(): Promise<string>;
  /** `undefined`: there is no such stack. */
  stack(): Promise<{ readonly status: string; readonly outputs: ReadonlyMap<string, string> } | undefined>;
  resources(): Promise<readonly StackResource[]>;
  /** Lambda's `State`; of emulators that tell none, `Active`. */
  functionState(name: string): Promise<{ readonly state: string; readonly reason: string }>;
  mappings(name: string): Promise<readonly { readonly id: string; readonly state: string }[]>;
  table(name: string): Promise<{ readonly status: string; readonly stream: boolean }>;
  stateMachine(arn: string): Promise<string>;
  /** Messages waiting. */
  depth(queueUrl: string): Promise<number>;
  bus(name: string): Promise<{ readonly rules: number; readonly disabled: readonly string[] }>;
  bucket(name: string): Promise<void>;
  key(id: string): Promise<string>;
  /** Whether the action's function is there, and IAM lets its role do what the action takes. */
  capability(action: string, functionName: string): Promise<Capability>;
}

/** `endpoint`: of an emulator; without it, AWS with the caller's own credentials. */
export function stackProbe(stackName: string, endpoint?: string): StackProbe {
  const options = { ...repeatableOptions(), ...(endpoint === undefined ? {} : clientSettings(endpoint)) };
  const cloudFormation = new CloudFormationClient(options);
  const lambda = new LambdaClient(options);
  const events = new EventBridgeClient(options);
  return {
    async caller() {
      return (await new STSClient(options).send(new GetCallerIdentityCommand({}))).Arn ?? 'nobody';
    },
    async stack() {
      try {
        const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
        const [found] = Stacks ?? [];
        if (found === undefined) return undefined;
        const outputs = new Map(
          (found.Outputs ?? []).map((one) => [one.OutputKey ?? '', one.OutputValue ?? '']),
        );
        return { status: found.StackStatus ?? '', outputs };
      } catch (error) {
        if (/does not exist/.test((error as Error).message)) return undefined;
        throw error;
      }
    },
    async resources() {
      const found: StackResource[] = [];
      const pages = paginateListStackResources({ client: cloudFormation }, { StackName: stackName });
      for await (const { StackResourceSummaries = [] } of pages) {
        for (const one of StackResourceSummaries) {
          found.push({
            logicalId: one.LogicalResourceId ?? '',
            type: one.ResourceType ?? '',
            physicalId: one.PhysicalResourceId ?? '',
          });
        }
      }
      return found;
    },
    async functionState(name) {
      const { State, StateReason } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: name }),
      );
      return { state: State ?? 'Active', reason: StateReason ?? '' };
    },
    async capability(action, functionName) {
      const { FunctionArn = functionName } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: functionName }),
      );
      const executors = { [action]: FunctionArn };
      return executorCapabilities({ lambda, iam: new IAMClient(options), executors }).of(action);
    },
    async mappings(name) {
      const found: { id: string; state: string }[] = [];
      for await (const page of paginateListEventSourceMappings({ client: lambda }, { FunctionName: name })) {
        for (const one of page.EventSourceMappings ?? [])
          found.push({ id: one.UUID ?? '', state: one.State ?? '' });
      }
      return found;
    },
    async table(name) {
      const { Table } = await new DynamoDBClient(options).send(new DescribeTableCommand({ TableName: name }));
      return {
        status: Table?.TableStatus ?? '',
        stream: Table?.StreamSpecification?.StreamEnabled === true,
      };
    },
    async stateMachine(arn) {
      const { status } = await new SFNClient(options).send(
        new DescribeStateMachineCommand({ stateMachineArn: arn }),
      );
      return status ?? 'ACTIVE';
    },
    async depth(queueUrl) {
      const { Attributes } = await new SQSClient(options).send(
        new GetQueueAttributesCommand({
          QueueUrl: queueUrl,
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    },
    async bus(name) {
      await events.send(new DescribeEventBusCommand({ Name: name }));
      const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName: name, Limit: 100 }));
      const disabled = Rules.filter((rule) => rule.State === 'DISABLED').map((rule) => rule.Name ?? '');
      return { rules: Rules.length, disabled };
    },
    async bucket(name) {
      await new S3Client({ ...options, forcePathStyle: true }).send(new HeadBucketCommand({ Bucket: name }));
    },
    async key(id) {
      const { KeyMetadata } = await new KMSClient(options).send(new DescribeKeyCommand({ KeyId: id }));
      return KeyMetadata?.KeyState ?? '';
    },
  };
}
