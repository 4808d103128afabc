import { EventBus, type IEventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MESH_SOURCE } from '../../shared/names';
import { OWN_ALARMS } from './alarms';
import { DeadLetterQueue } from './work-queue';

/** Detail types of what users report themselves: by `POST`, `grace emit`, or the middleware. */
const USER_EVENTS = ['error.detected', 'error.captured'];
const ALARM_CHANGE = { source: ['aws.cloudwatch'], detailType: ['CloudWatch Alarm State Change'] };

export interface MeshProps {
  /** The deployment's name, which the bus is named after. */
  readonly deployment: string;
}

/** The Trigger Mesh: a bus, what is forwarded to it, and where events go that could not be delivered. */
export class Mesh extends Construct {
  /** The bus. */
  readonly bus: EventBus;
  /** Events that a rule matched and its target did not take. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { deployment }: MeshProps) {
    super(scope, id);
    this.undelivered = new DeadLetterQueue(this, 'Undelivered').queue;
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: meshName(deployment),
      description: `Grace (${deployment}): the Trigger Mesh`,
    });
    // AWS's own events arrive on the default bus only. Grace's own alarms stay there: they must not make
    // work for the very functions that they complain about.
    new Rule(this, 'AlarmChanges', {
      description: 'CloudWatch alarm state changes, to the Trigger Mesh',
      eventPattern: {
        ...ALARM_CHANGE,
        detail: { alarmName: [{ 'anything-but': { prefix: `${deployment}${OWN_ALARMS}` } }] },
      },
      targets: [new BusTarget(this.bus as IEventBus, { deadLetterQueue: this.undelivered })],
    });
  }

  /** Sends to a queue what says that something is wrong; never what Grace itself published. */
  sendErrorsTo(queue: Queue): void {
    this.send('AlarmsIn', {
      description: 'Alarm state changes, to the intake',
      pattern: ALARM_CHANGE,
      queue,
    });
    this.send('ErrorsIn', {
      description: 'Errors that users report, to the intake',
      pattern: { source: Match.anythingBut(MESH_SOURCE), detailType: USER_EVENTS },
      queue,
    });
  }

  /** Sends to a queue those of Grace's own events whose types are, or begin, so. */
  sendOwnTo(
    id: string,
    { types, queue }: { readonly types: readonly OwnType[]; readonly queue: Queue },
  ): void {
    this.send(id, {
      description: `Grace's own events, to ${id}`,
      pattern: { source: [MESH_SOURCE], detailType: [...types] },
      queue,
    });
  }

  private send(id: string, { description, pattern, queue }: Sending): void {
    new Rule(this, id, {
      eventBus: this.bus,
      description,
      eventPattern: pattern as never,
      targets: [new SqsQueue(queue, { deadLetterQueue: this.undelivered })],
    });
  }
}

/** An event type, or the beginning of several. */
export type OwnType = string | { readonly prefix: string };

interface Sending {
  readonly description: string;
  readonly pattern: { readonly source: unknown; readonly detailType: readonly unknown[] };
  readonly queue: Queue;
}

/** The bus's name. */
export function meshName(deployment: string): string {
  return `${deployment}-mesh`;
}
