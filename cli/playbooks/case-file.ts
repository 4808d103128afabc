import * as z from 'zod';
import { Duration } from '../../shared/contracts/duration';
import { ErrorDetected } from '../../shared/contracts/error-detected';
import type { FileProblem } from '../../shared/contracts/playbook-file';
import { readYaml } from '../../shared/contracts/yaml-source';
import { describeIssues } from '../../shared/contracts/zod-problems';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A recorded incident with what must come of it. */
export const PlaybookCase = z.strictObject({
  summary: z.string().min(1).max(512),
  event: ErrorDetected,
  /** The live target; without it there is none. */
  target: z
    .strictObject({
      facts: z.record(z.string(), Scalar),
      tags: z.record(z.string(), z.string()).default({ 'grace:managed': 'true' }),
    })
    .optional(),
  /** The live alarm; without it there is none, unless the event names none either. */
  alarm: z
    .strictObject({
      evaluation: Duration(0, 86_400),
      threshold: z.number().optional(),
      comparison: z.string().optional(),
    })
    .optional(),
  /** How the playbook's last actions ended, newest last: `1` success, `0` failure. */
  last_ten: z
    .string()
    .regex(/^[01]{0,10}$/)
    .default(''),
  expect: z.union([
    z.strictObject({
      playbook: z.string(),
      tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
      target: z.string(),
      /** By step id: the values that the step is to set. */
      intended: z.record(z.string(), z.record(z.string(), Scalar)).optional(),
    }),
    z.strictObject({ playbook: z.string(), refused: z.string() }),
    z.strictObject({ playbook: z.literal('none') }),
  ]),
});
export type PlaybookCase = z.infer<typeof PlaybookCase>;

export type CaseReading =
  | { readonly ok: true; readonly incident: PlaybookCase }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

export function readCase(text: string, file: string): CaseReading {
  const yaml = readYaml(text);
  const problem = (
    path: readonly (string | number)[],
    rest: Omit<FileProblem, 'file' | 'field'>,
  ): FileProblem => ({
    file,
    field: path.join('.') || '(file)',
    ...rest,
  });
  if (!yaml.ok) return { ok: false, problems: yaml.problems.map(({ path, ...rest }) => problem(path, rest)) };
  const parsed = PlaybookCase.safeParse(yaml.value);
  if (parsed.success) return { ok: true, incident: parsed.data };
  const found = describeIssues(PlaybookCase, parsed.error.issues, yaml.value);
  return {
    ok: false,
    problems: found.map(({ path, ...rest }) => problem(path, { ...yaml.placeOf(path), ...rest })),
  };
}
