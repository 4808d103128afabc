import { FACTS } from '../domain/actions';
import { canonicalJson, type JsonValue } from '../domain/canonical-json';
import { sha256Hex } from '../domain/digest';
import { scanPlaybook } from '../domain/hunter/scan-playbook';
import { suggestName } from '../domain/nearest-name';
import { checkPlaybook } from '../domain/playbook-rules';
import type { RuleProblem } from '../domain/rule-findings';
import { EXPRESSION_ROOTS, isExpression, readExpression } from './expression';
import { suspiciousIdentifier } from './identifier-text';
import { Playbook } from './playbook';
import { readYaml, type SourcePath } from './yaml-source';
import { describeIssues } from './zod-problems';

/** One thing wrong with a playbook file, for a person or an editor. Lines and columns count from 1. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** `steps[0].parameters.change`; `(file)` where it is none. */
  readonly field: string;
  readonly message: string;
  readonly fix: string;
}

export type PlaybookReading =
  | {
      readonly ok: true;
      readonly playbook: Playbook;
      /** SHA-256 of the canonical JSON of what the file says; comments and order of fields do not count. */
      readonly version: string;
      /** What the file says, as plain data: what `version` is the hash of. */
      readonly source: JsonValue;
      readonly warnings: readonly FileProblem[];
    }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

const MAX_PROBLEMS = 50;

/** Reads one playbook from its YAML text; `file` only names it in problems. Never throws. */
export function readPlaybook(text: string, file: string): PlaybookReading {
  const yaml = readYaml(text);
  if (!yaml.ok) {
    return {
      ok: false,
      problems: yaml.problems.map(({ path, ...rest }) => ({ file, field: fieldOf(path), ...rest })),
    };
  }
  const locate = (problem: RuleProblem): FileProblem => ({
    file,
    ...yaml.placeOf(problem.path),
    field: fieldOf(problem.path),
    message: problem.message,
    fix: problem.fix,
  });
  const refuse = (problems: readonly RuleProblem[]): PlaybookReading => ({
    ok: false,
    problems: problems.slice(0, MAX_PROBLEMS).map(locate),
  });
  const reading = checkPlaybookSource(yaml.value);
  if (!reading.ok) return refuse(reading.problems);
  return {
    ok: true,
    playbook: reading.playbook,
    version: reading.version,
    source: yaml.value,
    warnings: reading.warnings.map(locate),
  };
}

export type SourceReading =
  | {
      readonly ok: true;
      readonly playbook: Playbook;
      readonly version: string;
      readonly warnings: readonly RuleProblem[];
    }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/** All checks of a playbook that is plain data already: schema, expressions, rules across fields, the hunter. */
export function checkPlaybookSource(source: JsonValue): SourceReading {
  const parsed = Playbook.safeParse(source);
  if (!parsed.success) return { ok: false, problems: describeIssues(Playbook, parsed.error.issues, source) };
  const playbook = parsed.data;
  const findings = checkPlaybook(playbook);
  const problems = [...findings.problems, ...identifierRules(playbook), ...expressionRules(playbook)];
  if (problems.length > 0) return { ok: false, problems };
  const attacks = scanPlaybook(playbook);
  if (attacks.length > 0) return { ok: false, problems: attacks };
  return { ok: true, playbook, version: playbookVersion(source), warnings: findings.warnings };
}

export function playbookVersion(source: JsonValue): string {
  return sha256Hex(canonicalJson(source));
}

function identifierRules(playbook: Playbook): RuleProblem[] {
  const { id } = playbook.target;
  const fault = isExpression(id) ? undefined : suspiciousIdentifier(id);
  if (fault === undefined) return [];
  return [
    {
      path: ['target', 'id'],
      message: `${fault}: not the name of one resource`,
      fix: 'write one plain name',
    },
  ];
}

interface Entry {
  readonly path: SourcePath;
  readonly value: unknown;
  /** Roots that have a value when the entry is evaluated. */
  readonly roots: readonly string[];
}

/** `target`, `planned` and `parameters` are known only once the target is, and has been looked at. */
const FROM_EVENT = EXPRESSION_ROOTS.filter((root) => !['target', 'planned', 'parameters'].includes(root));

/** Everything that may hold an expression, in the order of the file. */
function expressionEntries(playbook: Playbook): Entry[] {
  return [
    { path: ['target', 'id'], value: playbook.target.id, roots: FROM_EVENT },
    ...playbook.steps.flatMap((step, index) =>
      Object.entries(step.parameters).map(([name, value]) => ({
        path: ['steps', index, 'parameters', name],
        value,
        roots: EXPRESSION_ROOTS,
      })),
    ),
    ...playbook.expect.flatMap((expected, index): Entry[] => {
      const path = ['expect', index];
      if ('resource' in expected) {
        return (['equals', 'at_least', 'at_most'] as const).map((name) => ({
          path: [...path, name],
          value: expected[name],
          roots: EXPRESSION_ROOTS,
        }));
      }
      if (!('metric' in expected) || expected.metric === 'triggering') return [];
      return Object.entries(expected.metric.dimensions).map(([name, value]) => ({
        path: [...path, 'metric', 'dimensions', name],
        value,
        roots: EXPRESSION_ROOTS,
      }));
    }),
  ];
}

function expressionRules(playbook: Playbook): RuleProblem[] {
  return expressionEntries(playbook).flatMap(({ path, value, roots }): RuleProblem[] => {
    if (!isExpression(value)) return [];
    const reading = readExpression(value);
    if (!reading.ok) return reading.faults.map((fault) => ({ path, ...fault }));
    return reading.references.flatMap((reference) => referenceRules(reference, { playbook, path, roots }));
  });
}

function referenceRules(
  [root = '', name]: readonly string[],
  {
    playbook,
    path,
    roots,
  }: { readonly playbook: Playbook; readonly path: SourcePath; readonly roots: readonly string[] },
): RuleProblem[] {
  if (!roots.includes(root)) {
    return [{ path, message: `\`${root}\` is not known yet here`, fix: `use one of: ${roots.join(', ')}` }];
  }
  if (name === undefined) return [];
  if (root === 'target') return knownName({ path, name, known: Object.keys(FACTS[playbook.target.kind]) });
  if (root === 'planned' || root === 'parameters') {
    return knownName({ path, name, known: playbook.steps.map((step) => step.id) });
  }
  return [];
}

function knownName({
  path,
  name,
  known,
}: {
  readonly path: SourcePath;
  readonly name: string;
  readonly known: readonly string[];
}): RuleProblem[] {
  if (known.includes(name)) return [];
  return [{ path, message: `there is no \`${name}\` to refer to`, fix: suggestName(name, known) }];
}

function fieldOf(path: SourcePath): string {
  if (path.length === 0) return '(file)';
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`))
    .join('');
}
