import type { AuditFault } from '../../shared/contracts/audit-body';
import type { Envelope } from '../../shared/contracts/envelope';
import { digestOf } from '../../shared/domain/digest';
import type { AuditDraft, AuditLog, Logged } from '../../shared/ports/audit-log';
import type { Clock } from '../../shared/ports/clock';
import type { Logger, Mesh, Metrics } from '../../shared/ports/outside';
import { withClosing } from './close-epoch';

export interface SequencerDeps {
  readonly log: Pick<AuditLog, 'append'>;
  /** Of all its epochs, for the origin of one that is closed. */
  readonly logName: string;
  readonly mesh: Mesh;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** An entry that nobody can be named for. */
export interface Anomaly {
  readonly kind: AuditFault;
  readonly seq: number;
  readonly pk: string;
  readonly sk: string;
  readonly rev: number;
  readonly eventId: string;
  readonly correlationId: string;
}

/**
 * Appends, and tells of each entry that cannot be attributed (a log line, a count for the alarm, an event), and of each order to
 * close an epoch (a line and a count: its event is published of its item, like any other). Also of those that were logged before,
 * since an earlier call may have ended before it told.
 */
export async function sequenceDrafts(
  drafts: readonly AuditDraft[],
  deps: SequencerDeps,
): Promise<readonly Logged[]> {
  const logged = await deps.log.append(
    drafts.map((draft) => withClosing(draft, deps.logName)),
    deps.clock.now(),
  );
  const closings = logged.filter(({ draft, fault }) => draft.closes !== undefined && fault === undefined);
  for (const { seq, draft } of closings) {
    deps.logger.warn('epoch closed', { code: 'EPOCH_CLOSED', seq, actor: draft.facts.actor });
    deps.metrics.count('grace_audit_epochs_closed_total', {});
  }
  const anomalies = logged.flatMap(anomalyOf);
  for (const anomaly of anomalies) deps.logger.error('audit anomaly', { code: 'AUDIT_ANOMALY', ...anomaly });
  if (anomalies.length > 0) {
    deps.metrics.count('grace_audit_anomalies_total', {}, anomalies.length);
    const at = deps.clock.now();
    await deps.mesh.publish(anomalies.map((anomaly) => envelopeOf(anomaly, at)));
  }
  return logged;
}

export function anomalyOf({ seq, fault, draft }: Logged): Anomaly[] {
  if (fault === undefined) return [];
  const { item, rev, eventId, correlationId } = draft.facts;
  return [{ kind: fault, seq, pk: item.pk, sk: item.sk, rev, eventId, correlationId }];
}

function envelopeOf({ correlationId, ...detail }: Anomaly, at: number): Envelope {
  return {
    id: digestOf('grace.anomaly.v1\n', [detail.eventId, detail.kind]),
    type: 'audit.anomaly_detected',
    version: 1,
    time: new Date(at).toISOString(),
    correlationId,
    detail,
  };
}
