import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { clientSettings } from '../emulator/environment';
import { NothingThereError, UnusableError } from '../errors';

/** What a deployed stack says of itself. */
export interface StackOutputs {
  readonly region: string;
  readonly account: string;
  /** @throws UnusableError when there is no such output */
  output(key: string): string;
}

/**
 * Outputs of a stack: on AWS, or on the emulator at `endpoint`.
 * @throws NothingThereError when there is no such stack; UnusableError when it cannot be asked for
 */
export async function stackOutputs(stack: string, endpoint: string | undefined): Promise<StackOutputs> {
  const client = new CloudFormationClient({
    ...repeatableOptions(),
    ...(endpoint === undefined ? {} : clientSettings(endpoint)),
  });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const [found] = Stacks;
    const values = new Map((found?.Outputs ?? []).map((one) => [one.OutputKey ?? '', one.OutputValue ?? '']));
    const [, , , region = '', account = ''] = (found?.StackId ?? '').split(':');
    if (found !== undefined) {
      const output = (key: string): string => {
        const value = values.get(key);
        if (value !== undefined) return value;
        throw new UnusableError(`stack ${stack} has no output ${key}; deploy it again`);
      };
      return { region, account, output };
    }
  } catch (cause) {
    const { name, message } = cause as Error;
    if (!/does not exist/.test(message)) {
      const where = endpoint === undefined ? 'AWS' : `the emulator at ${endpoint}`;
      throw new UnusableError(`${where} cannot be asked for stack ${stack}: ${name} ${message}`, { cause });
    }
  } finally {
    client.destroy();
  }
  const fix = endpoint === undefined ? 'deploy it with `npx cdk deploy`' : '`npm run up` makes one';
  throw new NothingThereError(`there is no stack ${stack}; ${fix}, or name another with --stack`);
}
