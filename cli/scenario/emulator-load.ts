import { DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DeleteAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteDBInstanceCommand } from '@aws-sdk/client-rds';
import { SCENARIO_TAG } from '../../shared/names';
import { makeAlarm, makeDatabase, makeGroup, targetClients } from '../up/make-targets';
import { APPROVED, DATABASE, DENIED, HELPS, IN_VAIN, type LiveLoad } from './live-load';
import { QUICK, quickAlarm, quickPlaybooks } from './quick-playbooks';
import { createStandIn, STAND_IN_NOTICE } from './stand-in';

const TAGS = { [SCENARIO_TAG.key]: SCENARIO_TAG.value };

/** Load on an emulator: targets made through the AWS API, moved by the stand-in once the real effect is seen. */
export function emulatorLoad(options: {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly log: (line: string) => void;
}): LiveLoad {
  const clients = targetClients(options.endpoint);
  const standIn = createStandIn(options);
  const made: { readonly what: string; remove(): Promise<unknown> }[] = [];

  return {
    notice: STAND_IN_NOTICE,
    incidents: [HELPS, IN_VAIN, APPROVED, DENIED, DATABASE],
    playbooks: quickPlaybooks(),
    longestMs: 6 * 60_000,
    async begin({ kind, cure }, name) {
      const target = { kind: kind === 'database' ? 'rds:instance' : 'autoscaling:group', id: name } as const;
      if (kind === 'database') {
        await makeDatabase(clients, { name, tags: TAGS });
        const request = { DBInstanceIdentifier: name, SkipFinalSnapshot: true };
        made.push({
          what: `database ${name}`,
          remove: () => clients.rds.send(new DeleteDBInstanceCommand(request)),
        });
      } else {
        await makeGroup(clients, { name, desired: 8, max: 20, tags: TAGS });
        const request = { AutoScalingGroupName: name, ForceDelete: true };
        made.push({
          what: `group ${name}`,
          remove: () => clients.autoscaling.send(new DeleteAutoScalingGroupCommand(request)),
        });
      }
      const playbooks = { group: QUICK.scaleOut, asked: QUICK.scaleOutAsked, database: QUICK.rebootDatabase };
      const alarm = quickAlarm(playbooks[kind], target);
      await makeAlarm(clients, alarm);
      const AlarmNames = [alarm.name];
      made.push({
        what: `alarm ${alarm.name}`,
        remove: () => clients.cloudwatch.alarms.send(new DeleteAlarmsCommand({ AlarmNames })),
      });
      await standIn.breakDown({ alarm, target, cure });
      return name;
    },
    async remove() {
      await standIn.stop();
      const left = await removeAll(made);
      clients.close();
      return left;
    },
  };
}

/** The newest first. One that cannot be removed keeps nobody else. */
export async function removeAll(
  made: readonly { readonly what: string; remove(): Promise<unknown> }[],
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { what, remove } of [...made].reverse()) {
    try {
      await remove();
    } catch (error) {
      left.push(`${what}: ${(error as Error).message}`);
    }
  }
  return left;
}
