import { API_SOURCE } from '../../shared/contracts/api/events';
import { errorEvent } from '../../shared/domain/error-event';
import type { Handlers } from './asked';

export const EVENT_ROUTES: Handlers<'postEvent'> = {
  /** The same idempotency key makes the same event, which the sentinel knows again. */
  async postEvent({ body: { missionId, ...error }, caller, idempotencyId, correlationId }, deps) {
    const id = idempotencyId?.slice(0, 32) ?? deps.ids.next();
    await deps.errors.report(
      errorEvent({
        error,
        id,
        correlationId,
        requestedBy: caller.person.subject,
        ...(missionId === undefined ? {} : { missionId }),
        source: API_SOURCE,
        account: deps.account,
        region: deps.region,
        at: deps.clock.now(),
      }),
    );
    return { ok: true, data: { eventId: id } };
  },
};
