import * as z from 'zod';
import type { JsonValue } from '../domain/canonical-json';
import type { LoadedPlaybook } from '../domain/diagnosis';
import { checkPlaybookSource, type FileProblem, readPlaybook } from './playbook-file';

/** All playbooks of a deployment as one JSON asset: made at synth, read by the functions. */
const CompiledPlaybooksSchema = z.array(
  z.strictObject({
    name: z.string(),
    version: z.string().regex(/^[0-9a-f]{64}$/),
    /** As the file says it; `version` is its hash. */
    playbook: z.record(z.string(), z.json()),
  }),
);
export type CompiledPlaybooks = readonly {
  readonly name: string;
  readonly version: string;
  readonly playbook: { readonly [field: string]: JsonValue };
}[];

export interface PlaybookText {
  /** Names the file in problems. */
  readonly file: string;
  readonly text: string;
}

export interface Compilation {
  /** Sorted by name; those that have problems are not in it. */
  readonly compiled: CompiledPlaybooks;
  readonly problems: readonly FileProblem[];
  readonly warnings: readonly FileProblem[];
}

/** Reads every text; the same texts in any order compile to the same asset. */
export function compilePlaybooks(texts: readonly PlaybookText[]): Compilation {
  const compiled: CompiledPlaybooks[number][] = [];
  const problems: FileProblem[] = [];
  const warnings: FileProblem[] = [];
  const fileOf = new Map<string, string>();
  for (const { file, text } of [...texts].sort((a, b) => (a.file < b.file ? -1 : 1))) {
    const reading = readPlaybook(text, file);
    if (!reading.ok) {
      problems.push(...reading.problems);
      continue;
    }
    warnings.push(...reading.warnings);
    const { name } = reading.playbook;
    const taken = fileOf.get(name);
    if (taken !== undefined) {
      const message = `the name ${name} is taken by ${taken}`;
      problems.push({ file, line: 1, field: 'name', message, fix: 'give each playbook its own name' });
      continue;
    }
    fileOf.set(name, file);
    const playbook = reading.source as CompiledPlaybooks[number]['playbook'];
    compiled.push({ name, version: reading.version, playbook });
  }
  compiled.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { compiled, problems, warnings };
}

/** The asset is not what `compilePlaybooks` made: changed, damaged, or of another release of Grace. */
export class CompiledPlaybooksError extends Error {
  override readonly name = 'CompiledPlaybooksError';
}

/**
 * Reads the asset back, with every check of a playbook file and the hash: what runs is what was checked.
 * @throws CompiledPlaybooksError
 */
export function readCompiledPlaybooks(asset: unknown): readonly LoadedPlaybook[] {
  const parsed = CompiledPlaybooksSchema.safeParse(asset);
  if (!parsed.success) throw new CompiledPlaybooksError('not an asset of playbooks', { cause: parsed.error });
  return parsed.data.map(({ name, version, playbook }) => {
    const reading = checkPlaybookSource(playbook as JsonValue);
    if (!reading.ok) {
      throw new CompiledPlaybooksError(`playbook ${name}: ${reading.problems[0]?.message ?? 'not valid'}`);
    }
    if (reading.version !== version || reading.playbook.name !== name) {
      throw new CompiledPlaybooksError(`playbook ${name}: its content is not version ${version}`);
    }
    return { name, version, playbook: reading.playbook };
  });
}
