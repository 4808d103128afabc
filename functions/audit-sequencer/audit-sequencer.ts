import type { AuditFault } from '../../shared/contracts/audit-body';
import { isAudited } from '../../shared/contracts/audited-items';
import type { Envelope } from '../../shared/contracts/envelope';
import { digestOf } from '../../shared/domain/digest';
import type { AuditLog, Logged } from '../../shared/ports/audit-log';
import type { Clock } from '../../shared/ports/clock';
import type { Logger, Mesh } from '../../shared/ports/outside';
import type { ChangeRecord } from '../../shared/ports/table';
import { attributeRecord } from './attribute-record';

export interface SequencerDeps {
  readonly log: AuditLog;
  readonly mesh: Mesh;
  readonly clock: Clock;
  readonly logger: Logger;
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

export interface Sequenced {
  readonly appended: number;
  readonly repeated: number;
  /** Of all records, also those that were logged before: an earlier call may have failed to publish them. */
  readonly anomalies: readonly Anomaly[];
}

/**
 * Appends one batch of the state table's stream to the audit log, in the stream's order, and publishes an
 * `audit.anomaly_detected` for each change that cannot be attributed. Counters and leases are passed over.
 *
 * Faults are thrown for the whole batch; the batch is then delivered again, and what was appended is not
 * appended twice. A repeated anomaly has the same envelope id.
 */
export async function sequence(records: readonly ChangeRecord[], deps: SequencerDeps): Promise<Sequenced> {
  const drafts = records.filter((record) => isAudited(record.keys.pk)).map(attributeRecord);
  const logged = await deps.log.append(drafts, deps.clock.now());
  const anomalies = logged.flatMap(anomalyOf);
  for (const anomaly of anomalies) deps.logger.error('audit anomaly', { code: 'AUDIT_ANOMALY', ...anomaly });
  if (anomalies.length > 0) {
    const at = deps.clock.now();
    await deps.mesh.publish(anomalies.map((anomaly) => envelopeOf(anomaly, at)));
  }
  const repeated = logged.filter((entry) => entry.repeated).length;
  const appended = logged.length - repeated;
  deps.logger.info('audit entries appended', {
    code: 'AUDIT_APPENDED',
    appended,
    repeated,
    anomalies: anomalies.length,
  });
  return { appended, repeated, anomalies };
}

function anomalyOf({ seq, fault, draft }: Logged): Anomaly[] {
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
