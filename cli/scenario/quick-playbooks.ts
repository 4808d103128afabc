import { type CompiledPlaybooks, compilePlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { PlaybookSource } from '../../shared/contracts/playbook';
import type { TargetKind } from '../../shared/domain/target';
import type { AlarmSpec } from '../up/make-targets';

/**
 * Playbooks for an emulator, where a minute has to be enough: as short as the schema lets. They match metrics
 * that only the stand-in publishes, so that they can stand beside the shipped ones.
 */
export const QUICK = {
  scaleOut: 'quick-scale-out',
  scaleOutAsked: 'quick-scale-out-asked',
  scaleOutHurried: 'quick-scale-out-hurried',
  rebootDatabase: 'quick-reboot-database',
  restartInstance: 'quick-restart-instance',
} as const;
type QuickName = (typeof QUICK)[keyof typeof QUICK];

/** Name of the error that `quick-restart-instance` answers to; its attribute `instance_id` says which instance. */
export const QUICK_ERROR = 'StandInHang';

/** The kinds of target that have a metric of the stand-in's, and the dimension that names them. */
const DIMENSIONS = {
  'autoscaling:group': 'AutoScalingGroupName',
  'rds:instance': 'DBInstanceIdentifier',
} as const satisfies Partial<Record<TargetKind, string>>;
type AlarmedKind = keyof typeof DIMENSIONS;

const METRICS = {
  [QUICK.scaleOut]: 'StandInLoad',
  [QUICK.scaleOutAsked]: 'StandInFaults',
  [QUICK.scaleOutHurried]: 'StandInHaste',
  [QUICK.rebootDatabase]: 'StandInConnections',
} as const satisfies Partial<Record<QuickName, string>>;

/**
 * An alarm that leads to one of these playbooks. The metric has the target's name in it, since some emulators
 * judge an alarm by all series of its metric, whatever their dimensions.
 */
export function quickAlarm(
  playbook: keyof typeof METRICS,
  target: { readonly kind: AlarmedKind; readonly id: string },
): AlarmSpec {
  return {
    name: `${playbook}-${target.id}`,
    namespace: 'Grace/StandIn',
    metric: `${METRICS[playbook]}-${target.id}`,
    dimensions: { [DIMENSIONS[target.kind]]: target.id },
    statistic: 'Average',
    periodSeconds: 10,
    evaluationPeriods: 1,
    threshold: 100,
  };
}

/** The quick playbooks as they are stored, checked like any other. */
export function quickPlaybooks(): CompiledPlaybooks {
  const asked = { tier: 2, approval: { expires: '10m', execute_within: '10m' } } as const;
  const hurried = { tier: 2, approval: { expires: '1m', execute_within: '10m' } } as const;
  const sources: readonly PlaybookSource[] = [
    scaleOut(QUICK.scaleOut, { tier: 1 }),
    scaleOut(QUICK.scaleOutAsked, asked),
    scaleOut(QUICK.scaleOutHurried, hurried),
    {
      ...common(QUICK.rebootDatabase),
      match: [match(QUICK.rebootDatabase, 'rds:instance')],
      alarm_evaluation: '10s',
      target: { kind: 'rds:instance', id: '=dimensions.DBInstanceIdentifier' },
      steps: [{ id: 'reboot', action: 'aws.rds_reboot' }],
      expect: [{ resource: 'status', equals: 'available' }, ...RECOVERED],
      rollback: 'none',
      ...asked,
    },
    {
      ...common(QUICK.restartInstance),
      match: [{ error: { name: QUICK_ERROR, attributes: { instance_id: 'i-*' } } }],
      alarm_evaluation: '0s',
      target: { kind: 'ec2:instance', id: '=attributes.instance_id' },
      steps: [{ id: 'reboot', action: 'aws.restart_ec2' }],
      expect: [{ resource: 'state', equals: 'running' }, { benchmark: 'smoke' }],
      rollback: 'none',
      ...asked,
    },
  ];
  // JSON is YAML.
  const texts = sources.map((source) => ({ file: `${source.name}.yaml`, text: JSON.stringify(source) }));
  const { compiled, problems } = compilePlaybooks(texts);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.file}: ${problem.field}: ${problem.message}`);
  return compiled;
}

const RECOVERED = [
  { alarm: 'triggering', state: 'OK', held_for: '30s' },
  { metric: 'triggering', below: 'threshold', over_last: '60s' },
] as const satisfies PlaybookSource['expect'];

function scaleOut(
  name: keyof typeof METRICS,
  people: Pick<PlaybookSource, 'tier' | 'approval'>,
): PlaybookSource {
  return {
    ...common(name),
    match: [match(name, 'autoscaling:group')],
    alarm_evaluation: '10s',
    target: { kind: 'autoscaling:group', id: '=dimensions.AutoScalingGroupName' },
    steps: [{ id: 'add', action: 'aws.scale_instances', parameters: { change: 2 } }],
    expect: [{ resource: 'desired_capacity', equals: '=planned.add.desired_capacity' }, ...RECOVERED],
    rollback: 'restore',
    ...people,
  };
}

function common(name: QuickName) {
  return {
    schema: 1,
    name,
    summary: 'For trying out on an emulator; as quick as a playbook can be',
    settle: '0s',
    window: '60s',
    limits: { budget: { max: 100, per: '1m' }, cooldown: '0s' },
  } as const;
}

function match(name: keyof typeof METRICS, kind: AlarmedKind): PlaybookSource['match'][number] {
  return { alarm: { metric: `${METRICS[name]}-*`, dimensions: { [DIMENSIONS[kind]]: '*' } } };
}
