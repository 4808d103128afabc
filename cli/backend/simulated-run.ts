import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import { parseSettings, type SettingsFile } from '../../shared/contracts/settings';
import { errorEvent } from '../../shared/domain/error-event';
import { FUNCTIONS } from '../../shared/names';
import { contractStore } from '../../shared/stores/contract-store';
import type { AlarmEvent } from '../simulator/cloud/alarm-events';
import type { World } from '../simulator/cloud/world';
import type { WorldFile } from '../simulator/cloud/world-file';
import { createDeployment, type Deployment } from '../simulator/deployment';
import type { DeploymentOptions } from '../simulator/deployment-options';
import { createKernel, type Kernel } from '../simulator/kernel';
import { newSigningKey } from '../simulator/signing-key';
import { type RunCloud, replayCloud, runCloud } from './run-cloud';
import type { RunFile, SavedRun, Transition } from './saved-run';
import type { SavedSeal } from './saved-seal';

/** Grace in the simulator, with a cloud that incidents are added to, and that can be saved and taken up again. */
export interface SimulatedRun {
  readonly kernel: Kernel;
  readonly deployment: Deployment;
  /** A new incident begins now. Its events reach the intake; stop it to keep them away. */
  beginWorld(file: WorldFile, options?: WorldListening): World;
  /** Lets virtual time pass until the work is done; fails with it. */
  drive<T>(work: Promise<T>): Promise<T>;
  /** Lets virtual time pass until nothing moves but people. */
  settle(): Promise<void>;
  /** Seals what the log has, so that what is saved ends in a signed checkpoint. */
  seal(): Promise<void>;
  saved(): SavedRun;
  savedSeal(): SavedSeal;
}

export interface WorldListening {
  /** From the alarm's change until its event is on the bus. */
  readonly delayMs?: number;
  readonly onEvent?: (event: AlarmEvent) => void;
  /** The event to put on the bus in the place of the one that the simulated alarm has just made. */
  readonly replay?: (event: AlarmEvent) => AlarmEvent;
}

export type Observers = Pick<
  DeploymentOptions,
  'onDecisions' | 'onChange' | 'onTransition' | 'logger' | 'people' | 'tokenReader' | 'outbound'
>;

export interface RunStart {
  readonly seed: string;
  readonly startMs: number;
  readonly account: string;
  readonly region: string;
  readonly settings: SettingsFile;
  readonly playbooks: CompiledPlaybooks;
  readonly policies: CompiledPolicies;
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
    policies: start.policies,
    worlds: [],
    calls: [],
  };
  const kernel = createKernel({ startMs: start.startMs, seed: start.seed });
  const cloud = runCloud(kernel, start.seed);
  return assemble({ file, kernel, cloud, observers, transitions: [], signingKey: newSigningKey() });
}

/** Takes a saved run up where it stood. Executions that waited for people are started again. */
export async function restoreRun(
  saved: SavedRun,
  seal: SavedSeal,
  observers: Observers = {},
): Promise<SimulatedRun> {
  const file = { ...saved.run, generation: saved.run.generation + 1 };
  // Chance goes on differently than it began, else ids would come again.
  const kernel = createKernel({ startMs: file.startMs, seed: `${file.seed}/${file.generation}` });
  const cloud = await replayCloud(kernel, saved.run);
  const signingKey = seal.signingKey ?? newSigningKey();
  const transitions = [...saved.transitions];
  const run = assemble({ file, kernel, cloud, observers, transitions, signingKey });
  const { state, tokens, audit, ports, sealed } = run.deployment;
  state.load(saved.state);
  tokens.load(saved.tokens);
  audit.load(saved.audit);
  for (const [name, bytes] of seal.objects) sealed.set(name, bytes);
  for (const [name, text] of Object.entries(saved.documents)) await ports.evidence.put(name, text);
  for (const contractId of await contractStore(state).open(10_000)) await ports.executions.start(contractId);
  return run;
}

interface Parts {
  readonly file: RunFile;
  readonly kernel: Kernel;
  readonly cloud: RunCloud;
  readonly observers: Observers;
  readonly transitions: Transition[];
  readonly signingKey: string;
}

function assemble({ file, kernel, cloud, observers, transitions, signingKey }: Parts): SimulatedRun {
  const { account, region, generation } = file;
  let changes = 0;
  const deployment = createDeployment({
    kernel,
    cloud: cloud.joined,
    playbooks: file.playbooks as CompiledPlaybooks,
    policies: file.policies,
    settings: parseSettings(file.settings),
    account,
    region,
    signingKey,
    ...observers,
    eventIds: () => {
      changes += 1;
      return `run-${generation}-${changes}`;
    },
    onTransition(event) {
      if (event.type.endsWith('StateEntered')) {
        transitions.push({ at: event.at, execution: event.executionName, state: event.stateName ?? '' });
      }
      observers.onTransition?.(event);
    },
  });

  const take = (event: unknown, delayMs = 0): void => {
    kernel.schedule(delayMs, () => deployment.intake(JSON.stringify(event)), 'event bus');
  };

  const drive = async <T>(work: Promise<T>): Promise<T> => {
    let over = false;
    const watched = work.finally(() => {
      over = true;
    });
    // Its failure is the caller's, below; the kernel only has to notice the end.
    watched.catch(() => {});
    await kernel.run({ until: () => over, maxEvents: MOST_EVENTS });
    return watched;
  };

  return {
    kernel,
    deployment,
    drive,
    async seal() {
      await drive(deployment.invoke(FUNCTIONS.auditSealer, undefined));
    },
    savedSeal: () => ({ objects: deployment.sealed, signingKey }),
    beginWorld: (world, { delayMs, onEvent, replay = (event: AlarmEvent) => event } = {}) =>
      cloud.begin(world, {
        onEvent(made) {
          const event = replay(made);
          onEvent?.(event);
          take(event, delayMs);
        },
        onError: (error, at) =>
          take(
            errorEvent({
              error,
              id: deployment.ports.ids.next(),
              source: 'grace.captured',
              account,
              region,
              at,
            }),
          ),
      }),
    async settle() {
      await kernel.run({ until: () => deployment.isAtRest(), maxEvents: MOST_EVENTS });
    },
    saved: () => ({
      run: {
        ...file,
        nowMs: kernel.now(),
        worlds: [...cloud.begun],
        calls: [...cloud.joined.calls] as RunFile['calls'],
      },
      state: deployment.state.items(),
      tokens: deployment.tokens.items(),
      audit: deployment.audit.items(),
      documents: Object.fromEntries(deployment.documents),
      transitions,
    }),
  };
}
