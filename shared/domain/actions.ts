import type { Scalar } from './scalar';
import type { TargetKind } from './target';

/** What an action is, whatever a playbook says of it. */
export interface ActionSpec {
  readonly name: string;
  readonly summary: string;
  /** The function whose role may perform it. */
  readonly executor: string;
  readonly targetKind: TargetKind;
  /**
   * What a replay may do: `absolute` may be looked at and sent again, `one_shot` is never sent again.
   */
  readonly class: 'absolute' | 'one_shot';
  readonly reversible: boolean;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Facts that must be as they were planned when the action starts. */
  readonly preconditionFields: readonly string[];
  /** Turns parameters into absolute values, by the live facts. Refuses what the target cannot take. */
  resolve(parameters: Readonly<Record<string, Scalar>>, facts: Readonly<Record<string, Scalar>>): Resolution;
  /** The live resource in service, as far as a look tells. */
  inService(facts: Readonly<Record<string, Scalar>>): boolean;
  /** What the resource itself rests on; `null` = a look cannot tell. */
  dependencies(facts: Readonly<Record<string, Scalar>>): {
    readonly healthy: boolean | null;
    readonly detail: string;
  };
  /** All that its executor's role needs of the service; a test holds that it is what the role is given. */
  readonly permissions: readonly ServicePermission[];
}

export interface ServicePermission {
  /** As IAM names it: `ec2:RebootInstances`. */
  readonly action: string;
  /** Service and resource of an ARN that it may be used on, of a target that need not exist; absent = it takes none. */
  readonly on?: readonly [service: string, resource: string];
  /** Only on what carries Grace's tag, by this condition key. */
  readonly tagKey?: 'aws:ResourceTag' | 'autoscaling:ResourceTag' | 'ec2:ResourceTag';
}

export interface ParameterSpec {
  readonly type: 'integer';
  readonly minimum: number;
  readonly maximum: number;
  readonly summary: string;
}

export type Resolution =
  | {
      readonly ok: true;
      readonly intended: Readonly<Record<string, Scalar>>;
      readonly prior: Readonly<Record<string, Scalar>>;
      /** Share of the target that the action touches, 0 to 1: drives the tier. */
      readonly blastRadius: number;
    }
  | { readonly ok: false; readonly code: string; readonly message: string };

const refuse = (code: string, message: string): Resolution => ({ ok: false, code, message });

/** Counts the facts as an integer; anything else is a fault of the caller. */
function count(facts: Readonly<Record<string, Scalar>>, field: string): number {
  const value = facts[field];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new Error(`the live target has no whole number for ${field}`);
  }
  return value;
}

const scaleInstances: ActionSpec = {
  name: 'aws.scale_instances',
  summary: 'Sets the desired capacity of an Auto Scaling group',
  executor: 'executor-autoscaling',
  targetKind: 'autoscaling:group',
  class: 'absolute',
  reversible: true,
  parameters: {
    change: { type: 'integer', minimum: -100, maximum: 100, summary: 'instances to add; negative to remove' },
  },
  preconditionFields: ['desired_capacity', 'min_size', 'max_size'],
  resolve(parameters, facts) {
    const change = parameters['change'];
    if (typeof change !== 'number' || !Number.isInteger(change) || change === 0) {
      return refuse('BAD_PARAMETER', 'change must be a whole number other than 0');
    }
    const desired = count(facts, 'desired_capacity');
    const wanted = desired + change;
    if (wanted > count(facts, 'max_size')) {
      return refuse(
        'CAPACITY_OVER_MAX',
        `${wanted} is more than the group's maximum of ${facts['max_size']}`,
      );
    }
    if (wanted < count(facts, 'min_size')) {
      return refuse(
        'CAPACITY_UNDER_MIN',
        `${wanted} is less than the group's minimum of ${facts['min_size']}`,
      );
    }
    return {
      ok: true,
      intended: { desired_capacity: wanted },
      prior: { desired_capacity: desired },
      // Adding capacity leaves what runs alone; removing touches the removed share.
      blastRadius: change > 0 ? 0 : -change / Math.max(desired, 1),
    };
  },
  inService: (facts) => count(facts, 'in_service') >= count(facts, 'desired_capacity'),
  dependencies: (facts) => ({
    healthy: count(facts, 'in_service') >= count(facts, 'min_size'),
    detail: `${facts['in_service']} healthy instances, at least ${facts['min_size']} wanted`,
  }),
  permissions: [
    { action: 'autoscaling:DescribeAutoScalingGroups' },
    {
      action: 'autoscaling:SetDesiredCapacity',
      on: [
        'autoscaling',
        'autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/any-group',
      ],
      tagKey: 'autoscaling:ResourceTag',
    },
  ],
};

