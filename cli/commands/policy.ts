import type { Command } from 'commander';
import type { PoliciesAnswer } from '../../shared/contracts/decision';
import { askDecider } from '../backend/give-command';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError, UnusableError } from '../errors';
import { type Io, printJson } from '../io';
import { policyDirectory } from '../policies/policy-directory';
import { checkPolicies, testPolicies } from '../policies/run-cases';
import { printProblems } from './problems';

interface Options {
  readonly policies?: string;
  readonly json?: boolean;
}
type ListOptions = BackendOptions & { readonly json?: boolean; readonly text?: boolean };

/** `grace policy check|test|list` */
export function register(program: Command, io: Io): void {
  const policy = program.command('policy').description('policies and the constitution: check, test, list');
  const local = (name: string, description: string) =>
    policy
      .command(name)
      .description(description)
      .option('--policies <dir>', 'where they are; default: ./policies, else those that come with Grace')
      .option('--json', 'print JSON');

  local('check', 'read every policy with every check').action((options: Options) => check(io, options));
  local('test', 'ask the policies every question in cases/').action((options: Options) => test(io, options));
  backendOptions(policy.command('list'))
    .description('policies in force on a deployment, as its deciding function has loaded them')
    .option('--text', 'with the text of each')
    .action((options: ListOptions) => list(io, options));
}

async function list(io: Io, { json, text, ...options }: ListOptions): Promise<void> {
  const output = await withBackend(io, options, (backend) => askDecider(backend, { decision: 'policies' }));
  if (!output.ok) {
    io.exitWith(1);
    if (json) printJson(io, output);
    else io.err(`grace: ${output.code}: ${output.message}`);
    return;
  }
  if (!('policies' in output)) throw new UnusableError('the deciding function gave no policies');
  const { version, policies } = output;
  if (json) {
    printJson(io, { version, policies });
    return;
  }
  const lines = policyLines(policies, io);
  policies.forEach((policy, index) => {
    io.out(lines[index] as string);
    if (text) io.out(`${policy.text.replace(/^/gm, '    ')}\n`);
  });
  io.out(`${policies.length} policies are in force; version ${version.slice(0, 12)}`);
}

type Listed = Pick<PoliciesAnswer['policies'][number], 'id' | 'effect' | 'constitution' | 'reason'>;

function policyLines(policies: readonly Listed[], { paint }: Io): string[] {
  const wide = Math.max(0, ...policies.map(({ id }) => id.length));
  return policies.map(({ id, effect, constitution, reason }) => {
    const kind = constitution ? 'constitution' : effect;
    return `${paint.bold(id.padEnd(wide))}  ${kind.padEnd(12)}  ${paint.dim(reason)}`;
  });
}

function check(io: Io, options: Options): void {
  const report = checkPolicies(policyDirectory(io.cwd, options.policies));
  if (!report.ok) io.exitWith(1);
  if (options.json) {
    printJson(io, report);
    return;
  }
  printProblems(io, report.problems);
  for (const line of policyLines(report.policies, io)) io.out(line);
  io.out(
    report.version === null
      ? `${report.files} files: they have problems`
      : `${report.policies.length} policies are good; version ${report.version.slice(0, 12)}`,
  );
}

function test(io: Io, options: Options): void {
  const report = testPolicies(policyDirectory(io.cwd, options.policies));
  if (report.cases.length === 0 && report.problems.length === 0)
    throw new NothingThereError('there are no cases');
  if (!report.ok) io.exitWith(1);
  if (options.json) {
    printJson(io, report);
    return;
  }
  printProblems(io, report.problems);
  for (const { passed, summary, differences } of report.cases) {
    io.out(`${passed ? io.paint.green('✔') : io.paint.red('✘')} ${summary}`);
    for (const difference of differences) io.out(`    ${difference}`);
  }
  for (const id of report.untested) io.out(`${io.paint.red('✘')} no case meets ${id}`);
}
