import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { Envelope } from '../../contracts/envelope';
import { MESH_SOURCE } from '../../names';
import type { Mesh } from '../../ports/outside';
import { MeshPublishError } from './errors';

/** Limits of one PutEvents request. Bytes: EventBridge's 1 MB, counted as the smaller megabyte. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 1_000_000;
/** What EventBridge counts for an entry's time. */
const TIME_BYTES = 14;

/**
 * The Trigger Mesh as an EventBridge bus. Everything it publishes has the source `grace`, which intake
 * rules exclude, so that `error.*` events would be lost: it refuses them.
 * @throws MeshPublishError (from `publish`): some events may have been published, all may be repeated
 */
export function eventBridgeMesh({
  client,
  busName,
}: {
  readonly client: EventBridgeClient;
  readonly busName: string;
}): Mesh {
  return {
    async publish(events) {
      for (const batch of batches(events.map((event) => entryOf(event, busName)))) {
        const answer = await client.send(new PutEventsCommand({ Entries: batch }));
        const failed = answer.Entries?.filter(({ ErrorCode }) => ErrorCode) ?? [];
        if ((answer.FailedEntryCount ?? 0) > 0 || failed.length > 0) {
          const codes = [...new Set(failed.map(({ ErrorCode }) => ErrorCode))].join(', ');
          const count = answer.FailedEntryCount ?? failed.length;
          throw new MeshPublishError(`${count} of ${batch.length} events were not taken: ${codes}`);
        }
      }
    },
  };
}

function entryOf(event: Envelope, busName: string): PutEventsRequestEntry {
  if (event.type.startsWith('error.')) {
    throw new MeshPublishError(`${event.type} from source ${MESH_SOURCE} would reach nobody`);
  }
  return {
    EventBusName: busName,
    Source: MESH_SOURCE,
    DetailType: event.type,
    Time: new Date(event.time),
    Detail: JSON.stringify(event),
  };
}

/** As few requests as the limits allow, in the order given. */
function batches(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const result: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    if (size > MAX_BYTES) throw new MeshPublishError(`an event of ${size} bytes is more than ${MAX_BYTES}`);
    const last = result.at(-1);
    if (last && last.length < MAX_ENTRIES && bytes + size <= MAX_BYTES) {
      last.push(entry);
      bytes += size;
    } else {
      result.push([entry]);
      bytes = size;
    }
  }
  return result;
}

function sizeOf({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number {
  return TIME_BYTES + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}
