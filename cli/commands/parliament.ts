import type { Command } from 'commander';
import { parliament } from '../../functions/api/parliament';
import { contractStore } from '../../shared/stores/contract-store';
import { listings } from '../../shared/stores/listings';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean };

/** `grace parliament`: votes on tier 3 actions. */
export function register(program: Command, io: Io): void {
  backendOptions(program.command('parliament'))
    .description('votes on tier 3 actions: who took part, and how each ended')
    .action(async (options: Options) => {
      const report = await withBackend(io, options, ({ state }) =>
        parliament({ listings: listings(state), contracts: contractStore(state) }),
      );
      if (options.json) return printJson(io, report);
      const share = (value: number) => `${Math.round(value * 100)} %`;
      for (const one of report.sessions) {
        const votes = `${one.approvals} for, ${one.denials} against, ${one.quorum} needed`;
        io.out(
          `${one.contractId.padEnd(26)}  ${one.outcome.padEnd(12)} ${votes}; ${share(one.participation)} took part`,
        );
      }
      for (const { subject, asked, voted } of report.members)
        io.out(`  ${subject} voted ${voted} of ${asked} times`);
      if (report.sessions.length === 0) io.out('no vote on a tier 3 action yet');
    });
}
