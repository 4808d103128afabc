import * as z from 'zod';
import { Duration } from '../../shared/contracts/duration';
import type { FileProblem } from '../../shared/contracts/playbook-file';
import { readYaml } from '../../shared/contracts/yaml-source';
import { describeIssues } from '../../shared/contracts/zod-problems';
import { ROLES } from '../../shared/domain/person';
import {
  APPROVED_BY,
  CALENDAR_STATES,
  POLICY_ACTIONS,
  POLICY_REFUSALS,
} from '../../shared/domain/policy-request';

const Target = z.strictObject({
  kind: z.string().default('autoscaling:group'),
  account: z.string().default('123456789012'),
  region: z.string().default('us-east-1'),
  id: z.string().default('web'),
  tags: z.record(z.string(), z.string()).default({ 'grace:managed': 'true' }),
});

const Person = z.strictObject({
  subject: z.string().min(1),
  roles: z.array(z.enum(ROLES)),
  /** How long ago they signed in; absent = not known. */
  signed_in: z.optional(Duration(0, 31_536_000)),
});

/** A question with the answer that the policies must give. What a question leaves out is the mildest there is. */
export const PolicyCase = z
  .strictObject({
    summary: z.string().min(1).max(256),
    action: z.enum(POLICY_ACTIONS),
    person: Person.optional(),
    targets: z
      .array(Target)
      .min(1)
      .max(100)
      .default(() => [Target.parse({})]),
    tier: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(1),
    playbook: z.string().default('scale-out'),
    actions: z.array(z.string()).default(['aws.scale_instances']),
    reversible: z.boolean().default(true),
    /** Percent of the targets that are touched. */
    share: z.number().int().min(0).max(100).default(0),
    approved_by: z.enum(APPROVED_BY).default('nobody'),
    quorum: z.number().int().min(0).max(10).default(0),
    excluded: z.array(z.string()).default([]),
    calendar: z.enum(CALENDAR_STATES).default('none'),
    time: z.iso.datetime().default('2026-01-05T12:00:00Z'),
    expect: z.union([
      z.strictObject({ allowed_by: z.array(z.string()).min(1) }),
      z.strictObject({ refused: z.enum(POLICY_REFUSALS), by: z.array(z.string()).default([]) }),
    ]),
  })
  .refine(({ action, person }) => (action === 'execute') === (person === undefined), {
    path: ['person'],
    message: 'execute is asked by Grace itself, everything else by a person',
  });
export type PolicyCase = z.infer<typeof PolicyCase>;

export type PolicyCasesReading =
  | { readonly ok: true; readonly cases: readonly PolicyCase[] }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

const Cases = z.array(PolicyCase).min(1).max(500);

/** A file of cases: a list. `file` only names it in problems. */
export function readPolicyCases(text: string, file: string): PolicyCasesReading {
  const yaml = readYaml(text);
  const fieldOf = (path: readonly (string | number)[]) => path.join('.') || '(file)';
  if (!yaml.ok) {
    const problems = yaml.problems.map(({ path, ...rest }) => ({ file, field: fieldOf(path), ...rest }));
    return { ok: false, problems };
  }
  const parsed = Cases.safeParse(yaml.value);
  if (parsed.success) return { ok: true, cases: parsed.data };
  const problems = describeIssues(Cases, parsed.error.issues, yaml.value).map(({ path, ...rest }) => ({
    file,
    ...yaml.placeOf(path),
    field: fieldOf(path),
    ...rest,
  }));
  return { ok: false, problems };
}
