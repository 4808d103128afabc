import { type Command, InvalidArgumentError } from 'commander';
import { snapshotDetail, snapshotOf } from '../../functions/api/snapshot';
import { listings } from '../../shared/stores/listings';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { factsText } from '../demo/text';
import { NothingThereError, UnusableError } from '../errors';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean; readonly n: number };

/** `grace contract snapshot CONTRACT`: the state of its targets before anything was done. */
export function snapshotCommand(command: Command, io: Io): void {
  backendOptions(command)
    .argument('<contract>', 'its id')
    .description('the state of its targets as it was kept before anything was done')
    .option('--n <n>', 'which of its snapshots, from 0', numberOf, 0)
    .action(async (contractId: string, options: Options) => {
      const snapshot = await withBackend(io, options, async ({ state, document }) => {
        const deps = { listings: listings(state), evidence: { get: document } };
        const found = await snapshotOf(contractId, options.n, deps);
        if (found.ok) return snapshotDetail(contractId, options.n, found);
        if (found.code === 'NOT_FOUND') throw new NothingThereError(found.detail);
        throw new UnusableError(found.detail);
      });
      // What is not what was taken is shown, and is no good answer.
      if (!snapshot.intact) io.exitWith(1);
      if (options.json) return printJson(io, snapshot);
      const mark = snapshot.intact
        ? ''
        : io.paint.red('  its document does not match its hash: do not use it');
      io.out(
        `snapshot ${snapshot.n} of ${contractId}, taken ${snapshot.takenAt}, sha256 ${snapshot.hash}${mark}`,
      );
      for (const { target, facts, tags } of snapshot.targets) {
        io.out(`  ${target}${factsText(facts, ' ')}`);
        for (const [name, value] of Object.entries(tags)) io.out(`    tag ${name}=${value}`);
      }
    });
}

function numberOf(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('give a whole number, 0 or more');
  return value;
}
