import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../ports/clock';
import type { Secrets } from '../../ports/outbound';
import { ParameterError } from './errors';

/** A secret that was replaced is used everywhere after so long. */
const REMEMBERED_MS = 300_000;

/**
 * Secrets in SSM SecureString parameters, remembered for five minutes in this instance's memory and nowhere else.
 * @throws ParameterError (from `get`), which has no value in it
 */
export function ssmSecrets({
  client,
  clock,
}: {
  readonly client: SSMClient;
  readonly clock: Pick<Clock, 'now'>;
}): Secrets {
  const known = new Map<string, { readonly value: string; readonly at: number }>();
  return {
    async get(name) {
      const remembered = known.get(name);
      if (remembered !== undefined && clock.now() - remembered.at < REMEMBERED_MS) return remembered.value;
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
      if (Parameter?.Type !== 'SecureString' || !Parameter.Value) {
        throw new ParameterError(`${name} must be a parameter of type SecureString with a value`);
      }
      known.set(name, { value: Parameter.Value, at: clock.now() });
      return Parameter.Value;
    },
  };
}
