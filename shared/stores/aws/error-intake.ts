import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { ErrorIntake } from '../../ports/api';
import { MeshPublishError } from './errors';

/**
 * Errors that come in through the API, put on the bus, whose rule takes them to the intake queue.
 * @throws MeshPublishError when the bus did not take it; it may be put again, its id tells that it is the same
 */
export function eventBridgeIntake({
  client,
  busName,
}: {
  readonly client: EventBridgeClient;
  readonly busName: string;
}): ErrorIntake {
  return {
    async report(event) {
      const answer = await client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: busName,
              Source: event.source,
              DetailType: event['detail-type'],
              Time: new Date(event.time),
              Detail: JSON.stringify(event.detail),
            },
          ],
        }),
      );
      const code = answer.Entries?.[0]?.ErrorCode;
      if ((answer.FailedEntryCount ?? 0) > 0 || code !== undefined) {
        throw new MeshPublishError(`the bus did not take the event: ${code}`);
      }
    },
  };
}
