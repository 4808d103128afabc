import type { Incident } from '../../cli/simulator/cloud/incident';
import { DEMO_INCIDENTS } from '../../cli/simulator/cloud/incidents';
import { createKernel } from '../../cli/simulator/kernel';
import { type Figure, median } from './figure';
import { runIncident } from './incident-run';

const ROUNDS = 3;
const CONTRACTS = 100;
const EVENTS = 200_000;

/** Contracts a second that the simulator takes from alarm to end, everything around them included. */
export async function simulatorFigures(): Promise<readonly Figure[]> {
  const contracts: number[] = [];
  const events: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    events.push(await eventsPerSecond());
    const run = await runIncident(DEMO_INCIDENTS[0] as Incident, { copies: CONTRACTS, seed: round + 1 });
    contracts.push(run.contracts.length / (run.wallMs / 1000));
  }
  return [
    {
      name: 'simulator_contracts_per_second',
      value: median(contracts),
      unit: 'contracts/s',
      note: `${CONTRACTS} tier-1 incidents at once in one deployment, hours of virtual time with world, streams and audit; median of ${ROUNDS}`,
    },
    {
      name: 'simulator_kernel_events_per_second',
      value: median(events),
      unit: 'events/s',
      note: 'empty events of the bare kernel in the same rounds: the reference of the figure before',
    },
  ];
}

async function eventsPerSecond(): Promise<number> {
  const kernel = createKernel({ startMs: 0, seed: 1 });
  for (let index = 0; index < EVENTS; index += 1) kernel.schedule(index, () => {});
  const from = performance.now();
  await kernel.run();
  return EVENTS / ((performance.now() - from) / 1000);
}
