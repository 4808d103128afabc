import {
  type ExecutorName,
  simulatedActions,
  simulatedResources,
  simulatedTelemetry,
} from '../../cli/simulator/cloud/ports';
import { createWorld } from '../../cli/simulator/cloud/world';
import { WorldFile, type WorldSource } from '../../cli/simulator/cloud/world-file';
import { createKernel } from '../../cli/simulator/kernel';
import type { Target } from '../../shared/domain/target';

const START = Date.UTC(2026, 0, 5, 8, 0, 0);
const MINUTE = 60_000;
const place = { account: '123456789012', region: 'eu-west-1' };
const LATENCY = { namespace: 'Shop', metric: 'Latency', dimensions: { Group: 'web' } };
const QUERY = { ...LATENCY, statistic: 'p99', periodSeconds: 60 };

const metric = { id: 'latency', ...LATENCY, statistic: 'p99', base: 0.4, noise: { sigma: 0.05 } };
const alarm = {
  type: 'metric' as const,
  name: 'slow',
  metric: 'latency',
  comparison: 'GreaterThanThreshold' as const,
  threshold: 1,
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
};
const cause = { id: 'fault', fromSeconds: 120, metrics: [{ metric: 'latency', raisesTo: 3 }] };
const group = {
  kind: 'autoscaling:group' as const,
  id: 'web',
  desired: 2,
  min: 1,
  max: 5,
  launchSeconds: 40,
  inServiceLagSeconds: 20,
};
const database = { kind: 'rds:instance' as const, id: 'db', rebootSeconds: 30 };
const instance = { kind: 'ec2:instance' as const, id: 'i-1', rebootSeconds: 30 };

function setUp(source: Partial<WorldSource>, seed = 7) {
  const kernel = createKernel({ startMs: START, seed });
  const file = WorldFile.parse({ schema: 1, ...place, horizonSeconds: 3600, ...source });
  const world = createWorld({ kernel, file });
  const target = (kind: Target['kind'], id: string): Target => ({ kind, id, ...place });
  const actions = simulatedActions(world);
  const send = (executor: ExecutorName, action: string, to: Target, intended = {}) =>
    actions[executor].send({ action, target: to, intended, clientToken: 'once', intentAt: kernel.now() });
  return {
    kernel,
    world,
    target,
    actions,
    send,
    resources: simulatedResources(world),
    telemetry: simulatedTelemetry(world),
    scale: (capacity: number, id = 'web') =>
      send('executor-autoscaling', 'aws.scale_instances', target('autoscaling:group', id), {
        desired_capacity: capacity,
      }),
    reboot: (id = 'db') => send('executor-rds', 'aws.rds_reboot', target('rds:instance', id)),
    facts: async (kind: Target['kind'], id: string) =>
      (await simulatedResources(world).describe(target(kind, id)))?.facts,
    to: (seconds: number) => kernel.run({ untilMs: START + seconds * 1000 }),
  };
}

const slowWorld: Partial<WorldSource> = {
  resources: [group],
  metrics: [metric],
  alarms: [alarm],
  causes: [{ ...cause, effects: [{ onAction: 'aws.scale_instances', outcome: 'heals', afterSeconds: 60 }] }],
};

