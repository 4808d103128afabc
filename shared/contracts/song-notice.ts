import * as z from 'zod/mini';
import { CANARY_EVENT } from '../domain/subsystems';
import { MESH_SOURCE } from '../names';
import { Envelope } from './envelope';

/** What the rules of the bus send to every queue behind which a part answers. */
export const SONG_EVENTS: readonly string[] = [CANARY_EVENT];

/** A song of the canary, as the mesh tells of it. */
export const SongFacts = z.strictObject({ rev: z.int().check(z.positive()) });

const Message = z.object({
  source: z.literal(MESH_SOURCE),
  'detail-type': z.literal(CANARY_EVENT),
  detail: z.strictObject({ ...Envelope.shape, type: z.literal(CANARY_EVENT), detail: SongFacts }),
});

/** `rev` of a song that is said to have been sung. */
export interface SongNotice {
  readonly song: number;
}

/**
 * The song that a message of a queue behind a rule of the bus tells of; `undefined` for any other message. It is a
 * wake-up and no authority: whether there is such a song is read from its item.
 */
export function songNotice(body: string): SongNotice | undefined {
  if (!body.includes(CANARY_EVENT)) return undefined;
  try {
    const read = Message.safeParse(JSON.parse(body));
    return read.success ? { song: read.data.detail.detail.rev } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
