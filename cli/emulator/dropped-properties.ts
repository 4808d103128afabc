import { z } from 'zod';

/** A value in a template: a literal, or an intrinsic that names another resource. */
export type TemplateValue = z.infer<typeof TemplateValue>;
const TemplateValue = z.union([
  z.string(),
  z.object({ Ref: z.string() }),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  z.object({ 'Fn::ImportValue': z.string() }),
]);

/** A property that the emulator's CloudFormation ignores, and that has to be set through the API. */
export type DroppedProperty =
  | {
      readonly kind: 'redrive';
      readonly logicalId: string;
      readonly deadLetterQueue: TemplateValue;
      readonly maxReceiveCount: number;
    }
  | { readonly kind: 'time_to_live'; readonly logicalId: string; readonly attributeName: string }
  | { readonly kind: 'point_in_time_recovery'; readonly logicalId: string }
  | { readonly kind: 'object_lock'; readonly logicalId: string; readonly retention: Retention | undefined };

/** Default retention of new objects; exactly one of days and years. */
export type Retention = z.infer<typeof Retention>;
const Retention = z.object({
  Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
  Days: z.coerce.number().int().positive().optional(),
  Years: z.coerce.number().int().positive().optional(),
});

const Template = z.object({
  Resources: z
    .record(z.string(), z.object({ Type: z.string(), Properties: z.unknown().optional() }))
    .default({}),
});

const Queue = z.object({
  RedrivePolicy: z
    .object({ deadLetterTargetArn: TemplateValue, maxReceiveCount: z.coerce.number().int().positive() })
    .optional(),
});

const Table = z.object({
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  PointInTimeRecoverySpecification: z
    .object({ PointInTimeRecoveryEnabled: z.boolean().optional() })
    .optional(),
});

const Bucket = z.object({
  ObjectLockEnabled: z.boolean().optional(),
  ObjectLockConfiguration: z
    .object({ Rule: z.object({ DefaultRetention: Retention }).optional() })
    .optional(),
});

/**
 * Finds what MiniStack 1.4.21 drops in silence: SQS RedrivePolicy, DynamoDB TTL and point-in-time recovery,
 * S3 Object Lock. Only these four; properties of other types are not looked at.
 *
 * @param template the parsed JSON of a CloudFormation template
 * @throws ZodError if it is no template, or one of these properties has a form this does not know
 */
export const droppedProperties = (template: unknown): DroppedProperty[] =>
  Object.entries(Template.parse(template).Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
    switch (Type) {
      case 'AWS::SQS::Queue':
        return droppedFromQueue(logicalId, Queue.parse(Properties));
      case 'AWS::DynamoDB::Table':
        return droppedFromTable(logicalId, Table.parse(Properties));
      case 'AWS::S3::Bucket':
        return droppedFromBucket(logicalId, Bucket.parse(Properties));
      default:
        return [];
    }
  });

const droppedFromQueue = (logicalId: string, { RedrivePolicy }: z.infer<typeof Queue>): DroppedProperty[] =>
  RedrivePolicy === undefined
    ? []
    : [
        {
          kind: 'redrive',
          logicalId,
          deadLetterQueue: RedrivePolicy.deadLetterTargetArn,
          maxReceiveCount: RedrivePolicy.maxReceiveCount,
        },
      ];

const droppedFromTable = (logicalId: string, table: z.infer<typeof Table>): DroppedProperty[] => {
  const dropped: DroppedProperty[] = [];
  const { TimeToLiveSpecification: ttl, PointInTimeRecoverySpecification: recovery } = table;
  if (ttl?.Enabled) dropped.push({ kind: 'time_to_live', logicalId, attributeName: ttl.AttributeName });
  if (recovery?.PointInTimeRecoveryEnabled) dropped.push({ kind: 'point_in_time_recovery', logicalId });
  return dropped;
};

const droppedFromBucket = (logicalId: string, bucket: z.infer<typeof Bucket>): DroppedProperty[] =>
  bucket.ObjectLockEnabled
    ? [
        {
          kind: 'object_lock',
          logicalId,
          retention: bucket.ObjectLockConfiguration?.Rule?.DefaultRetention,
        },
      ]
    : [];
