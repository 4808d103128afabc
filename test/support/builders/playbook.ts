import { checkPlaybookSource } from '../../../shared/contracts/playbook-file';
import type { JsonValue } from '../../../shared/domain/canonical-json';
import type { LoadedPlaybook } from '../../../shared/domain/diagnosis';

/** What an operator would write in YAML: two instances more for a group whose latency is high. */
export const PLAYBOOK = {
  schema: 1,
  name: 'scale-out',
  summary: 'Add two instances to a group that is slow',
  match: [
    { alarm: { metric: 'Latency', dimensions: { AutoScalingGroupName: '*' } } },
    { error: { name: 'HangError', attributes: { group: '*' } } },
  ],
  alarm_evaluation: '2m',
  target: {
    kind: 'autoscaling:group',
    id: '=dimensions.AutoScalingGroupName ? dimensions.AutoScalingGroupName : attributes.group',
  },
  steps: [{ id: 'add', action: 'aws.scale_instances', parameters: { change: 2 } }],
  expect: [{ resource: 'desired_capacity', equals: '=planned.add.desired_capacity' }, { benchmark: 'smoke' }],
  settle: '1m',
  window: '10m',
  rollback: 'restore',
  tier: 1,
  limits: { budget: { max: 3, per: '1h' }, cooldown: '5m' },
};

export function readSource(changes: Readonly<Record<string, unknown>> = {}) {
  return checkPlaybookSource({ ...PLAYBOOK, ...changes } as unknown as JsonValue);
}

export function buildPlaybook(changes: Readonly<Record<string, unknown>> = {}): LoadedPlaybook {
  const reading = readSource(changes);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems, undefined, 1));
  return { name: reading.playbook.name, version: reading.version, playbook: reading.playbook };
}
