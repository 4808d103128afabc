import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { AuditCheckOutput } from '../../functions/audit-check/audit-check';
import type { CosignedOutput } from '../../functions/audit-sealer/take-cosigned';
import { FINDING_WORDS } from '../../shared/contracts/audit-finding-words';
import type { StoredFinding } from '../../shared/contracts/audit-findings';
import { FUNCTIONS } from '../../shared/names';
import { canaryStore } from '../../shared/stores/canary-store';
import { checkProgressStore } from '../../shared/stores/check-progress-store';
import { findingStore } from '../../shared/stores/finding-store';
import { partLines, partsOfGrace } from '../audit/parts-of-grace';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError, UnusableError } from '../errors';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean };

const MOST_FINDINGS = 200;
const HOUR_MS = 3600_000;
/** A check that is never done would be a fault; each call works for minutes. */
const MOST_CALLS = 1000;

/** `grace audit check`, `findings`, `close`, `summary`: below the `audit` command. */
export function register(program: Command, io: Io): void {
  const audit = program.commands.find((command) => command.name() === 'audit');
  if (audit === undefined) throw new Error('the audit command is registered first');
  backendOptions(audit.command('check'))
    .description('look for what is wrong with the log now: what is new since the last check')
    .option('--full', 'read the whole log and the whole state table again')
    .action(async (options: Options & { full?: boolean }) => {
      const found = await withBackend(io, options, async (backend) => {
        const outputs: AuditCheckOutput[] = [];
        do {
          const input = options.full ? { full: outputs.length === 0 } : {};
          outputs.push((await backend.invoke(FUNCTIONS.auditCheck, input)) as AuditCheckOutput);
          await backend.settle();
        } while (!outputs.at(-1)?.done && outputs.length < MOST_CALLS);
        return { outputs, open: await openFindings(backend) };
      });
      printCheck(io, found, options.json === true);
    });
  backendOptions(audit.command('findings'))
    .description('what is open, newest first')
    .action(async (options: Options) => {
      const open = await withBackend(io, options, openFindings);
      if (options.json) printJson(io, open);
      else if (open.length === 0) io.out('nothing is open');
      else for (const one of open) io.out(paragraphOf(one));
    });
  backendOptions(audit.command('close'))
    .argument('<finding>', 'id of the finding')
    .description('close a finding that somebody has looked into')
    .requiredOption('--reason <text>', 'what came of it; it goes into the audit log')
    .action(async (id: string, options: Options & { reason: string }) => {
      const closed = await withBackend(io, options, async (backend) => {
        const { principal } = await backend.identity();
        const why = { actor: principal, reason: options.reason, at: backend.clock.now() };
        const isClosed = await findingStore(backend.state).close(id, why);
        await backend.settle();
        return isClosed;
      });
      if (!closed) throw new NothingThereError(`there is no open finding ${id}`);
      if (options.json) printJson(io, { findingId: id, status: 'closed' });
      else io.out(`finding ${id} is closed`);
    });
  backendOptions(audit.command('cosigned'))
    .argument('<file>', 'a checkpoint with a witness’s signature, as `grace audit witness` prints it')
    .description('keep what a witness has signed, beside the sealed log')
    .action(async (file: string, options: Options) => {
      const cosigned = readNamed(io, file);
      const taken = await withBackend(io, options, async (backend) => {
        const output = (await backend.invoke(FUNCTIONS.auditSealer, { cosigned })) as CosignedOutput;
        await backend.settle();
        return output;
      });
      if (!taken.ok) throw new UnusableError(`${file} is not taken: ${WHY_NOT[taken.code]}`);
      if (options.json) printJson(io, taken);
      else io.out(`kept: the checkpoint of ${taken.size}, signed by ${taken.witnesses.join(', ')}`);
    });
  backendOptions(audit.command('summary'))
    .description('entries and failures of each part of Grace, by the hour')
    .option('--hours <n>', 'how many hours back', hoursOf, 24)
    .option('--parts', 'the parts instead: how long each may be silent, and what it last answered')
    .action(async (options: Options & { hours: number; parts?: boolean }) => {
      const { hours, parts } = await withBackend(io, options, async ({ state, clock }) => {
        const hour = (ms: number) => new Date(ms).toISOString().slice(0, 13);
        const now = clock.now();
        const [from, to] = [hour(now - options.hours * HOUR_MS), hour(now)];
        return {
          parts: await partsOfGrace(canaryStore(state)),
          hours: options.parts ? [] : await checkProgressStore(state).summaries(from, to),
        };
      });
      if (options.parts) {
        if (options.json) printJson(io, parts);
        else for (const line of partLines(parts)) io.out(line);
        return;
      }
      if (options.json) return printJson(io, hours);
      if (hours.length === 0) throw new NothingThereError('nothing has been counted in that time');
      for (const { hour, activity, failures } of hours) {
        const counted = Object.entries(activity).map(([name, count]) => {
          const failed = failures[name] ?? 0;
          return failed === 0 ? `${name} ${count}` : `${name} ${count} (${failed} failures)`;
        });
        io.out(`${hour}:00Z  ${counted.join(', ')}`);
      }
      for (const line of partLines(parts)) io.out(line);
    });
}

