import { type Command, InvalidArgumentError } from 'commander';
import { logEpochs } from '../../functions/api/log-epochs';
import type { LogEpochView } from '../../shared/contracts/api/audit';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import { epochClosings } from '../../shared/stores/epoch-closings';
import { logOf } from '../audit/backend-log';
import { giveCommand } from '../backend/give-command';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { type Io, printJson } from '../io';
import { positive } from './contract';

type Options = BackendOptions & { readonly json?: boolean; readonly epoch?: number; readonly reason: string };

/** `grace audit epochs`, `grace audit close-epoch`: below the `audit` command. */
export function register(program: Command, io: Io): void {
  const audit = program.commands.find((command) => command.name() === 'audit');
  if (audit === undefined) throw new Error('the audit command is registered first');
  backendOptions(audit.command('epochs'))
    .description('epochs of the log, the open one first: how each stands, and who closed it, when and why')
    .option('--limit <n>', 'how many at most', positive, 50)
    .action(async ({ json, limit, ...options }: Omit<Options, 'reason'> & { readonly limit: number }) => {
      const epochs = await withBackend(io, options, (backend) =>
        logEpochs(limit, {
          audit: logOf(backend),
          checkpointsOf: (epoch) => checkpointStore(backend.audit, { epoch }),
          closings: epochClosings(backend.state),
        }),
      );
      if (json) return printJson(io, epochs);
      for (const epoch of epochs) for (const line of epochLines(epoch, io)) io.out(line);
    });
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

/** Where it stands, and below it who closed it. */
function epochLines(view: LogEpochView, { paint }: Io): string[] {
  const { epoch, status, from, entries, signed, closedBy, reason, closedAt, root } = view;
  const range = entries === 0 ? 'no entry' : `entries ${from} to ${from + entries - 1}`;
  const stands = `${paint.bold(`epoch ${epoch}`)}  ${status.padEnd(7)}  ${range}  signed ${signed} of ${entries}`;
  if (status === 'open') return [stands];
  const said =
    closedBy === null
      ? `entry ${from + entries} does not say that it closes this epoch: grace audit verify`
      : `${closedAt} by ${closedBy}: ${reason}`;
  return [stands, `    ${said}`, ...(root === null ? [] : [paint.dim(`    root ${root}`)])];
}

function number(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('the number of an epoch, 1 or more');
}
