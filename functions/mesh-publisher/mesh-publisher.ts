import { isAudited } from '../../shared/contracts/audited-items';
import { Change } from '../../shared/contracts/change';
import type { Envelope } from '../../shared/contracts/envelope';
import { digestOf } from '../../shared/domain/digest';
import { isEventType } from '../../shared/domain/event-types';
import { changedFields } from '../../shared/domain/image-digest';
import type { Logger, Mesh } from '../../shared/ports/outside';
import type { ChangeRecord } from '../../shared/ports/table';
import { eventDetail } from './event-detail';

export interface PublisherDeps {
  readonly mesh: Mesh;
  readonly logger: Logger;
}

/**
 * Publishes the mesh events that one batch of the state table's stream tells of, in its order. At least
 * once: a fault is thrown for the whole batch, which is then delivered again, with the same envelope ids.
 */
export async function publishChanges(
  records: readonly ChangeRecord[],
  deps: PublisherDeps,
): Promise<{ published: number }> {
  const events = records.flatMap((record) => envelopesOf(record, deps.logger));
  if (events.length > 0) await deps.mesh.publish(events);
  for (const { id, type, correlationId } of events) {
    deps.logger.info('event published', { code: 'EVENT_PUBLISHED', id, type, correlationId });
  }
  return { published: events.length };
}

/** SHA-256 of item key, rev and event, 64 hex digits: the same for the same change, whenever it is sent. */
export function envelopeId(change: { pk: string; sk: string; rev: number; event: string }): string {
  return digestOf('grace.event.v1\n', [change.pk, change.sk, change.rev, change.event]);
}

/** Of an item changed by hand nothing is published: without a new `change` of its own it tells of no event. */
function envelopesOf({ before, after }: ChangeRecord, logger: Logger): Envelope[] {
  if (after === undefined || !isAudited(after.pk)) return [];
  const parsed = Change.safeParse(after['change']);
  const rev = after['rev'];
  if (!parsed.success || typeof rev !== 'number') return [];
  const { event, at, correlationId } = parsed.data;
  const isNew =
    before === undefined ||
    changedFields({ change: before['change'] }, { change: after['change'] }).length > 0;
  if (!isNew || !isEventType(event)) return [];

  const shown = eventDetail(event, after);
  if (shown.kind === 'not_its_event') return [];
  const time = timeOf(at);
  if (shown.kind === 'invalid' || time === undefined) {
    // Thrown, it would stop the stream for good; the audit log has the change whatever it is.
    const fields = shown.kind === 'invalid' ? shown.fields : ['change.at'];
    logger.error('event not published', {
      code: 'EVENT_DETAIL_INVALID',
      type: event,
      pk: after.pk,
      sk: after.sk,
      fields,
    });
    return [];
  }
  const missionId = parsed.data.missionId;
  return [
    {
      id: envelopeId({ pk: after.pk, sk: after.sk, rev, event }),
      type: event,
      version: 1,
      time,
      correlationId,
      ...(missionId === undefined ? {} : { missionId }),
      detail: shown.detail,
    },
  ];
}

function timeOf(at: number): string | undefined {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
