import { drawIterations, SCENARIO_INCIDENTS } from '../../cli/scenario/draw';
import { ownName, withOwnNames } from '../../cli/scenario/own-names';
import { percentiles } from '../../cli/scenario/percentiles';
import { play } from '../../cli/scenario/play';
import { held, reportOf, type ScenarioReport } from '../../cli/scenario/report';
import { roomyPlaybooks } from '../../cli/scenario/roomy-playbooks';
import { runSimulatedScenario } from '../../cli/scenario/run-simulated';
import type { Incident } from '../../cli/simulator/cloud/incident';
import { INCIDENTS } from '../../cli/simulator/cloud/incidents';
import { createDeployment } from '../../cli/simulator/deployment';
import type { DeploymentOptions } from '../../cli/simulator/deployment-options';
import { shippedPlaybooks } from '../benchmarks/incident-corpus';

const playbooks = shippedPlaybooks();
const run = (options: { iterations: number; seed: string; chaos?: boolean }) =>
  runSimulatedScenario({ chaos: false, ...options, playbooks });
const withoutWall = ({ wall: _, ...rest }: ScenarioReport) => JSON.stringify(rest);

function incident(name: string): Incident {
  const found = INCIDENTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no incident ${name}`);
  return found;
}

/** One incident in a deployment that is broken on purpose. */
async function broken(
  name: string,
  change: (options: DeploymentOptions) => DeploymentOptions,
  truth: Partial<Incident['truth']> = {},
): Promise<ScenarioReport> {
  const one = incident(name);
  const played = await play({
    iterations: [
      { index: 1, incident: { ...one, truth: { ...one.truth, ...truth } }, seed: 1, startsAfterMs: 0 },
    ],
    playbooks: roomyPlaybooks(playbooks),
    seed: 'broken',
    ownNames: true,
    deploy: (options) => createDeployment(change(options)),
  });
  return reportOf(played, { seed: 'broken', chaos: false, wallMs: 1 });
}
const codesOf = (report: ScenarioReport) =>
  report.findings.flatMap(({ breaches }) => breaches.map(({ code }) => code));

describe('a scenario in the simulator', () => {
  it('keeps every promise, and has every key that scripts rely on', async () => {
    const report = await run({ iterations: 12, seed: 'a' });
    expect(held(report)).toBe(true);
    expect(report).toMatchObject({
      errors: 0,
      errorRate: 0,
      falseMet: 0,
      orphans: 0,
      auditComplete: true,
      auditVerified: true,
      byTruth: { asExpected: 12, otherwise: 0 },
      latencyMs: { p50: expect.any(Number), p95: expect.any(Number), max: expect.any(Number) },
      eventLagMs: expect.any(Number),
      wall: { ms: expect.any(Number), throughput: expect.any(Number) },
    });
    expect(report.contracts).toBeGreaterThanOrEqual(12);
    expect(Object.values(report.byStatus).reduce((sum, count) => sum + count, 0)).toBe(report.contracts);
    expect(report.stages.verifyingToEnd.max).toBeGreaterThan(0);
  });

  it.each([false, true])('is the same to the byte with the same seed (chaos: %s)', async (chaos) => {
    const [one, two] = [
      await run({ iterations: 6, seed: 's', chaos }),
      await run({ iterations: 6, seed: 's', chaos }),
    ];
    expect(withoutWall(one)).toBe(withoutWall(two));
  });

  it('is another one with another seed', async () => {
    const [one, two] = [await run({ iterations: 4, seed: 's' }), await run({ iterations: 4, seed: 't' })];
    expect(withoutWall(one)).not.toBe(withoutWall(two));
  });

  it('keeps every promise under chaos, and says what was done to it', async () => {
    const report = await run({ iterations: 25, seed: 'chaos', chaos: true });
    expect(report.findings.flatMap(({ breaches }) => breaches)).toEqual([]);
    expect(held(report)).toBe(true);
    expect(report.faults?.['thrown']).toBeGreaterThan(0);
    expect(report.auditComplete).toBe(true);
  });
});

describe('a broken deployment is found out', () => {
  it('where a one-shot is sent twice', async () => {
    const report = await broken('status-check-reboot-helps', (options) => ({
      ...options,
      cloud: {
        ...options.cloud,
        actions: Object.fromEntries(
          Object.entries(options.cloud.actions).map(([name, port]) => [
            name,
            {
              ...port,
              async send(call) {
                await port.send(call);
                return port.send(call);
              },
            },
          ]),
        ),
      },
    }));
    expect(codesOf(report)).toEqual(['TOO_MANY_EFFECTS']);
    expect(report.errors).toBe(1);
    expect(held(report)).toBe(false);
  });

  it('where more was sent than the incident allows', async () => {
    const report = await broken('latency-scale-out-helps', (options) => options, { maxEffects: 0 });
    expect(codesOf(report)).toEqual(['TOO_MANY_EFFECTS']);
  });

  it('where it says met and the fault is there', async () => {
    const report = await broken('latency-scale-out-helps', (options) => options, { recovered: false });
    expect(codesOf(report)).toEqual(['FALSE_MET']);
    expect(report.falseMet).toBe(1);
  });

  it('where it ends otherwise than it should', async () => {
    const report = await broken('latency-scale-out-helps', (options) => options, { end: 'denied' });
    expect(codesOf(report)).toEqual(['END_NOT_ALLOWED']);
  });

  it('where the audit log cannot be written', async () => {
    const report = await broken('latency-scale-out-helps', (options) => ({
      ...options,
      faults: {
        onCall: ({ port }) =>
          port === 'audit' ? { kind: 'throw', when: 'before', error: new Error('no log') } : undefined,
      },
    }));
    expect(report.auditComplete).toBe(false);
    expect(codesOf(report)).toContain('NOT_AUDITED');
    expect(held(report)).toBe(false);
  });

  it('where the state machine cannot run anything, and no contract comes to its end', async () => {
    const report = await broken('latency-scale-out-helps', (options) => ({
      ...options,
      faults: {
        onCall: ({ invocation }) =>
          invocation.functionName === 'sentinel'
            ? { kind: 'throw', when: 'before', error: new Error('no sentinel') }
            : undefined,
      },
    }));
    expect(codesOf(report)).toContain('NO_CONTRACT');
    expect(report.breaches.some((breach) => breach.startsWith('DEAD_LETTERS'))).toBe(true);
  });
});

describe('the iterations of a scenario', () => {
  const always = () => 0.5;

  it('are incidents of which a contract surely comes', () => {
    expect(SCENARIO_INCIDENTS.length).toBeGreaterThan(30);
    expect(SCENARIO_INCIDENTS.map(({ truth }) => truth.end)).not.toContain('no_contract');
  });

  it('begin with the same ones, however many there are', () => {
    const draws = () => {
      let n = 0;
      return () => {
        n += 0.137;
        return n % 1;
      };
    };
    expect(drawIterations(9, draws()).slice(0, 3)).toEqual(drawIterations(3, draws()));
  });

  it('overlap: the next one begins long before the one before can have ended', () => {
    const [first, second] = drawIterations(2, always);
    expect((second?.startsAfterMs ?? 0) - (first?.startsAfterMs ?? 0)).toBe(30_000);
  });

  it('have names of their own that playbooks can still read', () => {
    expect(ownName(7, 'orders-workers')).toBe(`${ownName(7, 'orders')}-workers`);
    expect(ownName(7, 'app/search/50dc6c495c0c9188')).toBe(`app/${ownName(7, 'search')}/50dc6c495c0c9188`);
    expect(ownName(255, 'i-0a1b2c3d4e5f60718')).toMatch(/^i-[0-9a-f]{17}$/);
    for (const each of SCENARIO_INCIDENTS) {
      const [one, two] = [1, 2].map((index) => withOwnNames(each.world(1), index));
      expect(one?.resources.map(({ id }) => id)).not.toEqual(two?.resources.map(({ id }) => id));
      expect(JSON.stringify(one)).toHaveLength(JSON.stringify(two).length);
    }
  });
});

describe('percentiles', () => {
  it('are values that were measured', () => {
    expect(percentiles([5, 1, 4, 2, 3])).toEqual({ p50: 3, p95: 5, max: 5, count: 5 });
    expect(percentiles([])).toEqual({ p50: 0, p95: 0, max: 0, count: 0 });
  });
});
