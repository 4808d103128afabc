import { type Command, InvalidArgumentError } from 'commander';
import { durationSeconds } from '../../shared/contracts/duration';
import { delegationStore } from '../../shared/stores/delegation-store';
import { giveCommand } from '../backend/give-command';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { type Io, printJson } from '../io';
import { positive, timeOf } from './contract';

type Options = BackendOptions & { readonly json?: boolean; readonly reason: string };

/** `grace delegate give|revoke|list`: who speaks for whom. */
export function register(program: Command, io: Io): void {
  const delegate = program.command('delegate').description('let one other person speak for you, for a time');
  backendOptions(delegate.command('give'))
    .argument('<person>', 'the subject of who speaks for you')
    .description('one person at a time; they cannot pass it on, and together you are one voice')
    .requiredOption('--for <duration>', 'how long from now, such as 8h', duration)
    .requiredOption('--reason <text>', 'why; it goes into the audit log')
    .action(async (to: string, options: Options & { for: number }) => {
      await withBackend(io, options, async (backend) => {
        const until = backend.clock.now() + options.for * 1000;
        const { output } = await giveCommand(backend, {
          decision: 'delegate',
          to,
          until,
          reason: options.reason,
        });
        answer(io, options, output);
      });
    });
  backendOptions(delegate.command('revoke'))
    .description('nobody speaks for you any more')
    .requiredOption('--reason <text>', 'why; it goes into the audit log')
    .action(async (options: Options) => {
      await withBackend(io, options, async (backend) => {
        const { output } = await giveCommand(backend, { decision: 'revoke', reason: options.reason });
        answer(io, options, output);
      });
    });
  backendOptions(delegate.command('list'))
    .description('delegations, newest first')
    .option('--limit <n>', 'how many at most', positive, 50)
    .action(async (options: BackendOptions & { json?: boolean; limit: number }) => {
      const rows = await withBackend(io, options, async (backend) =>
        (await delegationStore(backend.state).list(options.limit)).map((one) => ({
          delegator: one.delegator,
          delegate: one.delegate,
          givenAt: timeOf(one.givenAt),
          until: timeOf(one.until),
          revokedAt: timeOf(one.revokedAt),
          holds: one.revokedAt === undefined && one.until > backend.clock.now(),
        })),
      );
      if (options.json) return printJson(io, rows);
      for (const { delegator, delegate: to, until, holds } of rows)
        io.out(`${to} speaks for ${delegator} until ${until}${holds ? '' : ' (over)'}`);
    });
}

function answer(io: Io, options: Options, output: Awaited<ReturnType<typeof giveCommand>>['output']): void {
  if (!output.ok) io.exitWith(output.code === 'NOT_FOUND' ? 2 : 1);
  const shown = output.ok && 'until' in output ? { ...output, until: timeOf(output.until) } : output;
  if (options.json) printJson(io, shown);
  else if (!output.ok) io.err(`grace: ${output.code}: ${output.message}`);
  else if ('delegate' in output)
    io.out(`${output.delegate} speaks for ${output.delegator} until ${timeOf(output.until)}`);
}

function duration(text: string): number {
  const seconds = durationSeconds(text);
  if (seconds === undefined) throw new InvalidArgumentError('write it as 30m, 8h or 1d');
  return seconds;
}
