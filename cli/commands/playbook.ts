import type { Command } from 'commander';
import { playbookStore } from '../../shared/stores/playbook-store';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError, UnusableError } from '../errors';
import { type Io, printJson } from '../io';
import {
  checkPlaybooks,
  listPlaybooks,
  loadPlaybooks,
  showPlaybook,
  testPlaybooks,
} from '../playbooks/library';
import { inPlaybookDirectory } from '../playbooks/playbook-directory';
import { writePlaybookSchema } from '../playbooks/write-playbook-schema';
import { printProblems } from './problems';

interface Options {
  readonly playbooks?: string;
  readonly json?: boolean;
}

/** `grace playbook check|test|list|show|schema|push` */
export function register(program: Command, io: Io): void {
  const playbook = program
    .command('playbook')
    .description('playbooks: check, test, list, show, schema, push');
  const local = (name: string, description: string) =>
    playbook
      .command(name)
      .description(description)
      .option('--playbooks <dir>', 'where they are; default: ./playbooks, else those that come with Grace')
      .option('--json', 'print JSON');

  local('check', 'read every file with every check').action((options: Options) => check(io, options));
  local('test', 'run the recorded incidents in cases/').action((options: Options) => test(io, options));
  local('list', 'all playbooks').action((options: Options) => list(io, options));
  local('show', 'one playbook, as it is understood')
    .argument('<name>')
    .action((name: string, options: Options) => show(io, name, options));
  local('schema', 'write the JSON Schema that editors read, playbook.schema.json').action(
    (options: Options) => {
      io.out(inPlaybookDirectory(io.cwd, options.playbooks, writePlaybookSchema));
    },
  );
  backendOptions(playbook.command('push'))
    .description('write the versions to a deployment; they are in use within half a minute')
    .option('--playbooks <dir>', 'where they are; default: ./playbooks, else those that come with Grace')
    .action((options: Options & BackendOptions) => push(io, options));
}

function check(io: Io, options: Options): void {
  const report = inPlaybookDirectory(io.cwd, options.playbooks, checkPlaybooks);
  if (report.files === 0) throw new NothingThereError('there is no playbook in this directory');
  if (!report.ok) io.exitWith(1);
  if (options.json) {
    printJson(io, report);
    return;
  }
  printProblems(io, report.problems);
  printProblems(io, report.warnings);
  const bad = new Set(report.problems.map(({ file }) => file)).size;
  io.out(`${report.files} files: ${report.playbooks.length} playbooks are good, ${bad} files have problems`);
}

async function test(io: Io, options: Options): Promise<void> {
  const report = await inPlaybookDirectory(io.cwd, options.playbooks, testPlaybooks);
  if (report.cases.length === 0 && report.ok) throw new NothingThereError('there are no cases');
  if (!report.ok) io.exitWith(1);
  if (options.json) {
    printJson(io, report);
    return;
  }
  printProblems(io, report.problems);
  for (const { passed, summary, playbook, differences } of report.cases) {
    io.out(`${passed ? io.paint.green('✔') : io.paint.red('✘')} ${summary} → ${playbook}`);
    for (const difference of differences) io.out(`    ${difference}`);
  }
}

function list(io: Io, options: Options): void {
  const rows = inPlaybookDirectory(io.cwd, options.playbooks, listPlaybooks);
  if (rows.length === 0) throw new NothingThereError('there is no playbook in this directory');
  if (options.json) {
    printJson(io, rows);
    return;
  }
  const wide = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, version, summary, tier } of rows) {
    io.out(
      `${io.paint.bold(name.padEnd(wide))}  tier ${tier}  ${io.paint.dim(version.slice(0, 12))}  ${summary}`,
    );
  }
}

function show(io: Io, name: string, options: Options): void {
  const detail = inPlaybookDirectory(io.cwd, options.playbooks, (directory) => showPlaybook(directory, name));
  if (!detail.found) {
    const hint = detail.didYouMean === undefined ? '' : `; did you mean ${detail.didYouMean}?`;
    throw new NothingThereError(`there is no playbook ${name}${hint}`);
  }
  printJson(io, detail.loaded);
}

async function push(io: Io, options: Options & BackendOptions): Promise<void> {
  const library = inPlaybookDirectory(io.cwd, options.playbooks, loadPlaybooks);
  if (!library.ok) {
    printProblems(io, library.problems);
    throw new UnusableError('the playbooks have problems, so none was written');
  }
  const written = await withBackend(io, options, async (backend) => {
    const { principal } = await backend.identity();
    const store = playbookStore(backend.state);
    const rows: { name: string; version: string; outcome: 'written' | 'unchanged' }[] = [];
    for (const { name, version, playbook } of library.compiled) {
      const why = { actor: principal, reason: 'PUSHED', at: backend.clock.now() };
      rows.push({ name, version, outcome: await store.publish({ name, version, source: playbook }, why) });
    }
    await backend.settle();
    return rows;
  });
  if (options.json) {
    printJson(io, written);
    return;
  }
  for (const { name, version, outcome } of written)
    io.out(`${outcome.padEnd(9)} ${name} ${version.slice(0, 12)}`);
}
