import * as z from 'zod';
import { TARGET_KINDS } from '../domain/target';
import { Duration } from './duration';

const Text = z.string().min(1).max(512);
/** Text compared with `*` (any run) and `?` (any one character); everything else is literal. */
const Glob = z.string().min(1).max(256);
/** A literal, or a JSONata expression when it starts with `=`. */
const Expression = z.union([z.string().min(1).max(512), z.number(), z.boolean()]);

export const AlarmPattern = z
  .strictObject({
    name: Glob.optional(),
    namespace: Text.optional(),
    metric: Glob.optional(),
    /** Dimension name to glob; all must be present on one metric of the alarm. */
    dimensions: z.record(z.string(), Glob).optional(),
    kind: z.enum(['metric', 'expression', 'composite', 'anomaly']).optional(),
    band: z.enum(['above', 'below']).optional(),
  })
  .refine((pattern) => Object.keys(pattern).length > 0, {
    error: 'an empty alarm pattern matches everything: name at least one field',
  });

export const ErrorPattern = z
  .strictObject({
    service: Glob.optional(),
    name: Glob.optional(),
    message: Glob.optional(),
    attributes: z.record(z.string(), Glob).optional(),
  })
  .refine((pattern) => Object.keys(pattern).length > 0, {
    error: 'an empty error pattern matches everything: name at least one field',
  });

const Pattern = z.union([z.strictObject({ alarm: AlarmPattern }), z.strictObject({ error: ErrorPattern })]);

const Step = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'lower case letters, digits and _, at most 32'),
  action: Text,
  parameters: z.record(z.string(), Expression).default({}),
  /** Steps that come before this one. */
  after: z.array(z.string()).max(10).default([]),
});

/** What must be true afterwards. `alarm: triggering` and `metric: triggering` name the alarm of the event. */
const ResourceExpectation = z.strictObject({
  resource: Text,
  equals: Expression.optional(),
  at_least: Expression.optional(),
  at_most: Expression.optional(),
});
const AlarmExpectation = z.strictObject({
  alarm: Text,
  state: z.literal('OK'),
  /** How long it must have been so at the end of the window. */
  held_for: z.optional(Duration(0, 86_400)),
});
const MetricSource = z.union([
  z.literal('triggering'),
  z.strictObject({
    namespace: Text,
    metric: Text,
    dimensions: z.record(z.string(), z.string().min(1).max(512)).default({}),
    statistic: Text,
    period: Duration(10, 3600),
  }),
]);
const MetricExpectation = z.strictObject({
  metric: MetricSource,
  /** A number, or `threshold` for the alarm's own. */
  below: z.union([z.number(), z.literal('threshold')]).optional(),
  above: z.union([z.number(), z.literal('threshold')]).optional(),
  /** A statistical change against as long a time before the action. */
  change: z.enum(['decrease', 'increase']).optional(),
  /** The last part of the window over which it must hold; default: from the end of settle. */
  over_last: z.optional(Duration(60, 86_400)),
});
const BenchmarkExpectation = z.strictObject({ benchmark: z.literal('smoke') });

const Expected = z.union([ResourceExpectation, AlarmExpectation, MetricExpectation, BenchmarkExpectation]);

/** A playbook as operators write it (YAML). Checks across fields are in `shared/domain/playbook-rules.ts`. */
export const Playbook = z.strictObject({
  schema: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, 'lower case letters, digits and -, 2 to 63 characters'),
  summary: Text,
  /** People who answer for the rule, by their subjects. They never vote on what it proposes. */
  owners: z.array(z.string().min(1).max(256)).max(20).optional(),
  match: z.array(Pattern).min(1).max(50),
  /** How long the matched alarm needs to change its state: period × evaluation periods. 0s for errors. */
  alarm_evaluation: Duration(0, 86_400),
  target: z.strictObject({ kind: z.enum(TARGET_KINDS), id: z.string().min(1).max(512) }),
  steps: z
    .array(Step)
    .min(1, 'a playbook needs at least one step')
    .max(10, 'a playbook has at most 10 steps'),
  expect: z.array(Expected).min(1).max(20),
  /** Time that the action needs before anything is looked at. */
  settle: Duration(0, 3600),
  /** Time from the action within which the expectation must be reached and held to its end. */
  window: Duration(60, 86_400),
  rollback: z.enum(['restore', 'none']),
  /** The lowest tier; the computed tier can only be higher. */
  tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  approval: z
    .strictObject({
      expires: z.optional(Duration(60, 86_400)),
      execute_within: z.optional(Duration(60, 86_400)),
    })
    .optional(),
  limits: z.strictObject({
    budget: z.strictObject({ max: z.number().int().min(1).max(100), per: Duration(60, 604_800) }),
    cooldown: Duration(0, 86_400),
  }),
});
export type Playbook = z.infer<typeof Playbook>;
export type PlaybookSource = z.input<typeof Playbook>;
