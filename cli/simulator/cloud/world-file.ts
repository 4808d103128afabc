/**
 * A simulated cloud as it is written down (JSON). Times are whole seconds from the world's beginning (which
 * may be negative: it happened before), or from the first accepted call that changes something.
 */
import * as z from 'zod';
import { CapturedError } from '../../../shared/contracts/error-detected';

const Name = z.string().min(1).max(255);
const Seconds = z.number().int().min(0).max(31_536_000);
const Offset = z.number().int().min(-31_536_000).max(31_536_000);
const Tags = z.record(z.string(), z.string());
const Capacity = z.number().int().min(0).max(10_000);

/** `afterActionSeconds` counts from the first accepted call; what waits for a call that never comes never happens. */
export const When = z.union([
  z.strictObject({ atSeconds: Offset }),
  z.strictObject({ afterActionSeconds: Seconds }),
]);
export type When = z.infer<typeof When>;

const MANAGED_TAGS = { 'grace:managed': 'true' } as const;

const GroupFile = z.strictObject({
  kind: z.literal('autoscaling:group'),
  id: Name,
  desired: Capacity,
  min: Capacity,
  max: Capacity,
  /** Default: as many as desired. */
  inService: Capacity.optional(),
  /** From the call until the instances run, and from then until they are in service. */
  launchSeconds: Seconds.default(45),
  inServiceLagSeconds: Seconds.default(15),
  terminateSeconds: Seconds.default(20),
  /** `fail`: the service takes the new capacity, but no instance ever comes (no capacity in the zone). */
  launches: z.enum(['succeed', 'fail']).default('succeed'),
  tags: Tags.default(MANAGED_TAGS),
});

const InstanceFile = z.strictObject({
  kind: z.literal('ec2:instance'),
  id: Name,
  state: z
    .enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'])
    .default('running'),
  instanceStatus: z.string().default('ok'),
  systemStatus: z.string().default('ok'),
  /** `instance_status` is `initializing` for so long. */
  rebootSeconds: Seconds.default(60),
  statusAfterReboot: z.string().default('ok'),
  tags: Tags.default(MANAGED_TAGS),
});

const DatabaseFile = z.strictObject({
  kind: z.literal('rds:instance'),
  id: Name,
  status: z.string().default('available'),
  engine: z.string().default('postgres'),
  instanceClass: z.string().default('db.r6g.large'),
  multiAz: z.boolean().default(false),
  /** `status` is `rebooting` for so long. */
  rebootSeconds: Seconds.default(60),
  statusAfterReboot: z.string().default('available'),
  tags: Tags.default(MANAGED_TAGS),
});

export const ResourceFile = z.discriminatedUnion('kind', [GroupFile, InstanceFile, DatabaseFile]);
export type ResourceFile = z.infer<typeof ResourceFile>;

export const MetricFile = z.strictObject({
  /** How alarms and causes name it in this file. */
  id: Name,
  namespace: Name,
  metric: Name,
  dimensions: z.record(z.string(), z.string()).default({}),
  /** The statistic that `base` and `raisesTo` are in. */
  statistic: Name.default('Average'),
  periodSeconds: z.number().int().min(1).max(86_400).default(60),
  base: z.number().min(0),
  noise: z
    .strictObject({
      /** Standard deviation of the logarithm: 0.1 is about 10 %. */
      sigma: z.number().min(0).max(2).default(0.05),
      /** Lag-1 autocorrelation from one period to the next. */
      autocorrelation: z.number().min(0).max(0.9).default(0.3),
    })
    .default({ sigma: 0.05, autocorrelation: 0.3 }),
  /** Changes of `base` that have nothing to do with a cause. */
  levels: z.array(z.strictObject({ when: When, base: z.number().min(0) })).default([]),
  /** Periods that begin in such a time leave no point, ever. */
  missing: z.array(z.strictObject({ from: When, forSeconds: Seconds.optional() })).default([]),
  /** Points of periods that begin then or later are seen so many seconds after their period's end. */
  late: z.strictObject({ from: When, seconds: Seconds }).optional(),
});
export type MetricFile = z.infer<typeof MetricFile>;

