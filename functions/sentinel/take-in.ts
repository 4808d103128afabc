import type { ErrorDetected } from '../../shared/contracts/error-detected';
import { readIntake } from '../../shared/contracts/intake-event';
import { readReleaseNotice } from '../../shared/contracts/release-notice';
import type { Decision, IntakeRecord } from './decision';
import { putAway, type QuarantineDeps } from './quarantine';

/** A proper event, with the message that it stands in. */
export interface TakenIn {
  readonly record: IntakeRecord;
  readonly error: ErrorDetected;
  /** The quarantined item that a person let it go from. */
  readonly quarantineId?: string;
}

/**
 * Reads a message: an event to decide about, or what became of the message at once. A notice of a release
 * brings back the message as it was kept, read with every check but the one that a person has overruled.
 */
export async function takeIn(record: IntakeRecord, deps: QuarantineDeps): Promise<TakenIn | Decision> {
  const quarantineId = readReleaseNotice(record.body);
  if (quarantineId === undefined) {
    const reading = readIntake(record.body);
    return reading.ok
      ? { record, error: reading.error }
      : putAway(record, reading.code, reading.message, deps);
  }
  const released = await deps.quarantine.releasedBody(quarantineId);
  if (released === undefined) {
    return {
      messageId: record.messageId,
      eventId: undefined,
      decision: 'NOT_RELEASED',
      detail: `nobody released ${quarantineId}`,
    };
  }
  const kept = { ...record, body: released.body };
  const reading = readIntake(released.body);
  return reading.ok
    ? { record: kept, error: reading.error, quarantineId }
    : putAway(kept, reading.code, reading.message, deps);
}
