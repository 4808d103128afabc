import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import { parseSettings, type SettingsFile } from '../../shared/contracts/settings';
import { contractStore } from '../../shared/stores/contract-store';
import { joinWorlds } from '../simulator/cloud/joined-worlds';
import type { AlarmEvent } from '../simulator/cloud/alarm-events';
import { createWorld, type World } from '../simulator/cloud/world';
import type { WorldFile } from '../simulator/cloud/world-file';
import { createDeployment, type Deployment, type DeploymentOptions } from '../simulator/deployment';
import { createKernel, type Kernel } from '../simulator/kernel';
import { errorEvent } from './error-event';
import type { RunFile, SavedRun, Transition } from './saved-run';

/** Grace in the simulator, with a cloud that incidents are added to, and that can be saved and taken up again. */
export interface SimulatedRun {
  readonly kernel: Kernel;
  readonly deployment: Deployment;
  /** A new incident begins now. Its events reach the intake `delayMs` after the alarm. */
  beginWorld(file: WorldFile, options?: { delayMs?: number; onEvent?: (event: AlarmEvent) => void }): World;
  /** Lets virtual time pass until the work is done; fails with it. */
  drive<T>(work: Promise<T>): Promise<T>;
  /** Lets virtual time pass until nothing moves but people. */
  settle(): Promise<void>;
  saved(): SavedRun;
}

type Observers = Pick<DeploymentOptions, 'onDecisions' | 'onChange' | 'onTransition' | 'logger'>;

export interface RunStart {
  readonly seed: string;
  readonly startMs: number;
  readonly account: string;
  readonly region: string;
  readonly settings: SettingsFile;
  readonly playbooks: CompiledPlaybooks;
}

/** Far more than any incident takes; reached only by a fault that would never end. */
const MOST_EVENTS = 5_000_000;

export function startRun(start: RunStart, observers: Observers = {}): SimulatedRun {
  const file: RunFile = {
    schema: 1,
    seed: start.seed,
    generation: 0,
    startMs: start.startMs,
    nowMs: start.startMs,
    account: start.account,
    region: start.region,
    settings: start.settings as RunFile['settings'],
    playbooks: start.playbooks as RunFile['playbooks'],
    worlds: [],
    calls: [],
  };
  return openRun(file, createKernel({ startMs: start.startMs, seed: start.seed }), observers);
}

/**
 * Takes a saved run up where it stood. The cloud is built again by letting the same calls happen at the same
 * times; executions that waited for people are started again, which the state machine is made for.
 */
export async function restoreRun(saved: SavedRun, observers: Observers = {}): Promise<SimulatedRun> {
  const { run } = saved;
  const generation = run.generation + 1;
  const kernel = createKernel({ startMs: run.startMs, seed: `${run.seed}/${generation}` });
  const restored = openRun({ ...run, generation, worlds: [], calls: [] }, kernel, observers, async (rebuild) => {
    const begins = run.worlds.map(({ startMs, file }) => ({ at: startMs, happen: () => rebuild.begin(file) }));
    const calls = run.calls.map((call) => ({ at: call.at, happen: () => rebuild.repeat(call) }));
    for (const { at, happen } of [...begins, ...calls].sort((a, b) => a.at - b.at)) {
      await kernel.run({ untilMs: at });
      await happen();
    }
    await kernel.run({ untilMs: run.nowMs });
  });
  const { deployment } = restored;
  await restored.ready;
  deployment.state.load(saved.state);
  deployment.tokens.load(saved.tokens);
  deployment.audit.load(saved.audit);
  for (const [name, text] of Object.entries(saved.documents)) await deployment.ports.evidence.put(name, text);
  restored.transitions.push(...saved.transitions);
  for (const contractId of await contractStore(deployment.state).open(10_000)) {
    await deployment.ports.executions.start(contractId);
  }
  return restored;
}
