import type { Target } from '../../shared/domain/target';
import { EMULATOR_ACCOUNT, EMULATOR_REGION } from '../emulator/environment';
import {
  type AlarmSpec,
  makeAlarm,
  makeDatabase,
  makeGroup,
  makeInstance,
  targetClients,
} from './make-targets';

/** Names of what `grace up` makes to try Grace on. */
export const DEMO = { group: 'demo-web', database: 'demo-db', instance: 'demo-app' } as const;

/** Alarms that lead to the shipped playbooks scale-out-on-latency and reboot-rds-on-connections. */
export const DEMO_ALARMS = {
  latency: {
    name: 'demo-web-latency',
    namespace: 'Demo/Web',
    metric: 'RequestLatency',
    dimensions: { AutoScalingGroupName: DEMO.group },
    statistic: 'Average',
    periodSeconds: 60,
    evaluationPeriods: 5,
    threshold: 1,
  },
  connections: {
    name: 'demo-db-connections',
    namespace: 'AWS/RDS',
    metric: 'DatabaseConnections',
    dimensions: { DBInstanceIdentifier: DEMO.database },
    statistic: 'Average',
    periodSeconds: 60,
    evaluationPeriods: 5,
    threshold: 90,
  },
} as const satisfies Readonly<Record<string, AlarmSpec>>;

/** Makes the demo targets through the AWS API, as somebody's own they would be. Again, it changes nothing. */
export async function makeDemoTargets(endpoint: string): Promise<readonly Target[]> {
  const clients = targetClients(endpoint);
  try {
    await makeGroup(clients, { name: DEMO.group, desired: 8, max: 20 });
    await makeDatabase(clients, { name: DEMO.database });
    const instance = await makeInstance(clients, { name: DEMO.instance });
    for (const alarm of Object.values(DEMO_ALARMS)) await makeAlarm(clients, alarm);
    const place = { region: EMULATOR_REGION, account: EMULATOR_ACCOUNT };
    return [
      { kind: 'autoscaling:group', ...place, id: DEMO.group },
      { kind: 'rds:instance', ...place, id: DEMO.database },
      { kind: 'ec2:instance', ...place, id: instance },
    ];
  } finally {
    clients.close();
  }
}