const restartEc2: ActionSpec = {
  name: 'aws.restart_ec2',
  summary: 'Reboots an EC2 instance',
  executor: 'executor-ec2',
  targetKind: 'ec2:instance',
  class: 'one_shot',
  reversible: false,
  parameters: {},
  preconditionFields: ['state'],
  resolve(_parameters, facts) {
    if (facts['state'] !== 'running')
      return refuse('NOT_RUNNING', `the instance is ${facts['state']}, not running`);
    return { ok: true, intended: {}, prior: {}, blastRadius: 0.5 };
  },
  inService: (facts) => facts['state'] === 'running' && facts['instance_status'] !== 'impaired',
  dependencies: (facts) => {
    const host = facts['system_status'];
    const healthy = host === 'ok' ? true : host === 'impaired' ? false : null;
    return { healthy, detail: `the host's status check is ${host ?? 'unknown'}` };
  },
  permissions: [
    { action: 'ec2:DescribeInstances' },
    { action: 'ec2:DescribeInstanceStatus' },
    {
      action: 'ec2:RebootInstances',
      on: ['ec2', 'instance/i-00000000000000000'],
      tagKey: 'ec2:ResourceTag',
    },
  ],
};

const rebootRds: ActionSpec = {
  name: 'aws.rds_reboot',
  summary: 'Reboots an RDS database instance',
  executor: 'executor-rds',
  targetKind: 'rds:instance',
  class: 'one_shot',
  reversible: false,
  parameters: {},
  preconditionFields: ['status'],
  resolve(_parameters, facts) {
    if (facts['status'] !== 'available') {
      return refuse('NOT_AVAILABLE', `the database is ${facts['status']}, not available`);
    }
    return { ok: true, intended: {}, prior: {}, blastRadius: 0.5 };
  },
  inService: (facts) => facts['status'] === 'available',
  dependencies: (facts) => ({
    // RDS says so in the status where storage, network or the parameter group stops an instance.
    healthy: !/^(storage-full|incompatible-|inaccessible-|failed)/.test(String(facts['status'])),
    detail: `storage, network and parameters: status ${facts['status']}`,
  }),
  permissions: [
    { action: 'rds:DescribeDBInstances', on: ['rds', 'db:any-database'] },
    { action: 'rds:DescribeEvents' },
    { action: 'rds:RebootDBInstance', on: ['rds', 'db:any-database'], tagKey: 'aws:ResourceTag' },
  ],
};

/** The actions that Grace knows, by name. */
export const ACTIONS: Readonly<Record<string, ActionSpec>> = Object.fromEntries(
  [scaleInstances, restartEc2, rebootRds].map((action) => [action.name, action]),
);

export function actionNamed(name: string): ActionSpec | undefined {
  return Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
}

/** Facts of each kind of target, with what they mean; expectations may name these and no others. */
export const FACTS: Readonly<Record<TargetKind, Readonly<Record<string, string>>>> = {
  'autoscaling:group': {
    desired_capacity: 'instances the group is told to have',
    min_size: 'least instances allowed',
    max_size: 'most instances allowed',
    in_service: 'instances in service and healthy',
  },
  'ec2:instance': {
    state: 'pending, running, stopping, stopped, shutting-down or terminated',
    instance_status: 'ok, impaired, initializing, insufficient-data or not-applicable',
    system_status: 'ok, impaired, initializing, insufficient-data or not-applicable',
  },
  'rds:instance': {
    status: 'available, rebooting, modifying …, as RDS reports it',
    engine: 'database engine',
    instance_class: 'instance class',
    multi_az: 'true when a standby exists',
  },
};
