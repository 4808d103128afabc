import type { Command } from 'commander';
import type { BootstrapOutput } from '../../functions/bootstrap/bootstrap';
import { FUNCTIONS } from '../../shared/names';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { bootstrapLines } from '../bootstrap/bootstrap-lines';
import { type Io, printJson } from '../io';

/** `grace bootstrap` */
export function register(program: Command, io: Io): void {
  const command = program
    .command('bootstrap')
    .description(
      'playbook versions, golden snapshot, first benchmark, test contract; again, it writes nothing',
    );
  backendOptions(command).action(async (options: BackendOptions & { readonly json?: boolean }) => {
    const output = await withBackend(io, options, async (backend) => {
      const answer = (await backend.invoke(FUNCTIONS.bootstrap, {})) as BootstrapOutput;
      // The test contract goes its way through the state machine, the stream and the log.
      await backend.settle();
      return answer;
    });
    if (options.json) printJson(io, output);
    else for (const line of bootstrapLines(output)) io.out(line);
  });
}
