import * as z from 'zod/mini';
import { CapturedError } from '../error-detected';
import { MissionId, named } from './values';

/** The source of what comes in through the API; intake takes it like any user's. */
export const API_SOURCE = 'grace.api';

export const EventRequest = named(
  'EventRequest',
  'An error as an application reports it: evidence, never a command. Grace looks at the live resource itself.',
  z.strictObject({ ...CapturedError.shape, missionId: z.optional(MissionId) }),
);
export type EventRequest = z.infer<typeof EventRequest>;

export const EventAnswer = named(
  'EventAnswer',
  'The event is on its way in; what comes of it is found by its correlation id',
  z.strictObject({ eventId: z.string() }),
);
export type EventAnswer = z.infer<typeof EventAnswer>;
