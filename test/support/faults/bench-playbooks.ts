import { type CompiledPlaybooks, compilePlaybooks } from '../../../shared/contracts/compiled-playbooks';

/** Playbooks with windows as short as the rules allow, so that a run of the bench is minutes of virtual time. */
interface Draft {
  readonly name: string;
  readonly match?: string;
  readonly evaluation?: string;
  readonly metric?: string;
  readonly target: string;
  readonly steps: string;
  readonly expected: string;
  readonly rollback: 'restore' | 'none';
  readonly tier: 1 | 2 | 3;
  readonly budget?: string;
}

const draft = ({ name, metric, target, steps, expected, rollback, tier, budget, ...rest }: Draft): string => `
schema: 1
name: ${name}
summary: For the fault bench
match:
  - ${rest.match ?? `alarm: { metric: ${metric} }`}
alarm_evaluation: ${rest.evaluation ?? '10s'}
target: ${target}
steps:
${steps}
expect:
  - ${expected}
  - ${rest.match === undefined ? '{ alarm: triggering, state: OK, held_for: 20s }' : '{ benchmark: smoke }'}
settle: 5s
window: 60s
rollback: ${rollback}
tier: ${tier}
approval: { expires: 5m, execute_within: 10m }
limits:
  budget: ${budget ?? '{ max: 3, per: 1h }'}
  cooldown: 1h
`;

const GROUP = '{ kind: autoscaling:group, id: =dimensions.AutoScalingGroupName }';
const ADD_TWO = '  - { id: add, action: aws.scale_instances, parameters: { change: 2 } }';
const ADD_TWICE = `  - { id: first, action: aws.scale_instances, parameters: { change: 1 } }
  - { id: second, action: aws.scale_instances, parameters: { change: 1 }, after: [first] }`;

const scale = (name: string, tier: 1 | 2 | 3): string =>
  draft({
    name,
    metric: 'Latency',
    target: GROUP,
    steps: ADD_TWO,
    expected: '{ resource: desired_capacity, equals: =planned.add.desired_capacity }',
    rollback: 'restore',
    tier,
  });

const TEXTS: Record<string, string> = {
  'bench-scale': scale('bench-scale', 1),
  'bench-scale-asked': scale('bench-scale-asked', 2),
  'bench-scale-agreed': scale('bench-scale-agreed', 3),
  'bench-two-steps': draft({
    name: 'bench-two-steps',
    metric: 'Latency',
    target: GROUP,
    steps: ADD_TWICE,
    expected: '{ resource: desired_capacity, equals: =planned.second.desired_capacity }',
    rollback: 'restore',
    tier: 1,
  }),
  'bench-reboot': draft({
    name: 'bench-reboot',
    metric: 'DatabaseConnections',
    target: '{ kind: rds:instance, id: =dimensions.DBInstanceIdentifier }',
    steps: '  - { id: reboot, action: aws.rds_reboot }',
    expected: '{ resource: status, equals: available }',
    rollback: 'none',
    tier: 2,
  }),
  'bench-restart': draft({
    name: 'bench-restart',
    metric: 'Hangs',
    target: '{ kind: ec2:instance, id: =dimensions.InstanceId }',
    steps: '  - { id: restart, action: aws.restart_ec2 }',
    expected: '{ resource: state, equals: running }',
    rollback: 'none',
    tier: 2,
  }),
};

/** Of errors that name their group: as many targets and fingerprints as are wanted. */
TEXTS['bench-error'] = draft({
  name: 'bench-error',
  match: 'error: { name: GroupSlow }',
  evaluation: '0s',
  target: '{ kind: autoscaling:group, id: =attributes.group }',
  steps: ADD_TWO,
  expected: '{ resource: desired_capacity, equals: =planned.add.desired_capacity }',
  rollback: 'restore',
  tier: 1,
});

/** The named playbooks of the bench, checked and compiled as any. */
export function benchPlaybooks(...names: readonly string[]): CompiledPlaybooks {
  const texts = names.map((name) => ({ file: `${name}.yaml`, text: TEXTS[name] ?? '' }));
  const { compiled, problems } = compilePlaybooks(texts);
  if (problems.length > 0) throw new Error(JSON.stringify(problems, undefined, 2));
  return compiled;
}
