import {
  type CompiledPlaybooks,
  compilePlaybooks,
  readCompiledPlaybooks,
} from '../../shared/contracts/compiled-playbooks';
import type { FileProblem } from '../../shared/contracts/playbook-file';
import type { LoadedPlaybook } from '../../shared/domain/diagnosis';
import { nearestName } from '../../shared/domain/nearest-name';
import { readCase } from './case-file';
import { caseTexts, playbookTexts } from './playbook-files';
import { type CaseResult, runCase } from './run-case';

/** What the `grace playbook` commands know; printing is theirs. All throw PlaybookDirectoryError. */

export interface PlaybookCheck {
  readonly ok: boolean;
  readonly files: number;
  readonly playbooks: readonly { readonly name: string; readonly version: string }[];
  readonly problems: readonly FileProblem[];
  readonly warnings: readonly FileProblem[];
}

export function checkPlaybooks(directory: string): PlaybookCheck {
  const texts = playbookTexts(directory);
  const { compiled, problems, warnings } = compilePlaybooks(texts);
  const playbooks = compiled.map(({ name, version }) => ({ name, version }));
  return { ok: problems.length === 0, files: texts.length, playbooks, problems, warnings };
}

export type LoadedLibrary =
  | { readonly ok: true; readonly compiled: CompiledPlaybooks; readonly playbooks: readonly LoadedPlaybook[] }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** All or nothing: one bad file and none is used. */
export function loadPlaybooks(directory: string): LoadedLibrary {
  const { compiled, problems } = compilePlaybooks(playbookTexts(directory));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, compiled, playbooks: readCompiledPlaybooks(compiled) };
}

export interface PlaybookSummary {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly targetKind: string;
  readonly actions: readonly string[];
  readonly tier: number;
}

/** Sorted by name; files with problems are left out (`checkPlaybooks` tells them). */
export function listPlaybooks(directory: string): readonly PlaybookSummary[] {
  const { compiled } = compilePlaybooks(playbookTexts(directory));
  return readCompiledPlaybooks(compiled).map(({ name, version, playbook }) => ({
    name,
    version,
    summary: playbook.summary,
    targetKind: playbook.target.kind,
    actions: playbook.steps.map((step) => step.action),
    tier: playbook.tier,
  }));
}

export type PlaybookDetail =
  | { readonly found: true; readonly loaded: LoadedPlaybook }
  | { readonly found: false; readonly didYouMean?: string };

export function showPlaybook(directory: string, name: string): PlaybookDetail {
  const { compiled } = compilePlaybooks(playbookTexts(directory));
  const loaded = readCompiledPlaybooks(compiled).find((each) => each.name === name);
  if (loaded !== undefined) return { found: true, loaded };
  const names = compiled.map((each) => each.name);
  const near = nearestName(name, names);
  return near === undefined ? { found: false } : { found: false, didYouMean: near };
}

export interface PlaybookTest {
  readonly ok: boolean;
  readonly cases: readonly CaseResult[];
  /** Of playbooks and case files; cases that cannot be read are not run. */
  readonly problems: readonly FileProblem[];
}

/** Runs the recorded incidents in `cases/` against the playbooks: diagnosis, target, tier, plan. */
export async function testPlaybooks(directory: string): Promise<PlaybookTest> {
  const library = loadPlaybooks(directory);
  if (!library.ok) return { ok: false, cases: [], problems: library.problems };
  const problems: FileProblem[] = [];
  const cases: CaseResult[] = [];
  for (const { file, text } of caseTexts(directory)) {
    const reading = readCase(text, file);
    if (reading.ok) cases.push(await runCase(library.playbooks, { file, incident: reading.incident }));
    else problems.push(...reading.problems);
  }
  const ok = problems.length === 0 && cases.every((each) => each.passed);
  return { ok, cases, problems };
}
