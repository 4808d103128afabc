import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CapturedError } from '../../shared/contracts/error-detected';
import { parseStrictJson } from '../../shared/contracts/strict-json';
import { errorEvent } from '../../shared/domain/error-event';
import { contractStore } from '../../shared/stores/contract-store';
import type { Backend, BusEvent, EmitDecision } from '../backend/backend';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError, UnusableError, UsageError } from '../errors';
import { type Io, printJson } from '../io';

/** The source of what people send by hand; intake takes it like any user's. */
const SOURCE = 'grace.cli';

interface Options extends BackendOptions {
  readonly json?: boolean;
  readonly file?: string;
  readonly service?: string;
  readonly name?: string;
  readonly message?: string;
  readonly for?: string;
  readonly attribute: readonly string[];
}

/** `grace emit` */
export function register(program: Command, io: Io): void {
  backendOptions(program.command('emit'))
    .description('send an error.detected event')
    .option('--file <file>', 'JSON: a whole event, or {service, name, message, attributes}')
    .option('--service <name>', 'what failed')
    .option('--name <name>', 'the error’s name')
    .option('--message <text>', 'what it says')
    .option('--for <name>', 'whom it is sent for, who cannot approve what comes of it; default: yourself')
    .option('--attribute <key=value>', 'a fact that playbooks may use; repeatable', collect, [])
    .action(async (options: Options) => {
      const given = options.file === undefined ? errorOf(options) : fileOf(io, options.file);
      const answer = await withBackend(io, options, async (backend) => {
        const event = 'detail-type' in given ? given : await busEvent(backend, given, options.for);
        if (backend.name === 'aws' && event.source.startsWith('aws.')) {
          throw new UnusableError(`AWS takes no events of source ${event.source} from anybody but itself`);
        }
        const decisions = await backend.emit(event);
        return { event, decisions: await withStatus(backend, decisions) };
      });
      print(io, answer, options.json === true);
    });
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function errorOf({ service, name, message, attribute }: Options): CapturedError {
  if (service === undefined || name === undefined) {
    throw new UsageError('emit needs --file, or --service and --name');
  }
  const attributes = attribute.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--attribute ${text}: write it as key=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  const error = { service, name, message: message ?? '', attributes: Object.fromEntries(attributes) };
  const parsed = CapturedError.safeParse(error);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${issue?.path.join('.')}: ${issue?.message}`);
}

function fileOf(io: Io, file: string): BusEvent | CapturedError {
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolve(io.cwd, file));
  } catch (cause) {
    throw new NothingThereError(`--file ${file}: the file cannot be read`, { cause });
  }
  const json = parseStrictJson(bytes);
  if (!json.ok) throw new UnusableError(`--file ${file}: ${json.code}: ${json.message}`);
  const value = json.value as Record<string, unknown>;
  if (typeof value['detail-type'] === 'string' && typeof value['source'] === 'string') {
    return value as unknown as BusEvent;
  }
  const error = CapturedError.safeParse(value);
  if (error.success) return error.data;
  throw new UnusableError(
    `--file ${file}: neither an event with source and detail-type nor {service, name, message, attributes}`,
  );
}

async function busEvent(
  backend: Backend,
  error: CapturedError,
  sentFor: string | undefined,
): Promise<BusEvent> {
  const { account, region, clock } = backend;
  const requestedBy = sentFor ?? (await backend.identity()).principal;
  const id = randomUUID();
  return errorEvent({ error, id, source: SOURCE, account, region, at: clock.now(), requestedBy });
}

async function withStatus(backend: Backend, decisions: readonly EmitDecision[]) {
  const contracts = contractStore(backend.state);
  return Promise.all(
    decisions.map(async (one) => {
      const contract = one.contractId === undefined ? undefined : await contracts.get(one.contractId);
      return { ...one, status: contract?.status ?? null };
    }),
  );
}

function print(
  io: Io,
  answer: { event: BusEvent; decisions: Awaited<ReturnType<typeof withStatus>> },
  json: boolean,
): void {
  const { event, decisions } = answer;
  if (decisions.some(({ decision }) => decision === 'QUARANTINED')) io.exitWith(1);
  const id = (event as { id?: unknown }).id ?? null;
  if (json) {
    printJson(io, { eventId: id, source: event.source, sent: true, decisions });
    return;
  }
  io.out(`sent ${event['detail-type']} from ${event.source}${id === null ? '' : `, id ${id}`}`);
  for (const { decision, detail, contractId, status } of decisions) {
    io.out(
      `  ${decision}: ${detail}${contractId === undefined ? '' : `; contract ${contractId} is ${status}`}`,
    );
  }
}
