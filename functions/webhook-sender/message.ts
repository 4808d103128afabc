import * as z from 'zod/mini';
import { Envelope } from '../../shared/contracts/envelope';

/** EventBridge's envelope around ours, as a queue behind a rule of the bus receives it. */
const Message = z.object({ detail: Envelope });

/** `undefined` = it is none of ours. */
export function eventIn(body: string): Envelope | undefined {
  try {
    const read = Message.safeParse(JSON.parse(body));
    return read.success ? read.data.detail : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
