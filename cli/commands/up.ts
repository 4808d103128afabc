import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { deployedApi } from '../emulator/deployed-api';
import { EmulatorError, type EmulatorErrorCode } from '../emulator/emulator-error';
import { DEFAULT_DIRECTORY } from '../emulator/ministack';
import { UsageError } from '../errors';
import { type Io, printJson } from '../io';
import { DEFAULT_PORT } from '../serve/default-port';
import { DEV_PEOPLE } from '../serve/dev-people';
import { serveStack } from '../serve/serve-stack';
import { nextCommands } from '../up/next-commands';
import { portNumber } from './serve';

interface Options {
  readonly port?: number;
  readonly json?: boolean;
  readonly serve?: boolean;
  readonly consolePort: number;
}

/** What the caller can put right; the message says how. */
const FIXABLE: readonly EmulatorErrorCode[] = [
  'python_missing',
  'python_too_old',
  'venv_missing',
  'install_failed',
  'port_taken',
  'already_running',
  'endpoint_unreachable',
  'not_an_emulator',
  'cdk_missing',
];

/** `grace up` */
export function register(program: Command, io: Io): void {
  program
    .command('up')
    .description('deploy Grace to an emulator (AWS_ENDPOINT_URL, else MiniStack) and leave it running')
    .option('--port <number>', 'port of the emulator that is started (default: 4566)', portOf)
    .addOption(
      new Option(
        '--serve',
        'then serve the console on this machine, until Ctrl-C; the emulator goes on',
      ).conflicts('json'),
    )
    .option('--console-port <n>', 'where --serve listens', portNumber, DEFAULT_PORT)
    .option('--json', 'print JSON')
    .action(async ({ port, json, serve, consolePort }: Options) => {
      // Only here, so that other commands start without the SDK's clients.
      const { bringUp } = await import('../up/bring-up');
      const { makeDemoTargets } = await import('../up/demo-targets');
      const { stackOutputs } = await import('../backend/stack-outputs');
      const { makePeople } = await import('../emulator/user-pool');
      const startedAt = Date.now();
      const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(0).padStart(3)} s`;
      const log = (line: string) => io.err(`${io.paint.dim(seconds())}  ${line}`);
      const directory = join(io.cwd, DEFAULT_DIRECTORY);
      let instance: string | undefined;
      const targets = async (endpoint: string) => {
        log('Making demo targets: an Auto Scaling group, a database, an instance, alarms');
        const made = await makeDemoTargets(endpoint);
        instance = made.find(({ kind }) => kind === 'ec2:instance')?.id;
        return made;
      };
      const up = await fixable(bringUp({ log, directory, targets, ...(port === undefined ? {} : { port }) }));
      const { url, pool } = deployedApi(up.endpoint, (await stackOutputs(up.stack, up.endpoint)).output);
      log('Making people who may sign in');
      await makePeople(pool, DEV_PEOPLE);
      const next = nextCommands({ stack: up.stack, api: url, instance });
      if (json) return printJson(io, { ...up, api: url, next: next.map(({ command }) => command) });
      io.out(
        [
          `\nGrace runs on the emulator at ${up.endpoint} (stack ${up.stack}).`,
          `The API is at ${url}; in its user pool are`,
          ...DEV_PEOPLE.map(({ name, roles }) => `  ${name.padEnd(6)} ${roles.join(', ')}`),
          'Try:\n',
        ].join('\n'),
      );
      for (const { command, what } of next) io.out(`  ${io.paint.bold(command)}\n      ${what}`);
      if (serve) await serveStack(io, { endpoint: up.endpoint, stack: up.stack, port: consolePort });
    });
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 1 to 65535.');
}

/** @throws UsageError in place of an EmulatorError that the caller can put right */
async function fixable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof EmulatorError && FIXABLE.includes(error.code))) throw error;
    const hint = error.code === 'port_taken' ? '\nAnother port: npm run up -- --port 4567' : '';
    throw new UsageError(`${error.message}${hint}`, { cause: error });
  }
}
