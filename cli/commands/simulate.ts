import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { NothingThereError, UnusableError, UsageError } from '../errors';
import { type Io, printJson } from '../io';
import { loadPlaybooks } from '../playbooks/library';
import { inPlaybookDirectory } from '../playbooks/playbook-directory';
import { policyDirectory } from '../policies/policy-directory';
import { loadPolicies } from '../policies/run-cases';
import { describeRow } from '../simulate/describe-row';
import { simulateFiles } from '../simulate/rows';
import { WorldFile } from '../simulator/cloud/world-file';
import { printProblems } from './problems';

interface Options {
  readonly playbooks?: string;
  readonly policies?: string;
  readonly world?: string;
  readonly mode: 'act' | 'observe';
  readonly now?: string;
  readonly account?: string;
  readonly json?: boolean;
}

/** `grace simulate FILE…` */
export function register(program: Command, io: Io): void {
  program
    .command('simulate')
    .argument('<file...>', 'JSON: one event as EventBridge delivers it, or an array of them')
    .description('what would Grace do with these events? Nothing is sent anywhere')
    .option('--playbooks <dir>', 'playbooks to use; default: ./playbooks, else those that come with Grace')
    .option('--policies <dir>', 'policies to use; default: ./policies, else those that come with Grace')
    .option('--world <file>', 'the simulated cloud, instead of one assumed from the event')
    .addOption(new Option('--mode <mode>').choices(['act', 'observe']).default('act'))
    .option('--now <time>', 'ISO 8601: where the clock starts; default: at the event')
    .option('--account <id>', 'account that Grace is deployed in; default: the event’s')
    .option('--json', 'print JSON')
    .action(async (files: string[], options: Options) => {
      const library = inPlaybookDirectory(io.cwd, options.playbooks, loadPlaybooks);
      if (!library.ok) {
        printProblems(io, library.problems);
        throw new UnusableError('the playbooks have problems, so none of them is used');
      }
      const report = await simulateFiles(files, {
        ...library,
        policies: loadPolicies(policyDirectory(io.cwd, options.policies)),
        cwd: io.cwd,
        mode: options.mode,
        wallMs: Date.now(),
        ...placeOf(io, options),
      });
      if (options.json) printJson(io, report.rows);
      else for (const row of report.rows) io.out(describeRow(row, io).join('\n'));
      if (report.refused > 0) io.exitWith(1);
      if (report.unreadable > 0) io.exitWith(2);
    });
}

function placeOf(io: Io, { now, account, world }: Options) {
  const at = now === undefined ? undefined : Date.parse(now);
  if (at !== undefined && (Number.isNaN(at) || !/^\d{4}-\d\d-\d\d/.test(now ?? ''))) {
    throw new UsageError(`--now ${now}: not a time; write it as 2026-01-05T09:00:00Z`);
  }
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw new UsageError(`--account ${account}: an AWS account id has 12 digits`);
  }
  return {
    ...(at === undefined ? {} : { now: at }),
    ...(account === undefined ? {} : { account }),
    ...(world === undefined ? {} : { world: readWorld(resolve(io.cwd, world), world) }),
  };
}

function readWorld(path: string, name: string): WorldFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new NothingThereError(`--world ${name}: the file cannot be read`, { cause });
  }
  try {
    const parsed = WorldFile.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new UnusableError(`--world ${name}: ${issue?.path.join('.') || 'file'}: ${issue?.message}`);
  } catch (cause) {
    if (cause instanceof UnusableError) throw cause;
    throw new UnusableError(`--world ${name}: not JSON`, { cause });
  }
}
