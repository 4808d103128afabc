import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Capabilities } from '../../ports/api';

/**
 * Whether the function that performs an action is there and can be called. What IAM lets it do is not asked: nothing
 * but an action would show it, so `yes` is never said here.
 */
export function lambdaCapabilities({
  client,
  executors,
}: {
  readonly client: LambdaClient;
  /** Action to the ARN of its function. */
  readonly executors: Readonly<Record<string, string>>;
}): Capabilities {
  return {
    async of(action) {
      const arn = executors[action];
      if (arn === undefined) return { usable: 'no', missing: [], detail: 'no function performs it here' };
      try {
        const { State } = await client.send(new GetFunctionConfigurationCommand({ FunctionName: arn }));
        return State === undefined || State === 'Active' || State === 'Inactive'
          ? {
              usable: 'unknown',
              missing: [],
              detail: 'its function is there; what its role may do shows when it acts',
            }
          : { usable: 'no', missing: [], detail: `its function is ${State}` };
      } catch (error) {
        const { name } = error as Error;
        if (name === 'ResourceNotFoundException') {
          return { usable: 'no', missing: [], detail: 'its function is not there: deploy again' };
        }
        return { usable: 'unknown', missing: [], detail: `its function cannot be asked for: ${name}` };
      }
    },
  };
}
