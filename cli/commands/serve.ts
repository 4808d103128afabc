import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io';
import { DEFAULT_PORT } from '../serve/default-port';

/** `grace serve`, which is what `npm start -- --serve` does after the demo, without showing it. */
export function register(program: Command, io: Io): void {
  program
    .command('serve')
    .description('the simulator behind HTTP on this machine: API, sign-in, console')
    .option('--port <n>', 'port on 127.0.0.1', portNumber, DEFAULT_PORT)
    .option('--no-incidents', 'let no incident begin by itself')
    .action(async ({ port, incidents }: { port: number; incidents: boolean }) => {
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
