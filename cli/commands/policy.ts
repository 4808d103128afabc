import type { Command } from 'commander';
import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';
import { policyDirectory } from '../policies/policy-directory';
import { checkPolicies, testPolicies } from '../policies/run-cases';
import { printProblems } from './problems';

interface Options {
  readonly policies?: string;
  readonly json?: boolean;
}

/** `grace policy check|test` */
export function register(program: Command, io: Io): void {
  const policy = program.command('policy').description('policies and the constitution: check, test');
  const local = (name: string, description: string) =>
    policy
      .command(name)
      .description(description)
      .option('--policies <dir>', 'where they are; default: ./policies, else those that come with Grace')
      .option('--json', 'print JSON');

  local('check', 'read every policy with every check').action((options: Options) => check(io, options));
  local('test', 'ask the policies every question in cases/').action((options: Options) => test(io, options));
}

function check(io: Io, options: Options): void {
  const report = checkPolicies(policyDirectory(io.cwd, options.policies));
  if (!report.ok) io.exitWith(1);
  if (options.json) {
    printJson(io, report);
    return;
  }
  printProblems(io, report.problems);
  const wide = Math.max(0, ...report.policies.map(({ id }) => id.length));
  for (const { id, effect, constitution, reason } of report.policies) {
    const kind = constitution ? 'constitution' : effect;
    io.out(`${io.paint.bold(id.padEnd(wide))}  ${kind.padEnd(12)}  ${io.paint.dim(reason)}`);
  }
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
