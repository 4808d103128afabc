import type { ErrorDetected } from '../../shared/contracts/error-detected';
import { readIntake } from '../../shared/contracts/intake-event';
import { readReleaseNotice } from '../../shared/contracts/release-notice';
import { scanEvent } from '../../shared/domain/hunter/scan-event';
import type { Decision, IntakeRecord } from './decision';
import { holdBack, putAway, type QuarantineDeps } from './quarantine';

/** A proper event, with the message that it stands in. */
export interface TakenIn {
  readonly record: IntakeRecord;
  readonly error: ErrorDetected;
  /** The quarantined item that it comes from, and the person who let it go. */
  readonly released?: { readonly quarantineId: string; readonly by: string };
}

/**
 * Reads a message: an event to decide about, or what became of the message at once. What looks like an attack is held
 * back before anything is diagnosed; a notice that a person let it go brings it back.
 */
export async function takeIn(record: IntakeRecord, deps: QuarantineDeps): Promise<TakenIn | Decision> {
  const quarantineId = readReleaseNotice(record.body);
  if (quarantineId !== undefined) return takeBack(record, quarantineId, deps);
  const reading = readIntake(record.body);
  if (!reading.ok) return putAway(record, reading.code, reading.message, deps);
  const [first, ...others] = scanEvent(reading.error);
  return first === undefined ? { record, error: reading.error } : holdBack(record, [first, ...others], deps);
}

/** The message as it was kept, read with every check but the one that a person has overruled. */
async function takeBack(
  record: IntakeRecord,
  quarantineId: string,
  deps: QuarantineDeps,
): Promise<TakenIn | Decision> {
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
    ? { record: kept, error: reading.error, released: { quarantineId, by: released.by } }
    : putAway(kept, reading.code, reading.message, deps);
}
