import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { PutMetricDataCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { TargetKind } from '../../shared/domain/target';
import type { AlarmState } from '../../shared/ports/cloud';
import { clientSettings } from '../emulator/environment';
import { recentReboots } from '../emulator/reboot-trail';
import { type AlarmSpec, targetClients } from '../up/make-targets';
import { alarmChange } from './stand-in-event';

/** What a command that uses the stand-in says of it. */
export const STAND_IN_NOTICE =
  'A stand-in plays the load here: it moves metrics and alarms once the real change of the target is seen, because an emulator has no load and its alarms put no events on the bus.';

/** One fault that is played: an alarm, the target that it is about, and whether an action there helps. */
export interface Subject {
  readonly alarm: AlarmSpec;
  readonly target: { readonly kind: TargetKind; readonly id: string };
  /** `effect`: the metric recovers as soon as the target is seen changed. `never`: whatever is done. */
  readonly cure: 'effect' | 'never';
}

export interface AlarmFired {
  /** What the bus named the event. */
  readonly eventId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface StandIn {
  /** The metric goes bad and the alarm fires; from then on the target is watched. */
  breakDown(subject: Subject): Promise<AlarmFired>;
  /** Stops watching what the alarm is about. */
  forget(alarmName: string): void;
  stop(): Promise<void>;
}

interface Watched {
  readonly subject: Subject;
  /** Instances that the group was told to have before. */
  readonly before: number | undefined;
  readonly since: number;
  seen: boolean;
  recovered: boolean;
  /** Number of the period of the newest point. */
  newest: number;
}

const LOOK_EVERY_MS = 1_000;
/** Groups of one describe call. */
const PAGE = 50;
/** What a point is, as a multiple of the alarm's threshold. */
const BAD = 2;
const GOOD = 0.5;

/**
 * Plays the load on an emulator. All of it goes through the AWS API: CloudWatch for metrics and states of
 * alarms, the default bus for their events (AWS refuses events of its own from others; emulators do not),
 * Auto Scaling and CloudTrail to see what was really done. It knows nothing of Grace's tables.
 *
 * @throws EmulatorError `not_an_emulator`
 */
export function createStandIn(options: {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly log: (line: string) => void;
}): StandIn {
  const { endpoint, account, region, log } = options;
  const clients = targetClients(endpoint);
  const bus = new EventBridgeClient(clientSettings(endpoint));
  const watched = new Map<string, Watched>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  async function setAlarm({ alarm }: Subject, state: AlarmState): Promise<AlarmFired> {
    // The bus tells whole seconds.
    const at = Math.floor(Date.now() / 1000) * 1000;
    await clients.cloudwatch.alarms.send(
      new SetAlarmStateCommand({
        AlarmName: alarm.name,
        StateValue: state,
        StateReason: `Set by the stand-in: ${alarm.metric} ${state === 'OK' ? 'recovered' : 'went bad'}`,
      }),
    );
    const { resource, detail } = alarmChange({ alarm, state, account, region, at });
    const sent = await bus.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: 'aws.cloudwatch',
            DetailType: 'CloudWatch Alarm State Change',
            Time: new Date(at),
            Resources: [resource],
            Detail: JSON.stringify(detail),
          },
        ],
      }),
    );
    const eventId = sent.Entries?.[0]?.EventId;
    if (eventId === undefined)
      throw new Error(`the default bus did not take the event of alarm ${alarm.name}`);
    return { eventId, at };
  }

  async function putPoints(
    points: readonly { alarm: AlarmSpec; factor: number; at: number }[],
  ): Promise<void> {
    const spaces = new Map<string, typeof points>();
    for (const point of points) {
      const { namespace } = point.alarm;
      spaces.set(namespace, [...(spaces.get(namespace) ?? []), point]);
    }
    for (const [Namespace, inIt] of spaces) {
      const MetricData = inIt.map(({ alarm, factor, at }) => ({
        MetricName: alarm.metric,
        Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
        Timestamp: new Date(at),
        Value: alarm.threshold * factor,
        // What has periods of less than a minute is of high resolution.
        StorageResolution: alarm.periodSeconds < 60 ? 1 : 60,
      }));
      await clients.cloudwatch.cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
    }
  }

  async function capacities(ids: readonly string[]): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (let from = 0; from < ids.length; from += PAGE) {
      const AutoScalingGroupNames = ids.slice(from, from + PAGE);
      const answer = await clients.autoscaling.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames, MaxRecords: PAGE }),
      );
      for (const { AutoScalingGroupName = '', DesiredCapacity } of answer.AutoScalingGroups ?? []) {
        if (DesiredCapacity !== undefined) found.set(AutoScalingGroupName, DesiredCapacity);
      }
    }
    return found;
  }

  /** Those whose target has really changed since the last look. */
  async function newlyChanged(): Promise<readonly Watched[]> {
    const open = [...watched.values()].filter(({ seen }) => !seen);
    const of = (kind: TargetKind) => open.filter(({ subject }) => subject.target.kind === kind);
    const groups = of('autoscaling:group');
    const now = await capacities(groups.map(({ subject }) => subject.target.id));
    const changed = groups.filter(({ subject, before }) => {
      const capacity = now.get(subject.target.id);
      return capacity !== undefined && capacity !== before;
    });
    for (const kind of ['rds:instance', 'ec2:instance'] as const) {
      const waiting = of(kind);
      if (waiting.length === 0) continue;
      const reboots = await recentReboots(endpoint, kind);
      const isRebooted = ({ subject, since }: Watched) =>
        reboots.some(({ id, at }) => id === subject.target.id && at >= since);
      changed.push(...waiting.filter(isRebooted));
    }
    return changed;
  }

  async function look(): Promise<void> {
    for (const each of await newlyChanged()) {
      each.seen = true;
      const { target, cure, alarm } = each.subject;
      log(
        `stand-in: ${target.id} has changed; ${alarm.metric} ${cure === 'effect' ? 'recovers' : 'stays bad'}`,
      );
      if (cure !== 'effect') continue;
      await setAlarm(each.subject, 'OK');
      each.recovered = true;
    }
    const now = Date.now();
    const due = [...watched.values()].filter(({ seen, newest, subject }) => {
      return seen && Math.floor(now / (subject.alarm.periodSeconds * 1000)) > newest;
    });
    await putPoints(
      due.map(({ subject, recovered }) => ({
        alarm: subject.alarm,
        factor: recovered ? GOOD : BAD,
        at: now,
      })),
    );
    for (const each of due) each.newest = Math.floor(now / (each.subject.alarm.periodSeconds * 1000));
  }

  /** A look that failed is followed by the next one: the emulator may be busy. */
  function lookAgain(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      round = look()
        .catch((error: unknown) => log(`stand-in: ${String(error)}`))
        .then(lookAgain);
    }, LOOK_EVERY_MS);
  }
  lookAgain();

  return {
    async breakDown(subject) {
      const { alarm, target } = subject;
      const before =
        target.kind === 'autoscaling:group' ? (await capacities([target.id])).get(target.id) : undefined;
      const since = Date.now();
      // Before what the alarm looks at now: some emulators would otherwise go on judging by these alone.
      const span = alarm.periodSeconds * 1000;
      const last = since - alarm.evaluationPeriods * span;
      await putPoints([3, 2, 1].map((n) => ({ alarm, factor: BAD, at: last - n * span })));
      const fired = await setAlarm(subject, 'ALARM');
      watched.set(alarm.name, { subject, before, since, seen: false, recovered: false, newest: 0 });
      return fired;
    },
    forget(alarmName) {
      watched.delete(alarmName);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
      clients.close();
      bus.destroy();
    },
  };
}
