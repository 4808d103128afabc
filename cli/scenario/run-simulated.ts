import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import { createKernel } from '../simulator/kernel';
import { CHAOS_INCIDENTS, drawIterations, SCENARIO_INCIDENTS } from './draw';
import { type PlayOptions, play } from './play';
import { reportOf, type ScenarioReport } from './report';
import { roomyPlaybooks } from './roomy-playbooks';

export interface SimulatedScenario extends Pick<PlayOptions, 'deploy' | 'onEnded'> {
  readonly iterations: number;
  readonly seed: number | string;
  readonly chaos: boolean;
  /** As shipped, or the operator's own. */
  readonly playbooks: CompiledPlaybooks;
}

/** `grace scenario --on simulator`. */
export async function runSimulatedScenario(options: SimulatedScenario): Promise<ScenarioReport> {
  const { seed, chaos } = options;
  const began = performance.now();
  const { random } = createKernel({ startMs: 0, seed: `scenario ${seed}` });
  const played = await play({
    iterations: drawIterations(options.iterations, random, chaos ? CHAOS_INCIDENTS : SCENARIO_INCIDENTS),
    playbooks: roomyPlaybooks(options.playbooks),
    seed,
    chaos,
    ownNames: true,
    ...(options.onEnded === undefined ? {} : { onEnded: options.onEnded }),
    ...(options.deploy === undefined ? {} : { deploy: options.deploy }),
  });
  const report = await reportOf(played, { seed, chaos, wallMs: performance.now() - began });
  return {
    ...report,
    notes: [
      'Approvals were given by a script.',
      'Budgets of the playbooks were widened, so that one hour can hold what a month should not.',
      'Incidents of which the truth is that nothing is done are not drawn: see the corpus benchmark.',
    ],
    wall: wallOf(report.contracts, performance.now() - began),
  };
}

function wallOf(contracts: number, ms: number): ScenarioReport['wall'] {
  return { ms: Math.round(ms), throughput: Math.round((contracts * 10_000) / ms) / 10 };
}
