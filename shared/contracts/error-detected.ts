import * as z from 'zod';

const Name = z.string().min(1).max(512);

/** The metric behind an alarm, as far as the event tells. */
export const AlarmMetric = z.strictObject({
  namespace: Name,
  metric: Name,
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string().min(1).max(64),
  periodSeconds: z.number().int().positive(),
});

export const AlarmEvidence = z.strictObject({
  name: Name,
  arn: Name,
  /** `expression` = metric math; `anomaly` = outside an anomaly detection band. */
  kind: z.enum(['metric', 'expression', 'composite', 'anomaly']),
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  previousState: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
  /** A composite alarm whose actions are suppressed at this time. */
  suppressed: z.boolean(),
  /** Side of the band, for anomaly alarms. */
  band: z.enum(['above', 'below']).optional(),
  reason: z.string().max(2048),
  description: z.string().max(1024).optional(),
  metrics: z.array(AlarmMetric).max(20),
  recentValues: z.array(z.number()).max(100),
  threshold: z.number().optional(),
});
export type AlarmEvidence = z.infer<typeof AlarmEvidence>;

export const CapturedError = z.strictObject({
  service: Name,
  name: Name,
  message: z.string().max(2048),
  /** Facts that playbooks may use, such as the resource that failed. */
  attributes: z.record(z.string().max(64), z.string().max(512)),
});
export type CapturedError = z.infer<typeof CapturedError>;

/** What every source is adapted to. `at`: when it happened, milliseconds since 1970. */
export const ErrorDetected = z.strictObject({
  eventId: z.string().min(1).max(128),
  type: z.enum(['error.detected', 'error.captured']),
  source: Name,
  account: z.string().regex(/^\d{12}$/, 'an AWS account id has 12 digits'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'not an AWS region'),
  at: z.number().int(),
  correlationId: z.string().min(1).max(128),
  missionId: z.string().min(1).max(64).optional(),
  alarm: AlarmEvidence.optional(),
  error: CapturedError.optional(),
});
export type ErrorDetected = z.infer<typeof ErrorDetected>;
