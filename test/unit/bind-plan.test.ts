import { Plan } from '../../shared/contracts/plan';
import { parseSettings } from '../../shared/contracts/settings';
import { effectHash } from '../../shared/domain/plan-hash';
import {
  ALARM,
  alarmEvent,
  codeOf,
  errorEvent,
  GROUP,
  metricOf,
  plan,
  playbookText,
} from '../support/planning';

const SCALE = playbookText('scale-out-on-latency');
const RDS = playbookText('reboot-rds-on-connections');
const dbEvent = () =>
  alarmEvent({
    metrics: [metricOf('AWS/RDS', 'DatabaseConnections', { DBInstanceIdentifier: 'orders-db' })],
  });
const DB = {
  facts: { status: 'available', engine: 'postgres', instance_class: 'db.t3.small', multi_az: false },
};

async function planned(...args: Parameters<typeof plan>) {
  const binding = await plan(...args);
  if (!binding.ok) throw new Error(`${binding.code}: ${binding.message}`);
  return binding.plan;
}

describe('a plan', () => {
  test('of a reversible action is tier 1, absolute, and what its schema asks for', async () => {
    const made = await planned(SCALE);
    expect(Plan.parse(made)).toEqual(made);
    expect(made).toMatchObject({
      targets: [{ kind: 'autoscaling:group', region: 'us-east-1', account: '123456789012', id: 'web' }],
      steps: [
        {
          id: 'add',
          parameters: { change: 2 },
          intended: { desired_capacity: 6 },
          prior: { desired_capacity: 4 },
        },
      ],
      undo: 'restore',
      preconditions: {
        'autoscaling:group:us-east-1:123456789012:web': { desired_capacity: 4, min_size: 2, max_size: 10 },
      },
      tier: 1,
      quorum: 0,
      proposer: 'playbook:scale-out-on-latency',
      expiresAt: 1_000_000 + 3_600_000,
      executeBy: 1_000_000 + 900_000,
      limits: { budgetMax: 3, budgetSeconds: 3600, cooldownSeconds: 900 },
      alarm: { name: 'web-latency-high', evaluationSeconds: 120 },
    });
    expect(made.effect.hash).toBe(effectHash(made.effect));
    expect(made.effect.expectations).toEqual([
      { kind: 'resource', field: 'desired_capacity', comparison: 'equals', value: 6 },
      { kind: 'alarm', alarm: 'web-latency-high', state: 'OK', heldSeconds: 300 },
      expect.objectContaining({ kind: 'metric', comparison: 'below', value: 0.5, lastSeconds: 300 }),
    ]);
  });

  test('of an irreversible action asks for approval, and may still run after a late one', async () => {
    const made = await planned(RDS, { event: dbEvent(), live: DB });
    expect(made).toMatchObject({ tier: 2, quorum: 1, undo: 'none', steps: [{ intended: {}, prior: {} }] });
    expect(made.tierReasons).toContain('it cannot be undone');
    expect(made.executeBy).toBe(made.expiresAt + 600_000);
    const lost = await planned(RDS, { event: dbEvent(), live: DB, input: { lastTen: '00000' } });
    expect(lost).toMatchObject({ tier: 3, quorum: 2 });
  });

  test('lets later steps see what earlier ones set, as facts and by name', async () => {
    const text = SCALE.replace(
      'parameters: { change: 2 }',
      'parameters: { change: "=parameters.first.change + planned.first.desired_capacity - target.desired_capacity + 1" }\n    after: [first]\n  - { id: first, action: aws.scale_instances, parameters: { change: 1 } }',
    );
    expect((await planned(text)).steps).toMatchObject([
      { id: 'first', intended: { desired_capacity: 5 }, prior: { desired_capacity: 4 } },
      {
        id: 'add',
        parameters: { change: 2 },
        intended: { desired_capacity: 7 },
        prior: { desired_capacity: 5 },
      },
    ]);
  });

  test('adds up what its steps touch', async () => {
    const cut = (id: string) =>
      `  - { id: ${id}, action: aws.scale_instances, parameters: { change: -1 } }\n`;
    const text = SCALE.replace(/ {2}- id: add[\s\S]*?(?=expect:)/, cut('add') + cut('b')).replace(
      'tier: 1',
      'tier: 1',
    );
    expect((await planned(text, { live: { facts: { ...GROUP, min_size: 0 } } })).tier).toBe(2);
    const three = text.replace('expect:', `${cut('c')}expect:`);
    expect((await planned(three, { live: { facts: { ...GROUP, min_size: 0 } } })).tier).toBe(3);
  });

  test('takes the threshold of the live alarm before that of the event', async () => {
    const event = alarmEvent({ threshold: 999 });
    const valueIn = async (alarm: typeof ALARM) =>
      (await planned(SCALE, { event, alarm })).effect.expectations.find((each) => each.kind === 'metric');
    expect(await valueIn(ALARM)).toMatchObject({ value: 0.5 });
    expect(await valueIn({ name: ALARM.name, evaluationSeconds: 60 })).toMatchObject({ value: 999 });
  });

  test('looks at a slow metric for as long as two whole points take, whatever the playbook says', async () => {
    const lastOf = async (periodSeconds: number) => {
      const alarm = { ...ALARM, metric: { ...metricOf('A', 'B', {}), periodSeconds } };
      const { expectations } = (await planned(SCALE, { alarm })).effect;
      return expectations.find((each) => each.kind === 'metric');
    };
    expect(await lastOf(60)).toMatchObject({ lastSeconds: 300 });
    expect(await lastOf(240)).toMatchObject({ lastSeconds: 720 });
  });
  test('fills in held_for and over_last', async () => {
    const text = SCALE.replace(', held_for: 5m', '').replace(', over_last: 5m', '');
    expect((await planned(text)).effect.expectations.slice(1)).toMatchObject([
      { heldSeconds: 300 },
      { lastSeconds: 780 },
    ]);
  });

  test('binds the dimensions of an explicit metric', async () => {
    const made = await planned(playbookText('scale-in-on-idle-cpu'), {
      event: alarmEvent(),
      alarm: { ...ALARM, comparison: 'LessThanThreshold' },
    });
    expect(made.effect.expectations[1]).toMatchObject({
      query: { dimensions: { AutoScalingGroupName: 'web' } },
    });
  });
});

