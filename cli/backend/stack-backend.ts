import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { principalOf } from '../../shared/domain/caller';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import type { FunctionName } from '../../shared/names';
import { systemClock } from '../../shared/runtime/clock';
import { s3Evidence, s3Options } from '../../shared/stores/aws/evidence';
import { sealBucket } from '../../shared/stores/aws/seal-bucket';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { clientSettings } from '../emulator/environment';
import { UnusableError } from '../errors';
import { tokenSubject } from './access-token';
import type { Backend } from './backend';
import { identityProof } from './identity-proof';
import { type StackOutputs, stackOutputs } from './stack-outputs';

/** Grace as a stack: on AWS with the caller's own credentials, or on the emulator at `endpoint`. */
export interface StackPlace {
  readonly name: 'emulator' | 'aws';
  readonly stack: string;
  /** Emulator only. */
  readonly endpoint?: string;
  /** An access token of the deployment's issuer: who acts is its subject, not the signer of AWS requests. */
  readonly token?: string | undefined;
  /** Emulator only: somebody in the stack's user pool, who acts instead. */
  readonly as?: string | undefined;
}

/** @throws NothingThereError when there is no such stack; UnusableError when it cannot be asked for */
export async function stackBackend({ name, stack, endpoint, ...who }: StackPlace): Promise<Backend> {
  const options = { ...repeatableOptions(), ...(endpoint === undefined ? {} : clientSettings(endpoint)) };
  const { output, region, account } = await stackOutputs(stack, endpoint);
  const token =
    who.as === undefined || endpoint === undefined ? who.token : await tokenOn(endpoint, output, who.as);
  const dynamo = new DynamoDBClient(options);
  const lambda = new LambdaClient(options);
  const s3 = new S3Client({ ...options, ...s3Options() });
  const evidence = s3Evidence({ client: s3, bucket: output('EvidenceBucket') });
  const invoke = async (functionName: FunctionName, payload: unknown): Promise<unknown> => {
    const answer = await lambda.send(
      new InvokeCommand({
        // The output says how functions are named, such as `grace-<role>`.
        FunctionName: output('FunctionPattern').replace('<role>', functionName),
        Payload: Buffer.from(JSON.stringify(payload ?? {})),
      }),
    );
    const text = Buffer.from(answer.Payload ?? []).toString('utf8');
    if (answer.FunctionError !== undefined)
      throw new UnusableError(`${functionName} failed: ${messageOf(text)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    name,
    state: createDynamoTable({ client: dynamo, tableName: output('StateTable') }),
    audit: createDynamoTable({ client: dynamo, tableName: output('AuditTable'), indexes: {} }),
    document: (name) => evidence.get(name),
    sealed: sealBucket({ client: s3, bucket: output('SealBucket'), prefix: '' }),
    clock: systemClock,
    account,
    region,
    invoke,
    ask: invoke,
    async emit(event) {
      const sent = await new EventBridgeClient(options).send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: output('BusName'),
              Source: event.source,
              DetailType: event['detail-type'],
              Detail: JSON.stringify(event.detail),
            },
          ],
        }),
      );
      const [entry] = sent.Entries ?? [];
      if ((sent.FailedEntryCount ?? 0) > 0 || entry?.ErrorCode !== undefined) {
        throw new UnusableError(`the bus did not take the event: ${entry?.ErrorCode} ${entry?.ErrorMessage}`);
      }
      return [];
    },
    identity: async () => ({
      principal:
        token === undefined ? principalOf(await callerArn(new STSClient(options))) : tokenSubject(token),
      authenticated: true,
    }),
    proof: async (binding) => (token === undefined ? identityProof(options, binding) : { token }),
    async settle() {},
    stateItems: () => undefined,
    async close() {
      dynamo.destroy();
      lambda.destroy();
    },
  };
}

async function tokenOn(endpoint: string, output: StackOutputs['output'], name: string): Promise<string> {
  // Only here, so that other commands start without Cognito's client.
  const { deployedApi } = await import('../emulator/deployed-api');
  const { emulatorToken } = await import('./emulator-token');
  return emulatorToken(deployedApi(endpoint, output).pool, name);
}

async function callerArn(client: STSClient): Promise<string> {
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  if (Arn === undefined) throw new UnusableError('STS does not say who you are');
  return Arn;
}

function messageOf(payload: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(payload) as Record<string, unknown>;
    return `${errorType}: ${errorMessage}`.slice(0, 500);
  } catch {
    return payload.slice(0, 500);
  }
}
