import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EMULATOR_ACCOUNT, EMULATOR_REGION } from '../../cli/emulator/environment';
import { QUICK, QUICK_ERROR, quickAlarm } from '../../cli/scenario/quick-playbooks';
import { type AlarmFired, createStandIn, type Subject } from '../../cli/scenario/stand-in';
import { alarmChange } from '../../cli/scenario/stand-in-event';
import { makeAlarm, makeDatabase, makeGroup, makeInstance, targetClients } from '../../cli/up/make-targets';
import { errorEvent } from '../../shared/domain/error-event';
import { errorKey } from '../../shared/domain/keys';
import type { DeployedGrace } from './deployed-grace';

/** Capacity that every group begins with; the playbooks add two, a quarter, which is tier 1. */
export const CAPACITY = 8;
const PLACE = { account: EMULATOR_ACCOUNT, region: EMULATOR_REGION };

type Cure = Subject['cure'];
export type GroupPlaybook = typeof QUICK.scaleOut | typeof QUICK.scaleOutAsked | typeof QUICK.scaleOutHurried;

/** Incidents on the emulator: real targets and alarms, moved by the stand-in. */
export function emulatorIncidents(endpoint: string, grace: DeployedGrace) {
  const clients = targetClients(endpoint);
  const log: string[] = [];
  const standIn = createStandIn({ endpoint, ...PLACE, log: (line) => log.push(line) });

  return {
    /** What the stand-in said, for when a test fails. */
    log,

    /** A group of its own breaks down. */
    async group(name: string, playbook: GroupPlaybook, cure: Cure = 'effect'): Promise<AlarmFired> {
      const target = { kind: 'autoscaling:group', id: name } as const;
      const alarm = quickAlarm(playbook, target);
      await makeGroup(clients, { name, desired: CAPACITY, max: 20 });
      await makeAlarm(clients, alarm);
      return standIn.breakDown({ alarm, target, cure });
    },

    /** A database of its own breaks down. */
    async database(name: string): Promise<AlarmFired> {
      const target = { kind: 'rds:instance', id: name } as const;
      const alarm = quickAlarm(QUICK.rebootDatabase, target);
      await makeDatabase(clients, { name });
      await makeAlarm(clients, alarm);
      return standIn.breakDown({ alarm, target, cure: 'effect' });
    },

    /** A service says of itself that it hangs, `times` times with one and the same id, on the mesh. */
    async hangingInstance(name: string, times: number): Promise<string> {
      const id = await makeInstance(clients, { name });
      const event = errorEvent({
        error: { service: 'tests', name: QUICK_ERROR, message: 'no answer', attributes: { instance_id: id } },
        id: `hang-${id}`,
        source: 'emulator.tests',
        ...PLACE,
        at: Date.now(),
      });
      const Entry = {
        EventBusName: grace.output('BusName'),
        Source: event.source,
        DetailType: event['detail-type'],
        Detail: JSON.stringify(event.detail),
      };
      const bus = new EventBridgeClient({});
      for (let sent = 0; sent < times; sent += 10) {
        await bus.send(new PutEventsCommand({ Entries: Array(Math.min(10, times - sent)).fill(Entry) }));
      }
      bus.destroy();
      return event.id;
    },

    /** The queue delivers an alarm event that was handled `times` more times, as queues may. */
    async deliverAgain({ eventId, at }: AlarmFired, name: string, times: number): Promise<void> {
      const alarm = quickAlarm(QUICK.scaleOut, { kind: 'autoscaling:group', id: name });
      const { resource, detail } = alarmChange({ alarm, state: 'ALARM', ...PLACE, at });
      await grace.contractOf(eventId);
      // The bus may put a time of its own on an event.
      const handled = await grace.state.get(errorKey(eventId));
      const body = JSON.stringify({
        version: '0',
        id: eventId,
        'detail-type': 'CloudWatch Alarm State Change',
        source: 'aws.cloudwatch',
        ...PLACE,
        time: `${new Date(Number(handled?.['at'])).toISOString().slice(0, 19)}Z`,
        resources: [resource],
        detail,
      });
      const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
      const QueueUrl = grace.output('IntakeQueueUrl');
      for (let sent = 0; sent < times; sent += 10) {
        const Entries = Array.from({ length: Math.min(10, times - sent) }, (_, n) => ({
          Id: String(n),
          MessageBody: body,
        }));
        await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      }
      sqs.destroy();
    },

    async stop(): Promise<void> {
      await standIn.stop();
      clients.close();
    },
  };
}