const WHY_NOT: Readonly<Record<(CosignedOutput & { ok: false })['code'], string>> = {
  NOT_A_NOTE: 'it is no signed checkpoint',
  NOT_OUR_CHECKPOINT: 'this log has signed no such checkpoint',
  NO_KNOWN_WITNESS:
    'no witness that the setting audit.witnesses names has signed it, or a signature is wrong',
};

function readNamed(io: Io, file: string): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (cause) {
    throw new NothingThereError(`${file} cannot be read`, { cause });
  }
}

async function openFindings({ state }: Parameters<Parameters<typeof withBackend>[2]>[0]) {
  const all = await findingStore(state).list(MOST_FINDINGS);
  return all
    .filter(({ status }) => status === 'open')
    .map((one) => ({ ...one, ...FINDING_WORDS[one.finding.kind] }));
}

function printCheck(
  io: Io,
  { outputs, open }: { outputs: readonly AuditCheckOutput[]; open: readonly StoredFinding[] },
  json: boolean,
): void {
  const sum = (of: (output: AuditCheckOutput) => number) => outputs.reduce((all, one) => all + of(one), 0);
  const opened = outputs.flatMap((output) => output.opened);
  const report = {
    entries: sum(({ entries }) => entries),
    items: sum(({ items }) => items),
    sealed: sum(({ sealed }) => sealed),
    opened,
    closed: sum(({ closed }) => closed),
    filledIn: outputs.flatMap(({ filledIn }) => filledIn),
    done: outputs.at(-1)?.done === true,
    open: open.length,
  };
  if (open.length > 0) io.exitWith(1);
  if (json) {
    printJson(io, report);
    return;
  }
  const { entries, items, sealed, closed, filledIn } = report;
  io.out(
    `${entries} entries, ${items} items, ${sealed} sealed copies looked at; ${closed} findings have passed`,
  );
  for (const { pk, sk, rev, lost } of filledIn) {
    io.out(`  filled in: ${pk} ${sk} rev ${rev}${lost > 0 ? `, and ${lost} lost before it` : ''}`);
  }
  if (open.length === 0) io.out(`${io.paint.green('✔')} nothing is open`);
  else io.out(`${io.paint.red('✘')} ${open.length} open, ${opened.length} of them new:`);
  for (const one of open) io.out(`  ${lineOf(one)}`);
}

/** With what it means and what to do. */
function paragraphOf(one: StoredFinding): string {
  const { means, todo } = FINDING_WORDS[one.finding.kind];
  return `${lineOf(one)}\n  ${means}\n  What to do: ${todo}`;
}

function lineOf({ findingId, finding, foundAt }: StoredFinding): string {
  const { kind, pk, sk, detail } = finding;
  const item = sk === '' ? '' : ` ${pk} ${sk}:`;
  return `${findingId}  ${new Date(foundAt).toISOString()}  ${kind}${item} ${detail}`;
}

function hoursOf(text: string): number {
  const hours = Number(text);
  if (Number.isInteger(hours) && hours > 0 && hours <= 24 * 366) return hours;
  throw new InvalidArgumentError('a whole number of hours, 1 to 8784');
}
