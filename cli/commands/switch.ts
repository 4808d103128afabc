import type { Command } from 'commander';
import { controlStore } from '../../shared/stores/control-store';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean; readonly reason: string };

/** `grace pause`, `grace resume`: the kill switch. */
export function register(program: Command, io: Io): void {
  for (const name of ['pause', 'resume'] as const) {
    backendOptions(program.command(name))
      .description(name === 'pause' ? 'nothing new is sent to any target from now on' : 'let Grace act again')
      .requiredOption('--reason <text>', 'why; it goes into the audit log')
      .action(async (options: Options) => {
        const set = await withBackend(io, options, async (backend) => {
          const { principal } = await backend.identity();
          const why = { actor: principal, reason: options.reason, at: backend.clock.now() };
          const written = await controlStore(backend.state).set(name === 'pause', why);
          await backend.settle();
          return written;
        });
        const at = new Date(set.at).toISOString();
        if (options.json) printJson(io, { ...set, at });
        else
          io.out(`Grace ${set.paused ? 'is paused' : 'runs again'} since ${at}, by ${set.by}: ${set.reason}`);
      });
  }
}