describe('metrics of the simulated cloud', () => {
  it('are the same to the last digit for one seed, and others for another', async () => {
    const run = async (seed: number) => {
      const { telemetry, to } = setUp(slowWorld, seed);
      await to(1200);
      return telemetry.series(QUERY, START - 3_600_000, START + 1_200_000);
    };
    const first = await run(1);
    expect(first).toHaveLength(80);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it('do not depend on when or how often they are asked for', async () => {
    const early = setUp(slowWorld);
    const late = setUp(slowWorld);
    await early.to(600);
    const seen = await early.telemetry.series(QUERY, START, START + 600_000);
    await early.to(3000);
    await late.to(3000);
    expect(await early.telemetry.series(QUERY, START, START + 600_000)).toEqual(seen);
    expect(await late.telemetry.series(QUERY, START, START + 600_000)).toEqual(seen);
  });

  it('show whole periods only, each at its start', async () => {
    const { telemetry, to } = setUp({ metrics: [metric] });
    await to(150);
    const points = await telemetry.series(QUERY, START, START + 600_000);
    expect(points.map(({ at }) => at)).toEqual([START, START + MINUTE]);
  });

  it('rise with the cause and fall after what heals it', async () => {
    const { telemetry, to, scale } = setUp(slowWorld);
    await to(600);
    await scale(4);
    await to(1200);
    const values = (await telemetry.series(QUERY, START, START + 1_200_000)).map(({ value }) => value);
    expect(Math.max(...values.slice(0, 2))).toBeLessThan(1);
    expect(Math.min(...values.slice(2, 10))).toBeGreaterThan(2);
    expect(Math.max(...values.slice(12))).toBeLessThan(1);
  });

  it('leave no point while they are missing, and show late ones later', async () => {
    const missing = [{ from: { atSeconds: 120 }, forSeconds: 120 }];
    const gap = setUp({ metrics: [{ ...metric, missing }] });
    await gap.to(360);
    const found = await gap.telemetry.series(QUERY, START, START + 360_000);
    expect(found.map(({ at }) => (at - START) / MINUTE)).toEqual([0, 1, 4, 5]);

    const late = setUp({ metrics: [{ ...metric, late: { from: { atSeconds: 0 }, seconds: 200 } }] });
    await late.to(300);
    expect(await late.telemetry.series(QUERY, START, START + 300_000)).toHaveLength(1);
    await late.to(500);
    expect(await late.telemetry.series(QUERY, START, START + 300_000)).toHaveLength(5);
  });

  it('know other statistics and longer periods, and refuse unknown ones', async () => {
    const { telemetry, to } = setUp({ metrics: [{ ...metric, noise: { sigma: 0 } }] });
    await to(600);
    const ask = (statistic: string, periodSeconds = 300) =>
      telemetry.series({ ...LATENCY, statistic, periodSeconds }, START, START + 600_000);
    expect((await ask('p99')).map(({ value }) => value)).toEqual([0.4, 0.4]);
    expect((await ask('Average'))[0]?.value).toBeLessThan((await ask('Maximum'))[0]?.value as number);
    await expect(ask('p42')).rejects.toThrow(RangeError);
    expect(await telemetry.series({ ...QUERY, metric: 'Other' }, START, START + 600_000)).toEqual([]);
  });
});

describe('resources of the simulated cloud', () => {
  it('scale after their time, by one counted effect', async () => {
    const { scale, facts, to, world } = setUp({ resources: [group] });
    expect(await scale(4)).toEqual({ kind: 'accepted' });
    await to(59);
    expect(await facts('autoscaling:group', 'web')).toMatchObject({ desired_capacity: 4, in_service: 2 });
    await to(60);
    expect(await facts('autoscaling:group', 'web')).toMatchObject({ desired_capacity: 4, in_service: 4 });
    expect(world.effects).toEqual([
      {
        at: START,
        action: 'aws.scale_instances',
        target: 'autoscaling:group:eu-west-1:123456789012:web',
        intended: { desired_capacity: 4 },
        clientToken: 'once',
      },
    ]);
  });

  it.each([
    ['above the maximum', 6, 'web', 'ValidationError'],
    ['below the minimum', 0, 'web', 'ValidationError'],
    ['of a group that is not there', 3, 'gone', 'ValidationError'],
    ['of a group without the tag', 3, 'foreign', 'AccessDenied'],
    ['to no whole number', 2.5, 'web', 'NOT_SENT_ARGUMENT'],
  ])('refuse a capacity %s, without effect', async (_, capacity, id, code) => {
    const foreign = { ...group, id: 'foreign', tags: { 'grace:managed': 'yes' } };
    const { scale, facts, world } = setUp({ resources: [group, foreign] });
    expect(await scale(capacity, id)).toMatchObject({ kind: 'rejected', code });
    expect(world.effects).toEqual([]);
    expect(world.refusals).toEqual([{ at: START, action: 'aws.scale_instances', code }]);
    expect(await facts('autoscaling:group', 'web')).toMatchObject({ desired_capacity: 2 });
  });

  it('reboot a database once at a time, and record the restart', async () => {
    const { reboot, facts, to, world, actions, target, kernel } = setUp({ resources: [database] });
    const evidence = (intentAt: number) =>
      actions['executor-rds'].evidence({
        action: 'aws.rds_reboot',
        target: target('rds:instance', 'db'),
        intended: {},
        clientToken: 'once',
        intentAt,
      });
    expect(await evidence(START)).toBe('unknown');
    expect(await reboot()).toEqual({ kind: 'accepted' });
    expect(await facts('rds:instance', 'db')).toMatchObject({ status: 'rebooting' });
    expect(await reboot()).toMatchObject({ kind: 'rejected', code: 'InvalidDBInstanceState' });
    expect(await evidence(START)).toBe('yes');
    await to(31);
    expect(await facts('rds:instance', 'db')).toMatchObject({ status: 'available' });
    expect(await evidence(START)).toBe('yes');
    expect(await evidence(kernel.now())).toBe('unknown');
    expect(world.effects).toHaveLength(1);
  });

  it('reboot a running instance and leave no evidence', async () => {
    const stopped = { ...instance, id: 'i-2', state: 'stopped' as const };
    const { send, target, facts, to, actions } = setUp({ resources: [instance, stopped] });
    const reboot = (id: string) => send('executor-ec2', 'aws.restart_ec2', target('ec2:instance', id));
    expect(await reboot('i-1')).toEqual({ kind: 'accepted' });
    expect(await facts('ec2:instance', 'i-1')).toMatchObject({
      state: 'running',
      instance_status: 'initializing',
    });
    await to(30);
    expect(await facts('ec2:instance', 'i-1')).toMatchObject({ instance_status: 'ok' });
    expect(await reboot('i-2')).toMatchObject({ kind: 'rejected', code: 'IncorrectInstanceState' });
    const call = { action: 'aws.restart_ec2', target: target('ec2:instance', 'i-1'), intended: {} };
    const evidence = await actions['executor-ec2'].evidence({ ...call, clientToken: 'x', intentAt: START });
    expect(evidence).toBe('unknown');
  });

  it('refuse what is for another executor, and look at no other account', async () => {
    const { send, target, resources, world } = setUp({ resources: [group] });
    const web = target('autoscaling:group', 'web');
    expect(await send('executor-rds', 'aws.scale_instances', web)).toMatchObject({ code: 'NOT_SENT_ACTION' });
    await expect(resources.describe({ ...web, account: '210987654321' })).rejects.toThrow('210987654321');
    expect(world.effects).toEqual([]);
  });

  it('change, vanish and lose their tags by other hands, at their times', async () => {
    const change = (when: { atSeconds: number } | { afterActionSeconds: number }, what: object) => ({
      when,
      resource: 'web',
      change: what as { delete: true },
    });
    const { scale, resources, target, facts, to } = setUp({
      resources: [group],
      interference: [
        change({ atSeconds: 10 }, { set: { max_size: 9 } }),
        change({ afterActionSeconds: 50 }, { retag: { owner: 'me' } }),
        change({ afterActionSeconds: 90 }, { delete: true }),
      ],
    });
    await to(20);
    expect(await facts('autoscaling:group', 'web')).toMatchObject({ max_size: 9 });
    await scale(3);
    await to(71);
    expect((await resources.describe(target('autoscaling:group', 'web')))?.managed).toBe(false);
    await to(111);
    expect(await resources.describe(target('autoscaling:group', 'web'))).toBeUndefined();
    expect(await scale(3)).toMatchObject({ kind: 'rejected' });
  });
});

describe('causes', () => {
  const severityAt = async (
    effect: object,
    seconds: number,
    then?: (w: ReturnType<typeof setUp>) => unknown,
  ) => {
    const effects = [{ onAction: 'aws.scale_instances' as const, afterSeconds: 30, ...effect }];
    const set = setUp({ ...slowWorld, causes: [{ ...cause, effects: effects as [] }] });
    await set.to(300);
    await set.scale(4);
    await then?.(set);
    await set.to(seconds);
    return set.world.faultSeverity(set.kernel.now() - 1000, set.kernel.now());
  };

  it('heal, stay, worsen, or come back after a time', async () => {
    expect(await severityAt({ outcome: 'heals' }, 400)).toBe(0);
    expect(await severityAt({ outcome: 'nothing' }, 400)).toBe(1);
    expect(await severityAt({ outcome: 'worsens', severity: 2 }, 400)).toBe(2);
    const harms = { outcome: 'heals_then_harms', harmsAfterSeconds: 200 };
    expect(await severityAt(harms, 400)).toBe(0);
    expect(await severityAt(harms, 600)).toBe(1.5);
  });

  it('come back when the scaling is undone', async () => {
    expect(await severityAt({ outcome: 'heals' }, 400, ({ scale }) => scale(2))).toBe(1);
  });

  it('are not healed by instances that never come', async () => {
    const set = setUp({ ...slowWorld, resources: [{ ...group, launches: 'fail' }] });
    await set.to(300);
    await set.scale(4);
    await set.to(900);
    expect(set.world.faultSeverity(set.kernel.now() - 1000, set.kernel.now())).toBe(1);
    expect(await set.facts('autoscaling:group', 'web')).toMatchObject({ desired_capacity: 4, in_service: 2 });
  });
});
