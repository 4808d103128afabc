import * as z from 'zod/mini';
import { MESH_SOURCE } from '../names';
import { Envelope } from './envelope';
import { QuarantineFacts } from './mesh-events';
import { parseStrictJson } from './strict-json';

const TYPE = 'quarantine.released';
const Notice = z.object({
  source: z.literal(MESH_SOURCE),
  'detail-type': z.literal(TYPE),
  detail: z.strictObject({ ...Envelope.shape, type: z.literal(TYPE), detail: QuarantineFacts }),
});

/**
 * The id of the quarantined event that a message of the intake queue says was released; `undefined` for any
 * other message. It is a wake-up and no authority: whether a person let it go is read from the item.
 */
export function readReleaseNotice(body: string): string | undefined {
  if (!body.includes(TYPE)) return undefined;
  const json = parseStrictJson(body);
  const notice = json.ok ? Notice.safeParse(json.value) : undefined;
  return notice?.success ? notice.data.detail.detail.quarantineId : undefined;
}
