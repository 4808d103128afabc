import type { Command } from 'commander';
import { reservations } from '../../shared/stores/reservations';
import { giveCommand } from '../backend/give-command';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean; readonly reason: string };

/** `grace release TARGET`: a person has looked, and Grace may act on the target again. `decide` says whether they may. */
export function register(program: Command, io: Io): void {
  backendOptions(program.command('release'))
    .argument('<target>', 'as contracts name it: kind:region:account:id')
    .description('let go of a target that was frozen because a person was needed')
    .requiredOption('--reason <text>', 'what you found; it goes into the audit log')
    .action(async (target: string, options: Options) => {
      const { reason } = options;
      const { output, frozenBy, by } = await withBackend(io, options, async (backend) => {
        const contractId = (await reservations(backend.state).lock(target))?.frozenBy;
        if (contractId === undefined) throw new NothingThereError(`${target} is not frozen`);
        const given = await giveCommand(backend, { decision: 'release', contractId, target, reason });
        return { output: given.output, frozenBy: contractId, by: given.identity.principal };
      });
      if (!output.ok) {
        // Somebody else was first: as where nothing is frozen.
        if (output.code === 'NOT_FROZEN') throw new NothingThereError(`${target} is not frozen`);
        io.exitWith(output.code === 'NOT_FOUND' ? 2 : 1);
        if (options.json) printJson(io, output);
        else io.err(`grace: ${output.code}: ${output.message}`);
        return;
      }
      if (options.json) printJson(io, { target, released: true, frozenBy, by, reason });
      else io.out(`${target} is released; it was frozen by contract ${frozenBy}`);
    });
}