describe('no plan is made', () => {
  const group = { AutoScalingGroupName: 'web' };
  const TWO_METRICS = alarmEvent({
    metrics: [metricOf('A', 'Latency', group), metricOf('A', 'Requests', group)],
  });
  const target = (id: string) =>
    alarmEvent({ metrics: [metricOf('A', 'Latency', { AutoScalingGroupName: id })] });

  test.each([
    ['w\u0435b', 'TARGET_SUSPICIOUS'], // Cyrillic
    ['*', 'TARGET_SUSPICIOUS'],
    ['$(reboot)', 'TARGET_SUSPICIOUS'],
    ['{{web}}', 'TARGET_SUSPICIOUS'],
    ['arn:aws:autoscaling:eu-west-1:999999999999:autoScalingGroup:x', 'TARGET_MALFORMED'],
    ['=web', 'planned'], // what an event says is never read as an expression
  ])('for a target named %s', async (id, code) => {
    expect(await codeOf(plan(SCALE, { event: target(id) }))).toBe(code);
  });

  test('where the event names no target, or metrics name two', async () => {
    expect(await codeOf(plan(SCALE, { event: alarmEvent({ metrics: [] }) }))).toBe('TARGET_UNKNOWN');
    const two = alarmEvent({
      metrics: [
        metricOf('A', 'X', { AutoScalingGroupName: 'a' }),
        metricOf('A', 'Y', { AutoScalingGroupName: 'b' }),
      ],
    });
    expect(await codeOf(plan(SCALE, { event: two }))).toBe('TARGET_UNKNOWN');
  });

  test.each([
    ['TARGET_NOT_FOUND', { gone: true }],
    ['TARGET_NOT_MANAGED', { live: { managed: false } }],
    [
      'TARGET_MISMATCH',
      {
        input: {
          live: {
            target: { kind: 'autoscaling:group', region: 'us-east-1', account: '123456789012', id: 'other' },
            managed: true,
            tags: {},
            facts: GROUP,
          },
        },
      },
    ],
    ['TARGET_MISMATCH', { input: { event: { ...alarmEvent(), account: '999999999999' } } }],
    ['FACT_MISSING', { live: { facts: {} } }],
    ['FACT_INVALID', { live: { facts: { ...GROUP, desired_capacity: 1.5 } } }],
    ['FACT_INVALID', { live: { facts: { ...GROUP, desired_capacity: -1 } } }],
    ['CAPACITY_OVER_MAX', { live: { facts: { ...GROUP, max_size: 5 } } }],
    ['ALARM_NOT_FOUND', { alarm: null }],
    ['ALARM_NOT_FOUND', { alarm: { ...ALARM, name: 'another' } }],
    ['WINDOW_TOO_SHORT', { alarm: { ...ALARM, evaluationSeconds: 301 } }],
    ['EXPECTS_THE_FAULT', { alarm: { ...ALARM, comparison: 'LessThanOrEqualToThreshold' } }],
    ['METRIC_UNKNOWN', { event: alarmEvent({ kind: 'expression' }) }],
    ['METRIC_UNKNOWN', { event: TWO_METRICS }],
    ['TOO_FEW_POINTS', { alarm: { ...ALARM, metric: { ...metricOf('A', 'B', {}), periodSeconds: 600 } } }],
    ['EXECUTOR_DISABLED', { input: { settings: parseSettings({ executors: ['aws.restart_ec2'] }) } }],
  ] as const)('%s: %#', async (code, incident) => {
    expect(await codeOf(plan(SCALE, incident as Parameters<typeof plan>[1]))).toBe(code);
  });

  test('where the alarm tells no threshold', async () => {
    const { alarm: full, ...rest } = alarmEvent();
    if (full === undefined) throw new Error('no alarm');
    const { threshold: _, ...alarm } = full;
    const event = { ...rest, alarm };
    expect(await codeOf(plan(SCALE, { event, alarm: { name: ALARM.name, evaluationSeconds: 60 } }))).toBe(
      'THRESHOLD_UNKNOWN',
    );
  });

  test('where a parameter comes out wrong', async () => {
    const change = (expression: string) =>
      codeOf(plan(SCALE.replace('change: 2', `change: "${expression}"`)));
    expect(await change('=target.max_size - target.desired_capacity')).toBe('planned');
    expect(await change("='2'")).toBe('BAD_PARAMETER');
    expect(await change('=101')).toBe('BAD_PARAMETER');
    expect(await change('=1/0')).toBe('BAD_EXPRESSION');
    expect(await change('=alarm.band')).toBe('BAD_EXPRESSION');
    expect(await change('=alarm.metrics')).toBe('BAD_EXPRESSION');
    expect(await change("=$number('x')")).toBe('BAD_EXPRESSION');
    expect(await change('=0')).toBe('BAD_PARAMETER');
  });

  test('where the action does not fit the live state', async () => {
    const hang = playbookText('restart-ec2-on-hang');
    const live = (state: string) => ({ event: errorEvent(), live: { facts: { state } } });
    expect(await codeOf(plan(hang, live('running')))).toBe('planned');
    expect(await codeOf(plan(hang, live('stopped')))).toBe('NOT_RUNNING');
    expect(
      await codeOf(
        plan(hang, { ...live('running'), event: errorEvent({ attributes: { instance_id: 'web' } }) }),
      ),
    ).toBe('TARGET_MALFORMED');
  });

  test('where an error has no alarm to expect anything of', async () => {
    const text = SCALE.replace(
      'match:',
      'match:\n  - error: { name: Slow, attributes: { group: "*" } }',
    ).replace('id: =dimensions.AutoScalingGroupName', 'id: =attributes.group');
    const event = errorEvent({ name: 'Slow', attributes: { group: 'web' } });
    expect(await codeOf(plan(text, { event, alarm: null }))).toBe('NO_TRIGGERING_ALARM');
  });
});
