import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { EMULATOR_REGION } from '../../cli/emulator/environment';
import type { BroughtUp } from '../../cli/up/bring-up';
import type { FunctionName } from '../../shared/names';
import { readEmbedded } from './embedded-metrics';

/**
 * What a deployed function has measured, read from its log as CloudWatch would. Emulators take a request that nobody signed;
 * the header says only which service and region it is for.
 */
export async function measuredBy(
  name: FunctionName,
  { endpoint, stack }: BroughtUp,
): Promise<Map<string, number[]>> {
  const lambda = new LambdaClient({});
  const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `${stack}-${name}` }));
  lambda.destroy();
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${EMULATOR_REGION}/logs/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({
      logGroupName: found.LoggingConfig?.LogGroup,
      filterPattern: '"CloudWatchMetrics"',
    }),
  });
  if (!answer.ok) throw new Error(`the log of ${name} cannot be read: ${await answer.text()}`);
  const { events } = (await answer.json()) as { readonly events: readonly { readonly message: string }[] };
  return readEmbedded(events.map(({ message }) => message));
}
