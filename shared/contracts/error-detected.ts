import * as z from 'zod/mini';

const Name = z.string().check(z.minLength(1), z.maxLength(512));

/** The metric behind an alarm, as far as the event tells. */
export const AlarmMetric = z.strictObject({
  namespace: Name,
  metric: Name,
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string().check(z.minLength(1), z.maxLength(64)),
  periodSeconds: z.int().check(z.positive()),
});

export const AlarmEvidence = z.strictObject({
  name: Name,
  arn: Name,
  /** `expression` = metric math; `anomaly` = outside an anomaly detection band. */
  kind: z.enum(['metric', 'expression', 'composite', 'anomaly']),
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  previousState: z.optional(z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA'])),
  /** A composite alarm whose actions are suppressed at this time. */
  suppressed: z.boolean(),
  /** Side of the band, for anomaly alarms. */
  band: z.optional(z.enum(['above', 'below'])),
  reason: z.string().check(z.maxLength(2048)),
  description: z.optional(z.string().check(z.maxLength(1024))),
  metrics: z.array(AlarmMetric).check(z.maxLength(20)),
  recentValues: z.array(z.number()).check(z.maxLength(100)),
  threshold: z.optional(z.number()),
});
export type AlarmEvidence = z.infer<typeof AlarmEvidence>;

export const CapturedError = z.strictObject({
  service: Name,
  name: Name,
  message: z.string().check(z.maxLength(2048)),
  /** Facts that playbooks may use, such as the resource that failed. */
  attributes: z.record(z.string().check(z.maxLength(64)), z.string().check(z.maxLength(512))),
});
export type CapturedError = z.infer<typeof CapturedError>;

/** What every source is adapted to. `at`: when it happened, milliseconds since 1970. */
export const ErrorDetected = z.strictObject({
  eventId: z.string().check(z.minLength(1), z.maxLength(128)),
  type: z.enum(['error.detected', 'error.captured']),
  source: Name,
  account: z.string().check(z.regex(/^\d{12}$/, 'an AWS account id has 12 digits')),
  region: z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'not an AWS region')),
  at: z.int(),
  correlationId: z.string().check(z.minLength(1), z.maxLength(128)),
  missionId: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  /** The person who asks for something by this event, as its sender says. */
  requestedBy: z.optional(z.string().check(z.minLength(1), z.maxLength(512))),
  alarm: z.optional(AlarmEvidence),
  error: z.optional(CapturedError),
});
export type ErrorDetected = z.infer<typeof ErrorDetected>;
