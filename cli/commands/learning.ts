import type { Command } from 'commander';
import { learningStats, recommended } from '../../functions/api/learning';
import { playbookStore } from '../../shared/stores/playbook-store';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean };

/** `grace learning`: how often each playbook helped, and how sure that is. */
export function register(program: Command, io: Io): void {
  backendOptions(program.command('learning'))
    .description('how often each playbook helped, how sure that is, and what to do about it')
    .action(async (options: Options) => {
      const playbooks = await withBackend(io, options, ({ state }) => learningStats(playbookStore(state)));
      const recommendations = recommended(playbooks);
      if (options.json) return printJson(io, { playbooks, recommendations });
      const share = (value: number) => `${Math.round(value * 100)} %`.padStart(5);
      for (const { playbook, advice, mean, low, high, why } of recommendations) {
        io.out(
          `${playbook.padEnd(30)} ${advice.replace('_', ' ').padEnd(16)} ${share(mean)} (${share(low)} to ${share(high)})  ${why}`,
        );
      }
      if (recommendations.length === 0) io.out('no playbook is in use');
    });
}