const alarmFields = {
  name: Name,
  description: z.string().max(1024).optional(),
  actionsEnabled: z.boolean().default(true),
  initialState: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).default('OK'),
  initialSinceSeconds: Offset.default(-86_400),
};
const evaluationFields = {
  comparison: z.enum([
    'GreaterThanThreshold',
    'GreaterThanOrEqualToThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  threshold: z.number(),
  periodSeconds: z.number().int().min(10).max(86_400),
  evaluationPeriods: z.number().int().min(1).max(100),
  datapointsToAlarm: z.number().int().min(1).max(100),
  treatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
};

const MetricAlarmFile = z.strictObject({
  type: z.literal('metric'),
  ...alarmFields,
  ...evaluationFields,
  metric: Name,
});
/** Metric math, of two forms: the sum of all metrics, or the first as a percentage of the second. */
const ExpressionAlarmFile = z.strictObject({
  type: z.literal('expression'),
  ...alarmFields,
  ...evaluationFields,
  combine: z.enum(['sum', 'percentage']),
  metrics: z.array(Name).min(1).max(10),
});
/** In ALARM while any of the named alarms is, which come before it in the file. */
const CompositeAlarmFile = z.strictObject({
  type: z.literal('composite'),
  ...alarmFields,
  anyOf: z.array(Name).min(1).max(20),
  suppressor: z.strictObject({ alarm: Name, waitSeconds: Seconds, extensionSeconds: Seconds }).optional(),
});

export const AlarmFile = z.discriminatedUnion('type', [
  MetricAlarmFile,
  ExpressionAlarmFile,
  CompositeAlarmFile,
]);
export type AlarmFile = z.infer<typeof AlarmFile>;
export type EvaluatedAlarmFile = Exclude<AlarmFile, { type: 'composite' }>;

/** What an accepted action does to a cause. */
export const EffectFile = z.strictObject({
  onAction: z.enum(['aws.scale_instances', 'aws.restart_ec2', 'aws.rds_reboot']),
  /** Default: whatever the action was applied to. */
  resource: Name.optional(),
  /** From the call. */
  afterSeconds: Seconds.default(0),
  outcome: z.enum(['heals', 'nothing', 'heals_then_harms', 'worsens']),
  /** `heals_then_harms`: from the healing until the harm. */
  harmsAfterSeconds: Seconds.default(600),
  /** Severity when it worsens or harms; 1 is that of the fault itself, below 0 the metric goes the other way. */
  severity: z.number().min(-100).max(100).default(1.5),
  /** Scaling only: which way helps. Undoing it brings the cause back. */
  direction: z.enum(['more', 'less']).default('more'),
});
export type EffectFile = z.infer<typeof EffectFile>;

export const CauseFile = z.strictObject({
  id: Name,
  fromSeconds: Offset,
  /** From nothing to its full severity, in a straight line. */
  rampSeconds: Seconds.default(0),
  metrics: z.array(z.strictObject({ metric: Name, raisesTo: z.number().min(0) })).min(1),
  effects: z.array(EffectFile).default([]),
  spontaneousRecovery: When.optional(),
  /** There for the first half of each period, away for the second. */
  flapping: z.strictObject({ periodSeconds: z.number().int().min(2).max(86_400) }).optional(),
});
export type CauseFile = z.infer<typeof CauseFile>;

/** While its cause is there, an application reports this error again and again. */
export const ErrorFile = z.strictObject({
  cause: Name,
  everySeconds: z.number().int().min(1).max(86_400),
  error: CapturedError,
});
export type ErrorFile = z.infer<typeof ErrorFile>;

export const InterferenceFile = z.strictObject({
  when: When,
  resource: Name,
  change: z.union([
    z.strictObject({ set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
    z.strictObject({ delete: z.literal(true) }),
    z.strictObject({ retag: Tags }),
  ]),
});
export type InterferenceFile = z.infer<typeof InterferenceFile>;

export const WorldFile = z
  .strictObject({
    schema: z.literal(1),
    /** Mixed with the kernel's own seed. */
    seed: z.string().default(''),
    account: z.string().regex(/^\d{12}$/, 'an AWS account id has 12 digits'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'not an AWS region'),
    resources: z.array(ResourceFile).default([]),
    metrics: z.array(MetricFile).default([]),
    alarms: z.array(AlarmFile).default([]),
    causes: z.array(CauseFile).default([]),
    interference: z.array(InterferenceFile).default([]),
    errors: z.array(ErrorFile).default([]),
    /** For so long the alarms are evaluated on the kernel, unless the world is stopped before. */
    horizonSeconds: Seconds.default(7200),
  })
  .superRefine((file, context) => {
    for (const { path, message } of dangling(file)) context.addIssue({ code: 'custom', path, message });
  });
export type WorldFile = z.infer<typeof WorldFile>;
export type WorldSource = z.input<typeof WorldFile>;

type Flaw = { readonly path: (string | number)[]; readonly message: string };
type FileParts = Omit<z.infer<typeof WorldFile>, 'schema'>;

/** Names that nothing bears, names borne twice, and counts that cannot be. */
function dangling(file: FileParts): Flaw[] {
  const metrics = file.metrics.map((metric) => metric.id);
  const resources = file.resources.map((resource) => resource.id);
  const alarms = file.alarms.map((alarm) => alarm.name);
  const flaws: Flaw[] = [];
  const unknown = (known: readonly string[], name: string, path: (string | number)[]) => {
    if (!known.includes(name)) flaws.push({ path, message: `nothing here is named ${name}` });
  };
  for (const [list, names] of Object.entries({ metrics, resources, alarms })) {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) flaws.push({ path: [list], message: `${twice} is there twice` });
  }
  file.resources.forEach((resource, index) => {
    if (resource.kind !== 'autoscaling:group') return;
    if (resource.min > resource.desired || resource.desired > resource.max) {
      flaws.push({ path: ['resources', index], message: 'desired is not between min and max' });
    }
  });
  file.alarms.forEach((alarm, index) => {
    const path = ['alarms', index];
    if (alarm.type === 'composite') {
      const before = alarms.slice(0, index);
      for (const name of alarm.anyOf) unknown(before, name, [...path, 'anyOf']);
      if (alarm.suppressor) unknown(before, alarm.suppressor.alarm, [...path, 'suppressor']);
      return;
    }
    for (const name of alarm.type === 'metric' ? [alarm.metric] : alarm.metrics) unknown(metrics, name, path);
    if (alarm.type === 'expression' && alarm.combine === 'percentage' && alarm.metrics.length !== 2) {
      flaws.push({ path, message: 'a percentage is of two metrics' });
    }
    if (alarm.datapointsToAlarm > alarm.evaluationPeriods) {
      flaws.push({ path, message: 'more datapoints to alarm than evaluation periods' });
    }
  });
  file.causes.forEach((cause, index) => {
    for (const { metric } of cause.metrics) unknown(metrics, metric, ['causes', index]);
    for (const { resource } of cause.effects) {
      if (resource !== undefined) unknown(resources, resource, ['causes', index, 'effects']);
    }
  });
  const causes = file.causes.map((cause) => cause.id);
  file.errors.forEach(({ cause }, index) => {
    unknown(causes, cause, ['errors', index]);
  });
  file.interference.forEach(({ resource }, index) => {
    unknown(resources, resource, ['interference', index]);
  });
  return flaws;
}
