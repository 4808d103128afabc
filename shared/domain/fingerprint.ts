import type { ErrorDetected } from '../contracts/error-detected';
import { cutText } from './cut-text';
import { digestOf } from './digest';

/**
 * What makes two errors the same trouble: the alarm, or the service, the error's name and its message
 * without what changes from one time to the next (numbers, hex ids). 64 hex digits.
 */
export function fingerprint(error: ErrorDetected): string {
  const { account, region } = error;
  if (error.alarm !== undefined)
    return digestOf('grace.fingerprint.v1\n', {
      account,
      region,
      alarm: error.alarm.arn,
      // An alarm that clears is not a repeat of its going off.
      state: error.alarm.state,
    });
  const captured = error.error;
  return digestOf('grace.fingerprint.v1\n', {
    account,
    region,
    service: captured?.service ?? '',
    name: captured?.name ?? '',
    message: withoutVariables(captured?.message ?? ''),
    attributes: { ...(captured?.attributes ?? {}) },
  });
}

/** Digits and long hex runs become `#`, so that a request id does not make a new trouble. */
export function withoutVariables(message: string): string {
  const plain = message.replace(/[0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4}/gi, '#').replace(/\d+/g, '#');
  return cutText(plain, 512);
}
