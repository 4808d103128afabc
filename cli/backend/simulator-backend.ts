import { join } from 'node:path';
import type { SentinelOutput } from '../../functions/sentinel/sentinel';
import { sealedDirectory } from '../audit/sealed-directory';
import type { Io } from '../io';
import type { Backend } from './backend';
import { loadRun, RUN_DIRECTORY, SEAL_DIRECTORY, saveRun } from './saved-run';
import { loadSeal, saveSeal } from './saved-seal';
import { restoreRun } from './simulated-run';

/** Who acts in the simulator where `--as` does not say; one of the demo's approvers. */
export const SIMULATED_OPERATOR = 'operator';

/**
 * The saved run in `.grace/`.
 * @throws NothingThereError when there is none; UnusableError when it is damaged
 */
export async function simulatorBackend(io: Io, as: string | undefined): Promise<Backend> {
  const decisions: SentinelOutput['decisions'][number][] = [];
  const run = await restoreRun(loadRun(io.cwd), loadSeal(io.cwd), {
    onDecisions: (output) => decisions.push(...output.decisions),
  });
  const { deployment } = run;
  const { state, audit, ports } = deployment;
  let used = false;
  return {
    name: 'simulator',
    state,
    audit,
    // As it was saved: what a command adds is sealed when it ends.
    sealed: sealedDirectory(join(io.cwd, RUN_DIRECTORY, SEAL_DIRECTORY)),
    document: async (name) => deployment.documents.get(name),
    clock: ports.clock,
    account: ports.account,
    region: ports.region,
    async invoke(functionName, payload) {
      used = true;
      return run.drive(deployment.invoke(functionName, payload));
    },
    ask: (functionName, payload) => run.drive(deployment.invoke(functionName, payload)),
    async emit(event) {
      used = true;
      const before = decisions.length;
      deployment.intake(JSON.stringify(event));
      await run.settle();
      return decisions.slice(before).map(({ decision, detail, contractId, playbook }) => ({
        decision,
        detail,
        ...(contractId === undefined ? {} : { contractId }),
        ...(playbook === undefined ? {} : { playbook }),
      }));
    },
    identity: async () => ({ principal: as ?? SIMULATED_OPERATOR, authenticated: false }),
    proof: async () => undefined,
    async settle() {
      used = true;
      await run.settle();
    },
    stateItems: () => state.items(),
    async close() {
      // Looking changes nothing on disk.
      if (!used) return deployment.stop();
      // What was written last, by a schedule perhaps, is in the log before the log is sealed.
      await run.settle();
      await run.seal();
      deployment.stop();
      saveRun(io.cwd, run.saved());
      saveSeal(io.cwd, run.savedSeal());
    },
  };
}
