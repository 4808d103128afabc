import { type Command, InvalidArgumentError } from 'commander';
import { logOf } from '../audit/backend-log';
import { giveCommand } from '../backend/give-command';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean; readonly epoch?: number; readonly reason: string };

/** `grace audit close-epoch`: below the `audit` command. */
export function register(program: Command, io: Io): void {
  const audit = program.commands.find((command) => command.name() === 'audit');
  if (audit === undefined) throw new Error('the audit command is registered first');
  backendOptions(audit.command('close-epoch'))
    .description(
      'end the open epoch of the log for good, and let the log go on in the next one; administrators',
    )
    .requiredOption('--reason <text>', 'why; it goes into the audit log')
    .option(
      '--epoch <n>',
      'the epoch to close, so that a repeated command closes no other; default: the open one',
      number,
    )
    .action(async ({ reason, json, epoch, ...options }: Options) => {
      await withBackend(io, options, async (backend) => {
        const closing = epoch ?? (await logOf(backend).head()).epoch;
        const command = { decision: 'close_epoch', epoch: closing, reason } as const;
        const { output } = await giveCommand(backend, command);
        const head = await logOf(backend).head();
        const open = head.epoch > closing ? head.epoch : undefined;
        if (!output.ok) io.exitWith(1);
        if (json) return printJson(io, output.ok ? { ...output, open: open ?? null } : output);
        if (!output.ok) return io.err(`grace: ${output.code}: ${output.message}`);
        const next = open === undefined ? 'its entry is on its way into the log' : `epoch ${open} is open`;
        io.out(`${io.paint.green('✔')} epoch ${closing} is closed; ${next}`);
      });
    });
}

function number(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('the number of an epoch, 1 or more');
}
