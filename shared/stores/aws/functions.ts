import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { InvocationError } from './errors';

/** Calls another function of Grace and waits for its answer. @throws InvocationError when it failed */
export async function callFunction(
  client: LambdaClient,
  functionArn: string,
  payload: unknown,
): Promise<unknown> {
  const answer = await client.send(
    new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(payload)) }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError !== undefined) throw new InvocationError(`${functionArn}: ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}
