import * as z from 'zod';
import { cutText } from '../domain/cut-text';
import { AlarmEvent, alarmError } from './alarm-event';
import { Envelope } from './envelope';
import { CapturedError, ErrorDetected } from './error-detected';
import { type IdentifierFault, suspiciousIdentifier, suspiciousName } from './identifier-text';
import { parseStrictJson } from './strict-json';

/** EventBridge's own envelope, as a queue receives it. */
const BusEvent = z.object({
  id: z.string().min(1).max(128),
  source: z.string().min(1).max(256),
  'detail-type': z.string().min(1).max(128),
  account: z.string(),
  region: z.string(),
  time: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/** What users send: an envelope whose detail is the error. */
const UserError = z.strictObject({
  ...Envelope.shape,
  type: z.enum(['error.detected', 'error.captured']),
  /** The person who asks for something by this event. Claimed: it can only take a vote away, never give one. */
  requestedBy: z.string().min(1).max(512).optional(),
  detail: CapturedError,
});

export type IntakeReading =
  | { readonly ok: true; readonly error: ErrorDetected }
  /** Poison: `code` says what is wrong, `message` names the field and the fix. */
  | { readonly ok: false; readonly code: string; readonly message: string };

const poison = (code: string, message: string): IntakeReading => ({ ok: false, code, message });

/**
 * Reads one message of the intake queue. Whatever comes, this answers: a bad event is a value with a code,
 * never a throw, so that it cannot keep its neighbours from being handled.
 */
export function readIntake(body: string | Uint8Array): IntakeReading {
  const json = parseStrictJson(body);
  if (!json.ok) return poison(json.code, json.message);
  const bus = BusEvent.safeParse(json.value);
  if (!bus.success) return poison('NOT_AN_EVENT', problemsOf(bus.error));
  const event = bus.data;
  if (event.source === 'aws.cloudwatch' && event['detail-type'] === 'CloudWatch Alarm State Change') {
    const alarm = AlarmEvent.safeParse(json.value);
    if (!alarm.success) return poison('NOT_AN_ALARM_EVENT', problemsOf(alarm.error));
    return checked(alarmError(alarm.data));
  }
  if (event['detail-type'] === 'error.detected' || event['detail-type'] === 'error.captured') {
    if (event.source === 'grace') return poison('OWN_EVENT', 'events of Grace itself are not taken in');
    if (event.source.startsWith('aws.'))
      return poison('UNKNOWN_EVENT', `${event.source} sends no ${event['detail-type']}`);
    const user = UserError.safeParse(event.detail);
    if (!user.success) return poison('NOT_AN_ERROR_EVENT', problemsOf(user.error));
    const { detail, missionId, requestedBy } = user.data;
    return checked({
      eventId: user.data.id,
      type: user.data.type,
      source: event.source,
      account: event.account,
      region: event.region,
      at: Date.parse(user.data.time),
      correlationId: user.data.correlationId,
      ...(missionId === undefined ? {} : { missionId }),
      ...(requestedBy === undefined ? {} : { requestedBy }),
      error: detail,
    });
  }
  return poison('UNKNOWN_EVENT', `no adapter takes ${event.source} / ${event['detail-type']}`);
}

/** The partition, region, account and name; a name may hold colons and spaces. */
const ALARM_ARN = /^arn:aws[a-z-]*:cloudwatch:([^:]*):([^:]*):alarm:(.+)$/;

/** Ids and ARNs become keys and names: only plain ones pass. */
function checked(error: ErrorDetected): IntakeReading {
  const parsed = ErrorDetected.safeParse(error);
  if (!parsed.success) return poison('NOT_AN_ERROR_EVENT', problemsOf(parsed.error));
  const { eventId, correlationId, missionId, requestedBy, alarm } = error;
  const suspicions: [string, IdentifierFault | undefined][] = [
    ['id', suspiciousIdentifier(eventId)],
    ['correlationId', suspiciousIdentifier(correlationId)],
    ['missionId', missionId === undefined ? undefined : suspiciousIdentifier(missionId)],
    ['requestedBy', requestedBy === undefined ? undefined : suspiciousName(requestedBy)],
    ['resources[0]', alarm === undefined ? undefined : suspiciousName(alarm.arn)],
  ];
  for (const [field, suspicion] of suspicions) {
    if (suspicion !== undefined)
      return poison(`SUSPICIOUS_${suspicion}`, `${field}: ${suspicion}; send plain text`);
  }
  return (alarm === undefined ? undefined : arnFault(error, alarm)) ?? { ok: true, error: parsed.data };
}

/** The ARN is the alarm's own: of the event's account and region, and of the name that is looked up. */
function arnFault(
  { account, region }: ErrorDetected,
  { arn, name }: NonNullable<ErrorDetected['alarm']>,
): IntakeReading | undefined {
  const parts = ALARM_ARN.exec(arn);
  if (parts === null) return poison('NOT_AN_ALARM_ARN', 'resources[0] is not the ARN of a CloudWatch alarm');
  const [, arnRegion, arnAccount, arnName] = parts;
  if (arnAccount !== account || arnRegion !== region) {
    return poison(
      'FOREIGN_ARN',
      `resources[0] is of account ${arnAccount} and region ${arnRegion}, the event of ${account} and ${region}`,
    );
  }
  if (arnName !== name)
    return poison('NOT_AN_ALARM_ARN', 'resources[0] does not name the alarm that detail.alarmName names');
  return undefined;
}

/** Each problem with its field: `detail.name: Invalid input`. */
function problemsOf(error: Pick<z.core.$ZodError, 'issues'>): string {
  const problems = error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'event'}: ${issue.message}`);
  return cutText(problems.join('; '), 1024);
}
