import { type Command, InvalidArgumentError, Option } from 'commander';
import { emulatorEndpoint } from '../backend/open-backend';
import type { Io } from '../io';
import { DEFAULT_PORT } from '../serve/default-port';
import { serveStack } from '../serve/serve-stack';

interface Options {
  readonly port: number;
  readonly incidents: boolean;
  readonly on: 'simulator' | 'emulator';
  readonly stack: string;
}

/** `grace serve`, which is what `npm start -- --serve` does after the demo, without showing it. */
export function register(program: Command, io: Io): void {
  program
    .command('serve')
    .description('API, sign-in and console on this machine: of the simulator, or of a stack on an emulator')
    .option('--port <n>', 'port on 127.0.0.1', portNumber, DEFAULT_PORT)
    .addOption(
      new Option('--on <where>', 'where Grace runs').choices(['simulator', 'emulator']).default('simulator'),
    )
    .option('--stack <name>', 'name of the stack (emulator)', 'grace')
    .option('--no-incidents', 'let no incident begin by itself (simulator)')
    .action(async ({ port, incidents, on, stack }: Options) => {
      if (on === 'emulator') return serveStack(io, { endpoint: emulatorEndpoint(io), stack, port });
      const { serveUntilStopped } = await import('../serve/until-stopped');
      io.err('Playing the demo, so that there is something to look at');
      const silent = { tell: () => {}, isPending: () => false, show: async () => {} };
      await serveUntilStopped(io, { port, incidents, audience: silent });
    });
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('a port is a whole number from 0 (any) to 65535');
  }
  return port;
}
