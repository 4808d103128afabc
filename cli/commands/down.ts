import { join } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_DIRECTORY } from '../emulator/ministack';
import { type Io, printJson } from '../io';

interface Options {
  readonly stack: string;
  readonly json?: boolean;
}

/** `grace down` */
export function register(program: Command, io: Io): void {
  program
    .command('down')
    .description('undo `up`: stop the emulator, or delete the stack where AWS_ENDPOINT_URL names one')
    .option('--stack <name>', 'name of the stack', 'grace')
    .option('--json', 'print JSON')
    .action(async ({ stack, json }: Options) => {
      const { takeDown } = await import('../up/take-down');
      const directory = join(io.cwd, DEFAULT_DIRECTORY);
      const done = await takeDown({ directory, stack, given: io.env['AWS_ENDPOINT_URL'] });
      if (json) return printJson(io, { done });
      for (const line of done) io.out(line);
    });
}
