import type { ErrorDetected } from '../../contracts/error-detected';
import type { Finding } from './finding';
import { MAX_FINDINGS, scanText, scanValue } from './scan';

/**
 * What speaks against an event: its names and facts as values that may reach a call, its messages as words. What
 * was cut off when it was read is looked at by nobody, and kept by nobody either.
 */
export function scanEvent({ source, alarm, error }: ErrorDetected): Finding[] {
  const findings = [...scanText(source, 'parameter', 'source')];
  if (alarm !== undefined) {
    findings.push(
      ...scanText(alarm.name, 'parameter', 'alarm.name'),
      ...scanText(alarm.reason, 'text', 'alarm.reason'),
      ...scanText(alarm.description ?? '', 'text', 'alarm.description'),
      ...scanValue(alarm.metrics, 'parameter', 'alarm.metrics'),
    );
  }
  if (error !== undefined) {
    findings.push(
      ...scanText(error.service, 'parameter', 'error.service'),
      ...scanText(error.name, 'parameter', 'error.name'),
      ...scanText(error.message, 'text', 'error.message'),
      ...scanValue(error.attributes, 'parameter', 'error.attributes'),
    );
  }
  return findings.slice(0, MAX_FINDINGS);
}
