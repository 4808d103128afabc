import { type Command, Option } from 'commander';
import { readIntake } from '../../shared/contracts/intake-event';
import type { QuarantineEntry } from '../../shared/contracts/quarantine';
import { errorStore } from '../../shared/stores/error-store';
import { quarantineStore } from '../../shared/stores/quarantine-store';
import type { Backend } from '../backend/backend';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { labelled } from '../demo/text';
import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';
import { positive } from './contract';

type Options = BackendOptions & { readonly json?: boolean };
type ListOptions = Options & { readonly status: 'held' | 'released'; readonly limit: number };

/** `grace quarantine list|show ID|release ID` */
export function register(program: Command, io: Io): void {
  const quarantine = program.command('quarantine').description('messages that were not taken in, and why');
  backendOptions(quarantine.command('list'))
    .description('quarantined messages, newest first')
    .addOption(
      new Option('--status <status>', 'held, or released').choices(['held', 'released']).default('held'),
    )
    .option('--limit <n>', 'how many at most', positive, 50)
    .action(async (options: ListOptions) => {
      const rows = await withBackend(io, options, async ({ state }) =>
        (await quarantineStore(state).list(options)).entries.map(shown),
      );
      if (options.json) {
        printJson(io, rows);
        return;
      }
      for (const { id, receivedAt, code, message } of rows) {
        io.out(`${id}  ${receivedAt}  ${code.padEnd(20)} ${message}`);
      }
    });
  backendOptions(quarantine.command('show'))
    .argument('<id>', 'its id')
    .description('one message with all that was found in it')
    .action(async (id: string, options: Options) => {
      const entry = await withBackend(io, options, (backend) => entryNamed(backend, id));
      if (options.json) printJson(io, shown(entry));
      else io.out(describe(entry, io).join('\n'));
    });
  backendOptions(quarantine.command('release'))
    .argument('<id>', 'its id')
    .description('let go of an event that the hunter held back: it is taken in again, with every other check')
    .requiredOption('--reason <text>', 'why it is no attack; it goes into the audit log')
    .action(async (id: string, options: Options & { reason: string }) => {
      const result = await withBackend(io, options, (backend) => release(backend, id, options.reason));
      if (!result.ok) io.exitWith(1);
      if (options.json) printJson(io, result);
      else io.out(result.ok ? releasedText(result) : `not released: ${result.code}: ${result.message}`);
    });
}

async function release(backend: Backend, id: string, reason: string) {
  const { principal } = await backend.identity();
  const store = quarantineStore(backend.state);
  const result = await store.release(id, { actor: principal, reason, at: backend.clock.now() });
  if (!result.ok && result.code === 'NOT_FOUND') throw nothingThere(id);
  if (!result.ok) {
    const { released } = result.entry;
    const message =
      released === undefined
        ? 'it is no proper event, and would be none after a release: send a corrected one'
        : `${released.by} released it at ${new Date(released.at).toISOString()}`;
    return { id, ok: false as const, code: result.code, message };
  }
  await backend.settle();
  return { id, ok: true as const, by: principal, reason, decision: await decisionOn(backend, id) };
}

/** What the sentinel made of it; `null` while it has not come to it, which on AWS takes a moment. */
async function decisionOn({ state }: Backend, id: string) {
  const released = await quarantineStore(state).releasedBody(id);
  const reading = released === undefined ? undefined : readIntake(released.body);
  const event = reading?.ok ? await errorStore(state).event(reading.error.eventId) : undefined;
  if (event === undefined) return null;
  return { decision: event.decision, contractId: event.contractId ?? null };
}

function releasedText({ id, decision }: Extract<Awaited<ReturnType<typeof release>>, { ok: true }>): string {
  const became = decision === null ? '' : `: ${decision.decision} ${decision.contractId ?? ''}`.trimEnd();
  return `${id} is released and taken in again${became}`;
}

async function entryNamed({ state }: Backend, id: string): Promise<QuarantineEntry> {
  const entry = await quarantineStore(state).get(id);
  if (entry === undefined) throw nothingThere(id);
  return entry;
}

const nothingThere = (id: string) => new NothingThereError(`there is no quarantined message ${id}`);

/** Times as texts, for `--json`. */
const shown = ({ receivedAt, released, ...others }: QuarantineEntry) => ({
  ...others,
  receivedAt: new Date(receivedAt).toISOString(),
  released: released === undefined ? null : { ...released, at: new Date(released.at).toISOString() },
});

function describe(entry: QuarantineEntry, { paint }: Io): string[] {
  const section = (name: string, lines: readonly string[]) => labelled(paint.bold(name.padEnd(9)), 13, lines);
  const { released } = entry;
  return [
    `${paint.bold(entry.id)}  ${entry.status}  ${entry.code}`,
    ...section('received', [new Date(entry.receivedAt).toISOString()]),
    ...section('why', [entry.message]),
    ...section(
      'found',
      entry.findings.map(({ code, path, excerpt, why }) => `${code} in ${path}: ${excerpt} (${why})`),
    ),
    ...section('message', [entry.excerpt]),
    ...section(
      'released',
      released === undefined
        ? [entry.releasable ? 'no' : 'no, and it cannot be: it is no proper event']
        : [`by ${released.by} at ${new Date(released.at).toISOString()}: ${released.reason}`],
    ),
  ];
}
