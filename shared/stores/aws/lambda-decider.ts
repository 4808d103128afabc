import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { DecideOutput } from '../../contracts/decision';
import type { Decider } from '../../ports/api';
import { DeciderUnavailableError } from './errors';

/**
 * Tells the deciding function. It verifies the proof itself, so whoever may call it can still decide for nobody.
 * @throws DeciderUnavailableError when it failed: whether the decision was taken is found by asking again
 */
export function lambdaDecider({
  client,
  functionName,
}: {
  readonly client: LambdaClient;
  readonly functionName: string;
}): Decider {
  return {
    async decide(command, proof) {
      const answer = await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          Payload: Buffer.from(JSON.stringify({ ...command, proof })),
        }),
      );
      if (answer.FunctionError !== undefined || answer.Payload === undefined) {
        throw new DeciderUnavailableError(`the deciding function failed: ${answer.FunctionError}`);
      }
      return JSON.parse(Buffer.from(answer.Payload).toString('utf8')) as DecideOutput;
    },
  };
}
