import { controlStore } from '../../../../shared/stores/control-store';
import { type BenchOptions, runIncident, type Stage } from '../../../support/faults/bench';
import { BENCH_INCIDENTS, type BenchIncident } from '../../../support/faults/bench-incidents';
import { brokenInvariants } from '../../../support/faults/invariants';
import { none, type Row } from './row';

/** A call that was on its way when the switch was thrown arrives within this; nothing later does. */
const ON_ITS_WAY_MS = 250;

/** The switch is thrown at each port call of a run, one run a call. */
export async function killSwitchAtAnyMoment(wrap?: BenchOptions['wrapState']): Promise<Row> {
  const cases = [];
  for (const incident of [
    BENCH_INCIDENTS.scaleHelps,
    BENCH_INCIDENTS.scaleDoesNot,
    BENCH_INCIDENTS.twoSteps,
    BENCH_INCIDENTS.rebootHelps,
  ]) {
    const problems: string[] = [];
    const calls = await callsOf(incident);
    for (let at = 0; at < calls; at += 1) {
      const { stage, pausedAt } = await pausedRun(incident, at, wrap);
      for (const problem of await problemsOf(stage, pausedAt)) problems.push(`at call ${at}: ${problem}`);
    }
    cases.push(none(`${incident.name}: ${calls} moments`, problems));
  }
  return { name: 'the kill switch holds before the next call, whenever it is thrown', cases };
}

async function problemsOf(stage: Stage, pausedAt: number): Promise<string[]> {
  const [contract] = stage.contracts();
  // A contract that was not planned yet is planned, and refused: the switch stops acting, not looking.
  const problems = await brokenInvariants(stage);
  const forward = stage.world.effects.filter(({ intended }) => !isBack(stage, intended));
  for (const { at } of forward) {
    if (at > pausedAt + ON_ITS_WAY_MS)
      problems.push(`an effect ${at - pausedAt} ms later (${contract?.status})`);
  }
  return problems;
}

/** A rollback that is owed goes on: it restores the capacity from before. */
function isBack({ world }: Stage, intended: Readonly<Record<string, unknown>>): boolean {
  const [resource] = world.file.resources;
  if (resource?.kind !== 'autoscaling:group') return false;
  const sent = world.effects.findIndex((effect) => effect.intended === intended);
  const before = world.effects[sent - 1]?.intended['desired_capacity'] ?? resource.desired;
  return Number(intended['desired_capacity']) < Number(before);
}

const isActing = (functionName: string): boolean =>
  !['mesh-publisher', 'audit-sequencer', 'recorder', 'reaper'].includes(functionName);

/** Calls of the functions on the action's own path: every moment of it. */
async function callsOf(incident: BenchIncident): Promise<number> {
  let calls = 0;
  await runIncident(incident, {
    faults: () => ({
      onCall({ invocation }) {
        if (isActing(invocation.functionName)) calls += 1;
        return undefined;
      },
    }),
  });
  return calls;
}

async function pausedRun(
  incident: BenchIncident,
  at: number,
  wrapState: BenchOptions['wrapState'],
): Promise<{ stage: Stage; pausedAt: number }> {
  let calls = 0;
  let pausedAt = 0;
  const stage = await runIncident(incident, {
    ...(wrapState === undefined ? {} : { wrapState }),
    faults: (running) => ({
      onCall({ invocation }) {
        if (!isActing(invocation.functionName)) return undefined;
        calls += 1;
        if (calls === at + 1) {
          pausedAt = running().kernel.now();
          const why = { actor: 'operator', reason: 'STOP', at: pausedAt };
          void controlStore(running().deployment.ports.state).set(true, why);
        }
        return undefined;
      },
    }),
  });
  return { stage, pausedAt };
}
