import type { SettingsFile } from '../../shared/contracts/settings';
import type { TokenReader } from '../../shared/ports/api';
import type { Callers } from '../../shared/ports/outside';
import { contractStore } from '../../shared/stores/contract-store';
import type { SimulatedRun } from '../backend/simulated-run';
import { type Audience, type DemoReport, playDemo } from '../demo/run-demo';
import { withOwnNames } from '../scenario/own-names';
import { roomyPlaybooks } from '../scenario/roomy-playbooks';
import type { Incident } from '../simulator/cloud/incident';
import { INCIDENTS } from '../simulator/cloud/incidents';
import type { World } from '../simulator/cloud/world';

/** Virtual time that the demo takes, and what comes until two requests wait. */
const BEFORE_NOW_MS = 135 * 60_000;
/** Incidents that wait for a person when people arrive, and again and again while they are there. */
const WAITING: readonly string[] = [
  'connections-reboot-helps',
  'errors-scale-out-helps',
  'status-check-reboot-helps',
  'hang-reboot-helps',
  'connections-reboot-does-nothing',
];
const EVERY_MS = 10 * 60_000;
/** So many requests are enough to look at. */
const ENOUGH_WAITING = 3;
/** Catching up takes time itself. */
const CLOSE_ENOUGH_MS = 20;
/** An alarm goes off within this time, at most. */
const LONGEST_WAIT_MS = 30 * 60_000;

/** A deployment in the simulator whose clock is the wall's. */
export interface LiveRun {
  readonly run: SimulatedRun;
  readonly demo: DemoReport;
  /** Begins an incident of the corpus, on targets of its own names. Its alarm goes off within minutes. */
  begin(incident: string): World;
  /** Resolves when it has stopped; rejects when the simulation failed. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface LiveRunOptions {
  readonly settings: SettingsFile;
  readonly tokenReader: TokenReader;
  readonly callers: Callers;
  readonly audience: Audience;
  /** Incidents go on beginning by themselves. */
  readonly incidents: boolean;
}

/**
 * Plays the demo in the last two hours before now, lets incidents begin until requests wait for people, and then
 * lets time pass as it does outside.
 */
export async function goLive(options: LiveRunOptions): Promise<LiveRun> {
  const { settings, tokenReader, callers, audience, incidents } = options;
  const { run, report } = await playDemo(audience, {
    startMs: Date.now() - BEFORE_NOW_MS,
    settings,
    observers: { tokenReader, people: { callers } },
    change: roomyPlaybooks,
  });
  const { kernel, deployment } = run;
  let begun = 0;
  const begin = (name: string): World => {
    const incident = incidentNamed(name);
    begun += 1;
    return run.beginWorld(withOwnNames(incident.world(begun), begun));
  };

  if (incidents) {
    for (const name of WAITING) begin(name);
    const deadline = kernel.now() + LONGEST_WAIT_MS;
    while ((await waiting(run)) < WAITING.length && kernel.now() < Math.min(deadline, Date.now())) {
      await kernel.run({ untilMs: kernel.now() + 30_000 });
    }
  }
  // The virtual clock catches up with the wall's, never the other way round.
  while (kernel.now() < Date.now() - CLOSE_ENOUGH_MS) await kernel.run({ untilMs: Date.now() });
  kernel.goLive();

  let stopped = false;
  const next = (): void => {
    if (stopped) return;
    waiting(run).then(
      (count) => {
        if (!stopped && count < ENOUGH_WAITING) begin(WAITING[begun % WAITING.length] as string);
      },
      () => {},
    );
    kernel.schedule(EVERY_MS, next, 'incidents');
  };
  if (incidents) kernel.schedule(EVERY_MS, next, 'incidents');
  const ended = kernel.run({ until: () => stopped }).then(() => {});
  return {
    run,
    demo: report,
    begin,
    ended,
    async stop() {
      stopped = true;
      deployment.stop();
      // Wakes the kernel, which then sees that it is to end.
      kernel.schedule(0, () => {}, 'stop');
      await ended;
    },
  };
}

function incidentNamed(name: string): Incident {
  const found = INCIDENTS.find((incident) => incident.name === name);
  if (found === undefined) throw new Error(`there is no incident ${name}`);
  return found;
}

async function waiting({ deployment: { state } }: SimulatedRun): Promise<number> {
  const contracts = contractStore(state);
  const open = await contracts.open(100);
  const found = await Promise.all(open.map((id) => contracts.get(id)));
  return found.filter((contract) => contract?.status === 'awaiting_approval').length;
}
