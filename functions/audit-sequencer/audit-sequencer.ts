import * as z from 'zod/mini';
import { isAudited } from '../../shared/contracts/audited-items';
import type { FilledIn } from '../../shared/ports/audit-check';
import type { ChangeRecord } from '../../shared/ports/table';
import { attributeRecord } from './attribute-record';
import { type FillInDeps, fillIn } from './fill-in';
import { type Anomaly, anomalyOf, type SequencerDeps, sequenceDrafts } from './sequence-drafts';

/** Asked by the audit check: items whose last change the log seems to lack. */
export const FillInInput = z.strictObject({
  fillIn: z
    .array(z.strictObject({ pk: z.string().check(z.minLength(1)), sk: z.string().check(z.minLength(1)) }))
    .check(z.maxLength(100)),
});
export type FillInInput = z.infer<typeof FillInInput>;

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
  const logged = await sequenceDrafts(drafts, deps);
  const anomalies = logged.flatMap(anomalyOf);
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

/** Writes what the log lacks of the items asked for: see `fillIn`. */
export async function reconcile(input: FillInInput, deps: FillInDeps): Promise<readonly FilledIn[]> {
  return fillIn(input.fillIn, deps);
}
