import { WorldFile, type WorldSource } from '../../../cli/simulator/cloud/world-file';
import type { Status } from '../../../shared/domain/transitions';
import { benchPlaybooks } from './bench-playbooks';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const APPROVERS = ['ann', 'ben'] as const;

/** One small incident: a world, its playbook, what the approver does, and how it ends when nothing fails. */
export interface BenchIncident {
  readonly name: string;
  readonly playbook: string;
  readonly approver: 'approves' | 'denies' | 'silent';
  readonly file: WorldFile;
  /** Where it ends without a fault. */
  readonly end: Status;
  readonly oneShot: boolean;
}

type Kind = 'group' | 'database' | 'instance';

const SCENES = {
  group: {
    resource: { kind: 'autoscaling:group', id: 'web', desired: 4, min: 1, max: 10 },
    metric: 'Latency',
    dimensions: { AutoScalingGroupName: 'web' },
    action: 'aws.scale_instances',
  },
  database: {
    resource: { kind: 'rds:instance', id: 'orders', rebootSeconds: 10 },
    metric: 'DatabaseConnections',
    dimensions: { DBInstanceIdentifier: 'orders' },
    action: 'aws.rds_reboot',
  },
  instance: {
    resource: { kind: 'ec2:instance', id: 'i-0abc', rebootSeconds: 10 },
    metric: 'Hangs',
    dimensions: { InstanceId: 'i-0abc' },
    action: 'aws.restart_ec2',
  },
} as const;

/** The fault begins at second 20; the alarm fires at second 35, and clears some 20 s after a fix that helps. */
export function benchWorld(kind: Kind, helps: boolean, more: Partial<WorldSource> = {}): WorldFile {
  const { resource, metric, dimensions, action } = SCENES[kind];
  return WorldFile.parse({
    schema: 1,
    account: ACCOUNT,
    region: REGION,
    resources: [resource],
    metrics: [
      {
        id: 'symptom',
        namespace: 'Bench',
        metric,
        dimensions,
        periodSeconds: 10,
        base: 100,
        noise: { sigma: 0.01, autocorrelation: 0 },
      },
    ],
    alarms: [
      {
        type: 'metric',
        name: 'symptom-high',
        metric: 'symptom',
        comparison: 'GreaterThanThreshold',
        threshold: 500,
        periodSeconds: 10,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
      },
    ],
    causes: [
      {
        id: 'fault',
        fromSeconds: 20,
        metrics: [{ metric: 'symptom', raisesTo: 900 }],
        effects: [{ onAction: action, afterSeconds: 5, outcome: helps ? 'heals' : 'nothing' }],
      },
    ],
    horizonSeconds: 1200,
    ...more,
  } as WorldSource);
}

const incident = (
  name: string,
  kind: Kind,
  playbook: string,
  end: Status,
  approver: BenchIncident['approver'] = 'approves',
): BenchIncident => ({
  name,
  playbook,
  approver,
  file: benchWorld(kind, end === 'resolved'),
  end,
  oneShot: kind !== 'group',
});

/** Every way through the state machine, with every class of action. */
export const BENCH_INCIDENTS = {
  scaleHelps: incident('scale, tier 1, helps', 'group', 'bench-scale', 'resolved'),
  scaleDoesNot: incident('scale, tier 1, does not help', 'group', 'bench-scale', 'rolled_back'),
  twoSteps: incident('two steps, tier 1, do not help', 'group', 'bench-two-steps', 'rolled_back'),
  scaleAsked: incident('scale, tier 2, does not help', 'group', 'bench-scale-asked', 'rolled_back'),
  rebootHelps: incident('reboot, tier 2, helps', 'database', 'bench-reboot', 'resolved'),
  rebootDoesNot: incident('reboot, tier 2, does not help', 'database', 'bench-reboot', 'needs_person'),
  restartHelps: incident('restart, tier 2, helps', 'instance', 'bench-restart', 'resolved'),
  denied: incident('scale, tier 2, denied', 'group', 'bench-scale-asked', 'denied', 'denies'),
  expired: incident('reboot, tier 2, nobody decides', 'database', 'bench-reboot', 'expired', 'silent'),
} as const;

/** The metric ends with the action, so that nobody can tell whether it helped. */
export const UNMEASURED: BenchIncident = {
  ...BENCH_INCIDENTS.scaleHelps,
  name: 'scale, tier 1, nothing is known of it afterwards',
  end: 'rolled_back',
  file: {
    ...BENCH_INCIDENTS.scaleHelps.file,
    metrics: BENCH_INCIDENTS.scaleHelps.file.metrics.map((each) => ({
      ...each,
      missing: [{ from: { atSeconds: 45 } }],
    })),
  },
};

export const compiledFor = (incident: BenchIncident) => benchPlaybooks(incident.playbook);
