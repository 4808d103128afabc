import { percentiles } from '../../cli/scenario/percentiles';
import { QUICK } from '../../cli/scenario/quick-playbooks';
import { makeGroup, targetClients } from '../../cli/up/make-targets';
import { FUNCTIONS } from '../../shared/names';
import { type DeployedGrace, deployedGrace } from '../support/deployed-grace';
import { CAPACITY, emulatorIncidents } from '../support/emulator-incidents';
import { pushQuickPlaybooks } from '../support/push-quick-playbooks';
import { type Figure, median } from './figure';
import { onEmulator } from './on-emulator';

const CONCURRENT = 50;
const ALONE = 5;
/** Of the quick playbooks. */
const WINDOW_MS = 60_000;
const WITHIN_MS = 5 * 60_000;

type Incidents = ReturnType<typeof emulatorIncidents>;

interface Ended {
  /** Milliseconds from the accepted event to the contract's end, without the effect window. */
  readonly ownMs: number;
  readonly sentAt: number;
  readonly endedAt: number;
  readonly status: string;
  readonly contractId: string;
}

/**
 * The deployed stack on an emulator of its own, which is stopped again. What it says is the emulator's time as
 * much as Grace's, on this machine: a Node process a busy function, all queues and streams polled by one thread.
 * @throws EmulatorError where no emulator is to be had
 */
export function emulatorFigures(print: (line: string) => void): Promise<readonly Figure[]> {
  return onEmulator({ print, settings: { limits: { concurrentActions: 100 } } }, async (up) => {
    const grace = deployedGrace(up);
    const incidents = emulatorIncidents(up.endpoint, grace);
    try {
      await pushQuickPlaybooks(grace.state);
      const names = Array.from({ length: CONCURRENT }, (_, index) => `bench-${index + 1}`);
      await makeGroups(up.endpoint, [...names, ...alone()]);
      print(`emulator: ${ALONE} contracts one after the other`);
      const single: Begun[] = [];
      for (const name of alone()) single.push(await begin(name, incidents, grace));
      const ones = await Promise.all(single.map(({ ended }) => ended));
      const warm = await warmInvocation(grace, ones[0]?.contractId ?? '');
      print(`emulator: ${CONCURRENT} contracts at once`);
      const crowd = await Promise.all(names.map((name) => begin(name, incidents, grace)));
      const many = await Promise.all(crowd.map(({ ended }) => ended));
      return loadFigures(ones, many, warm);
    } finally {
      await incidents.stop();
      grace.close();
    }
  });
}

const alone = () => Array.from({ length: ALONE }, (_, index) => `bench-alone-${index + 1}`);

/** An incident that has begun; its end is a promise of its own, so that several can be under way. */
interface Begun {
  readonly ended: Promise<Ended>;
}

async function begin(name: string, incidents: Incidents, grace: DeployedGrace): Promise<Begun> {
  const { eventId, at: sentAt } = await incidents.group(name, QUICK.scaleOut);
  const ended = grace.ended(eventId, WITHIN_MS).then((contract): Ended => {
    const { contractId, status, endedAt = Number.NaN } = contract;
    return { ownMs: endedAt - sentAt - WINDOW_MS, sentAt, endedAt, status, contractId };
  });
  return { ended };
}

async function makeGroups(endpoint: string, names: readonly string[]): Promise<void> {
  const clients = targetClients(endpoint);
  for (const name of names) await makeGroup(clients, { name, desired: CAPACITY, max: 20 });
  clients.close();
}

/** Milliseconds of one direct invocation of a warm function that reads one ended contract. */
async function warmInvocation(grace: DeployedGrace, contractId: string): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < 12; call += 1) {
    const from = performance.now();
    await grace.invoke(FUNCTIONS.admit, { contractId });
    if (call >= 2) times.push(performance.now() - from);
  }
  return median(times);
}

function loadFigures(ones: readonly Ended[], many: readonly Ended[], warmMs: number): Figure[] {
  const reference = { value: warmMs, what: 'one direct invocation of a warm function there' };
  const one = percentiles(ones.map(({ ownMs }) => ownMs));
  const crowd = percentiles(many.map(({ ownMs }) => ownMs));
  const first = Math.min(...many.map(({ sentAt }) => sentAt));
  const last = Math.max(...many.map(({ endedAt }) => endedAt));
  const resolved = (ended: readonly Ended[]) => ended.filter(({ status }) => status === 'resolved').length;
  const note = (ended: readonly Ended[]) => `${resolved(ended)} of ${ended.length} resolved`;
  const without = 'event accepted to contract ended, without the effect window of 60 s';
  return [
    {
      name: 'emulator_latency_1_p50',
      value: one.p50,
      unit: 'ms',
      reference,
      note: `${without}; ${note(ones)}`,
    },
    { name: 'emulator_latency_1_max', value: one.max, unit: 'ms', reference },
    {
      name: 'emulator_latency_50_p50',
      value: crowd.p50,
      unit: 'ms',
      reference,
      note: `${without}; ${note(many)}`,
    },
    { name: 'emulator_latency_50_p95', value: crowd.p95, unit: 'ms', reference },
    { name: 'emulator_latency_50_max', value: crowd.max, unit: 'ms', reference },
    {
      name: 'emulator_throughput_50',
      value: resolved(many) / ((last - first - WINDOW_MS) / 1000),
      unit: 'contracts/s',
      note: `${CONCURRENT} at once, first event to last end without the window`,
    },
  ];
}
