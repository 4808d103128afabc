import { Command, CommanderError } from 'commander';
import { register as approvals } from './commands/approvals';
import { register as audit } from './commands/audit';
import { register as auditEpoch } from './commands/audit-epoch';
import { register as auditWatch } from './commands/audit-watch';
import { register as bootstrap } from './commands/bootstrap';
import { register as config } from './commands/config';
import { register as contract } from './commands/contract';
import { register as decide } from './commands/decide';
import { register as delegate } from './commands/delegate';
import { register as demo } from './commands/demo';
import { register as doctor } from './commands/doctor';
import { register as down } from './commands/down';
import { register as emit } from './commands/emit';
import { register as learning } from './commands/learning';
import { register as mission } from './commands/mission';
import { register as parliament } from './commands/parliament';
import { register as playbook } from './commands/playbook';
import { register as policy } from './commands/policy';
import { register as quarantine } from './commands/quarantine';
import { register as release } from './commands/release';
import { register as restore } from './commands/restore';
import { register as review } from './commands/review';
import { register as scenario } from './commands/scenario';
import { register as serve } from './commands/serve';
import { register as simulate } from './commands/simulate';
import { register as switchCommands } from './commands/switch';
import { register as token } from './commands/token';
import { register as up } from './commands/up';
import { register as webhook } from './commands/webhook';
import { register as why } from './commands/why';
import { NothingThereError, UsageError } from './errors';
import { type Io, processIo } from './io';

/** Each adds its command to the program. One line a command, in the order that the help shows. */
const COMMANDS: readonly ((program: Command, io: Io) => void)[] = [
  demo,
  serve,
  simulate,
  audit,
  auditEpoch,
  auditWatch,
  contract,
  why,
  mission,
  approvals,
  decide,
  delegate,
  review,
  parliament,
  learning,
  emit,
  playbook,
  quarantine,
  policy,
  switchCommands,
  release,
  restore,
  webhook,
  scenario,
  doctor,
  bootstrap,
  config,
  token,
  up,
  down,
];

/** Runs one command line (without node and script name). Answers the exit code; never throws. */
export async function run(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const program = new Command('grace')
    .description(
      'Verified self-healing for AWS: every fix is proven, authorised, done at most once, recorded.',
    )
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    });
  for (const register of COMMANDS) register(program, io);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return io.exitCode();
  } catch (error) {
    return failed(error, io);
  }
}

function failed(error: unknown, io: Io): number {
  // Commander has printed its line already; help that was asked for is no error, help for want of a command is.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof Error ? error.message : String(error);
  io.err(`grace: ${message}`);
  if (error instanceof UsageError || error instanceof NothingThereError) return 2;
  if ((io.env['GRACE_DEBUG'] ?? '') !== '' && error instanceof Error) io.err(error.stack ?? '');
  return 1;
}
