import { type AssumedPlaybook, assumedWorld } from '../../cli/simulator/cloud/assumed-world';
import { simulatedActions, simulatedResources, simulatedTelemetry } from '../../cli/simulator/cloud/ports';
import { createWorld } from '../../cli/simulator/cloud/world';
import { createKernel } from '../../cli/simulator/kernel';
import type { AlarmEvidence, ErrorDetected } from '../../shared/contracts/error-detected';

const AT = Date.UTC(2026, 4, 4, 12, 0, 40);
const SCALE: AssumedPlaybook = {
  target: { kind: 'autoscaling:group', id: 'web' },
  action: 'aws.scale_instances',
  change: 2,
  alarmEvaluationSeconds: 300,
  settleSeconds: 120,
  windowSeconds: 900,
};
const METRIC = {
  namespace: 'AWS/EC2',
  metric: 'CPUUtilization',
  dimensions: { AutoScalingGroupName: 'web' },
  statistic: 'Average',
  periodSeconds: 60,
};

function eventOf(alarm: Partial<AlarmEvidence> | undefined): ErrorDetected {
  const event: ErrorDetected = {
    eventId: 'event-1',
    type: 'error.detected',
    source: 'aws.cloudwatch',
    account: '123456789012',
    region: 'us-east-1',
    at: AT,
    correlationId: 'event-1',
  };
  if (alarm === undefined) return event;
  return {
    ...event,
    alarm: {
      name: 'cpu-high',
      arn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu-high',
      kind: 'metric',
      state: 'ALARM',
      suppressed: false,
      reason: 'Threshold Crossed: 1 datapoint was greater than the threshold (80.0).',
      metrics: [METRIC],
      recentValues: [97],
      threshold: 80,
      ...alarm,
    },
  };
}

/** The world at the event's time, and after the playbook's action and its window. */
async function live(event: ErrorDetected, playbook: AssumedPlaybook, intended = {}) {
  const { file, assumptions } = assumedWorld(event, playbook);
  const kernel = createKernel({ startMs: AT, seed: 1 });
  const world = createWorld({ kernel, file });
  const name = event.alarm?.name ?? '';
  const telemetry = simulatedTelemetry(world);
  const target = { ...playbook.target, account: event.account, region: event.region };
  const before = await telemetry.alarm(name);
  const resource = await simulatedResources(world).describe(target);
  await kernel.run({ untilMs: AT + 180_000 });
  const still = await telemetry.alarm(name);
  const call = { action: playbook.action, target, intended, clientToken: 'x', intentAt: kernel.now() };
  const port = Object.values(simulatedActions(world)).find((_, index) => index === executorOf(playbook));
  const answer = await port?.send(call);
  await kernel.run({ untilMs: kernel.now() + playbook.windowSeconds * 1000 });
  return { before, still, after: await telemetry.alarm(name), resource, answer, assumptions, world };
}

const executorOf = ({ action }: AssumedPlaybook) =>
  ['aws.scale_instances', 'aws.restart_ec2', 'aws.rds_reboot'].indexOf(action);

describe('the assumed world', () => {
  it('has the alarm as the event says, the target tagged, and the declared effect', async () => {
    const seen = await live(eventOf({}), SCALE, { desired_capacity: 6 });
    expect(seen.before).toMatchObject({ state: 'ALARM', threshold: 80, evaluationSeconds: 300 });
    expect(seen.still?.state).toBe('ALARM');
    expect(seen.resource).toMatchObject({ managed: true, facts: { desired_capacity: 4, in_service: 4 } });
    expect(seen.answer).toEqual({ kind: 'accepted' });
    expect(seen.after?.state).toBe('OK');
    expect(seen.assumptions.join('\n')).toContain('aws.scale_instances has its declared effect');
  });

  it.each([
    ['a metric below its threshold', { reason: 'less than the threshold', recentValues: [3], threshold: 15 }],
    ['metric math', { kind: 'expression' as const, metrics: [METRIC, { ...METRIC, metric: 'NetworkIn' }] }],
    ['a composite', { kind: 'composite' as const, metrics: [], recentValues: [] }],
    ['an anomaly below its band', { kind: 'anomaly' as const, band: 'below' as const, recentValues: [5] }],
    ['no threshold and no values', { threshold: undefined, recentValues: [] }],
    ['a threshold of zero', { threshold: 0, recentValues: [1, 1] }],
  ])('fires and clears for %s', async (_, alarm) => {
    const event = eventOf(alarm as Partial<AlarmEvidence>);
    const seen = await live(event, SCALE, { desired_capacity: 6 });
    expect([seen.before?.state, seen.still?.state, seen.after?.state]).toEqual(['ALARM', 'ALARM', 'OK']);
  });

  it('has an instance that is impaired where its status check fails', async () => {
    const reboot = {
      ...SCALE,
      target: { kind: 'ec2:instance' as const, id: 'i-1' },
      action: 'aws.restart_ec2',
    };
    const metrics = [{ ...METRIC, namespace: 'AWS/EC2', metric: 'StatusCheckFailed_Instance' }];
    const seen = await live(eventOf({ metrics, threshold: 1, recentValues: [1, 1] }), reboot);
    expect(seen.resource?.facts).toMatchObject({ state: 'running', instance_status: 'impaired' });
    expect([seen.still?.state, seen.after?.state]).toEqual(['ALARM', 'OK']);
  });

  it('scales in where the playbook does', async () => {
    const seen = await live(
      eventOf({ name: 'cpu-low', reason: 'less than the threshold', recentValues: [4], threshold: 15 }),
      { ...SCALE, change: -1 },
      { desired_capacity: 4 },
    );
    expect(seen.resource?.facts).toMatchObject({ desired_capacity: 5, min_size: 1 });
    expect(seen.after?.state).toBe('OK');
  });

  it('has a database and no alarm for an error, and nothing but the alarm without a playbook', async () => {
    const reboot = {
      ...SCALE,
      target: { kind: 'rds:instance' as const, id: 'db' },
      action: 'aws.rds_reboot',
    };
    const seen = await live(eventOf(undefined), reboot);
    expect(seen.before).toBeUndefined();
    expect(seen.answer).toEqual({ kind: 'accepted' });
    const { file } = assumedWorld(eventOf({}), undefined);
    expect(file.resources).toEqual([]);
    expect(file.alarms).toHaveLength(1);
  });

  it('is as healthy as an event that says OK', async () => {
    const { file } = assumedWorld(eventOf({ state: 'OK', recentValues: [12] }), SCALE);
    expect(file.causes).toEqual([]);
    const kernel = createKernel({ startMs: AT, seed: 1 });
    const telemetry = simulatedTelemetry(createWorld({ kernel, file }));
    await kernel.run({ untilMs: AT + 600_000 });
    expect((await telemetry.alarm('cpu-high'))?.state).toBe('OK');
  });
});
