import type { Command } from 'commander';
import { reviewStore } from '../../shared/stores/review-store';
import { giveCommand } from '../backend/give-command';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { type Io, printJson } from '../io';
import { positive, timeOf } from './contract';

type Options = BackendOptions & { readonly json?: boolean };

/** `grace review list|close`: what was done when the glass was broken. */
export function register(program: Command, io: Io): void {
  const review = program.command('review').description('emergencies that somebody else has to look at');
  backendOptions(review.command('list'))
    .description('open reviews, oldest first')
    .option('--limit <n>', 'how many at most', positive, 50)
    .action(async (options: Options & { limit: number }) => {
      const rows = await withBackend(io, options, async (backend) =>
        (await reviewStore(backend.state).open(options.limit)).map((one) => ({
          contractId: one.contractId,
          openedBy: one.openedBy,
          openedAt: timeOf(one.openedAt),
          reason: one.reason,
        })),
      );
      if (options.json) return printJson(io, rows);
      for (const { contractId, openedBy, openedAt, reason } of rows)
        io.out(`${contractId}  ${openedBy} broke the glass at ${openedAt}: ${reason}`);
      if (rows.length === 0) io.out('nothing is to be reviewed');
    });
  backendOptions(review.command('close'))
    .argument('<contract>', 'its id')
    .description('say what you found; not whoever broke the glass')
    .requiredOption('--reason <text>', 'what you found; it goes into the audit log')
    .action(async (contractId: string, options: Options & { reason: string }) => {
      await withBackend(io, options, async (backend) => {
        const { output } = await giveCommand(backend, {
          decision: 'review',
          contractId,
          reason: options.reason,
        });
        if (!output.ok) io.exitWith(output.code === 'NOT_FOUND' ? 2 : 1);
        if (options.json) return printJson(io, output);
        if (!output.ok) io.err(`grace: ${output.code}: ${output.message}`);
        else io.out(`${io.paint.green('✔')} the review of ${contractId} is closed`);
      });
    });
}
