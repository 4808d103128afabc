import * as z from 'zod/mini';
import { Cursor, named } from './values';

export const Meta = named(
  'Meta',
  'What holds for the answer as a whole',
  z.strictObject({
    /** Stands in the log lines, events and audit entries that the request caused. */
    correlationId: z.string(),
    /** Of a list: where the next page begins. Absent on the last page. */
    next: z.optional(Cursor),
  }),
);
export type Meta = z.infer<typeof Meta>;

/** Every answer that is no problem. */
export const enveloped = <T extends z.ZodMiniType>(data: T) => z.strictObject({ data, meta: Meta });
export interface Enveloped<T> {
  readonly data: T;
  readonly meta: Meta;
}
