import type { Command } from 'commander';
import { reservations } from '../../shared/stores/reservations';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean; readonly reason: string };

/** `grace release TARGET`: a person has looked, and Grace may act on the target again. */
export function register(program: Command, io: Io): void {
  backendOptions(program.command('release'))
    .argument('<target>', 'as contracts name it: kind:region:account:id')
    .description('let go of a target that was frozen because a person was needed')
    .requiredOption('--reason <text>', 'what you found; it goes into the audit log')
    .action(async (target: string, options: Options) => {
      const result = await withBackend(io, options, async (backend) => {
        const { principal } = await backend.identity();
        const locks = reservations(backend.state);
        const frozenBy = (await locks.lock(target))?.frozenBy;
        const why = { actor: principal, reason: options.reason, at: backend.clock.now() };
        if (frozenBy === undefined || !(await locks.unfreeze({ targetKey: target, frozenBy }, why))) {
          throw new NothingThereError(`${target} is not frozen`);
        }
        await backend.settle();
        return { target, released: true, frozenBy, by: principal, reason: options.reason };
      });
      if (options.json) printJson(io, result);
      else io.out(`${target} is released; it was frozen by contract ${result.frozenBy}`);
    });
}
