/**
 * EventBridge events of CloudWatch alarms, in the shape that AWS documents under "Alarm events and
 * EventBridge": reasonData is JSON in a string, times in a state have milliseconds and no colon in the zone.
 */
import { createHash } from 'node:crypto';
import type { AlarmState } from '../../../shared/ports/cloud';
import type { Evaluation } from './alarm-evaluation';
import type { AlarmFile, EvaluatedAlarmFile, MetricFile } from './world-file';

export interface AlarmEventState {
  readonly value: AlarmState;
  readonly reason: string;
  readonly reasonData?: string;
  readonly timestamp: string;
  readonly actionsSuppressedBy?: 'Alarm' | 'WaitPeriod' | 'ExtensionPeriod';
  readonly actionsSuppressedReason?: string;
}

export interface AlarmEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'CloudWatch Alarm State Change';
  readonly source: 'aws.cloudwatch';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly alarmName: string;
    readonly configuration: Readonly<Record<string, unknown>>;
    readonly previousState: AlarmEventState;
    readonly state: AlarmEventState;
  };
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

export function alarmArn(place: Place, name: string): string {
  return `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:${name}`;
}

export function alarmEvent(options: {
  readonly place: Place;
  readonly alarm: AlarmFile;
  readonly metrics: readonly MetricFile[];
  readonly previous: AlarmEventState;
  readonly next: AlarmEventState;
  readonly at: number;
  readonly seed: string;
}): AlarmEvent {
  const { place, alarm, metrics, previous, next, at, seed } = options;
  const arn = alarmArn(place, alarm.name);
  return {
    version: '0',
    id: uuidOf(`${seed}\n${arn}\n${at}\n${next.value}`),
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: place.account,
    time: `${new Date(at).toISOString().slice(0, 19)}Z`,
    region: place.region,
    resources: [arn],
    detail: {
      alarmName: alarm.name,
      configuration: {
        ...(alarm.description === undefined ? {} : { description: alarm.description }),
        ...configurationOf(alarm, metrics),
      },
      previousState: previous,
      state: next,
    },
  };
}

export function initialState(value: AlarmState, at: number): AlarmEventState {
  return { value, reason: 'Unchecked: Initial alarm creation', timestamp: stateTime(at) };
}

const WORDS = {
  GreaterThanThreshold: 'greater than the threshold',
  GreaterThanOrEqualToThreshold: 'greater than or equal to the threshold',
  LessThanThreshold: 'less than the threshold',
  LessThanOrEqualToThreshold: 'less than or equal to the threshold',
} as const;

/** The state that an evaluation came to, with CloudWatch's own sentence for why. */
export function evaluatedState(options: {
  readonly alarm: EvaluatedAlarmFile;
  readonly evaluation: Evaluation;
  readonly from: AlarmState;
  readonly statistic: string | undefined;
  readonly at: number;
}): AlarmEventState {
  const { alarm, evaluation, from, statistic, at } = options;
  const { evaluated, state } = evaluation;
  const first = evaluated[0];
  return {
    value: state,
    reason: reasonOf(options),
    reasonData: JSON.stringify({
      version: '1.0',
      queryDate: stateTime(at - 4),
      ...(first ? { startDate: stateTime(first.at) } : {}),
      ...(statistic === undefined ? {} : { statistic }),
      period: alarm.periodSeconds,
      recentDatapoints: evaluated.map(({ value }) => value),
      threshold: alarm.threshold,
      evaluatedDatapoints: evaluated.toReversed().map((point) => ({
        timestamp: stateTime(point.at),
        value: point.value,
      })),
    }),
    timestamp: stateTime(at),
  };

  function reasonOf({
    alarm: { comparison, threshold, datapointsToAlarm, evaluationPeriods },
  }: typeof options) {
    if (state === 'INSUFFICIENT_DATA') {
      return `Insufficient Data: ${plural(evaluationPeriods, 'datapoint')} ${evaluationPeriods === 1 ? 'was' : 'were'} unknown.`;
    }
    if (evaluated.length === 0) {
      const treated = alarm.treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
      return `Threshold Crossed: no datapoints were received for ${plural(evaluationPeriods, 'period')} and ${plural(evaluationPeriods, 'missing datapoint')} ${evaluationPeriods === 1 ? 'was' : 'were'} treated as [${treated}].`;
    }
    const count = state === 'ALARM' ? evaluation.breaching : evaluated.length - evaluation.breaching;
    const points = evaluated
      .toReversed()
      .map((point) => `${decimal(point.value)} (${shortTime(point.at)})`)
      .join(', ');
    const verb = `${count === 1 ? 'was' : 'were'}${state === 'ALARM' ? '' : ' not'}`;
    return `Threshold Crossed: ${count} out of the last ${plural(evaluated.length, 'datapoint')} [${points}] ${verb} ${WORDS[comparison]} (${decimal(threshold)}) (minimum ${plural(datapointsToAlarm, 'datapoint')} for ${from} -> ${state} transition).`;
  }
}

/** A composite alarm's state after a child changed. */
export function compositeState(options: {
  readonly place: Place;
  readonly value: AlarmState;
  readonly at: number;
  readonly child: { readonly name: string; readonly value: AlarmState; readonly since: number };
  readonly suppressedBy: { readonly phase: 'Alarm' | 'WaitPeriod'; readonly alarm: string } | undefined;
}): AlarmEventState {
  const { place, value, at, child, suppressedBy } = options;
  const arn = alarmArn(place, child.name);
  return {
    ...(suppressedBy === undefined
      ? {}
      : {
          actionsSuppressedBy: suppressedBy.phase,
          actionsSuppressedReason:
            suppressedBy.phase === 'WaitPeriod'
              ? 'Actions suppressed by WaitPeriod'
              : `Actions suppressed by ${alarmArn(place, suppressedBy.alarm)}`,
        }),
    value,
    reason: `${arn} transitioned to ${child.value} at ${longTime(at)}`,
    reasonData: JSON.stringify({
      triggeringAlarms: [{ arn, state: { value: child.value, timestamp: stateTime(child.since) } }],
    }),
    timestamp: stateTime(at),
  };
}

function configurationOf(alarm: AlarmFile, metrics: readonly MetricFile[]): Record<string, unknown> {
  if (alarm.type === 'composite') {
    const { suppressor } = alarm;
    return {
      alarmRule: alarm.anyOf.map((name) => `ALARM("${name}")`).join(' OR '),
      ...(suppressor === undefined
        ? {}
        : {
            actionsSuppressor: suppressor.alarm,
            actionsSuppressorWaitPeriod: suppressor.waitSeconds,
            actionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
          }),
    };
  }
  const stat = (file: MetricFile, id: string, returnData: boolean) => ({
    id,
    metricStat: {
      metric: { namespace: file.namespace, name: file.metric, dimensions: file.dimensions },
      period: alarm.periodSeconds,
      stat: file.statistic,
    },
    returnData,
  });
  if (alarm.type === 'metric') {
    return { metrics: metrics.map((file) => stat(file, uuidOf(`metric ${alarm.name}`), true)) };
  }
  const expression = alarm.combine === 'sum' ? 'SUM(METRICS())' : '100*m1/m2';
  return {
    metrics: [
      { expression, id: 'e1', label: alarm.name, returnData: true },
      ...metrics.map((file, index) => stat(file, `m${index + 1}`, false)),
    ],
  };
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
/** `50` is written `50.0`. */
const decimal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

function stateTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}

/** `02/10/19 16:59:00`: day first. */
function shortTime(at: number): string {
  const [year = '', month = '', day = ''] = new Date(at).toISOString().slice(0, 10).split('-');
  return `${day}/${month}/${year.slice(2)} ${new Date(at).toISOString().slice(11, 19)}`;
}

/** `Friday 22 July, 2022 15:57:45 UTC` */
function longTime(at: number): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(at);
  const date = `${part({ weekday: 'long' })} ${part({ day: 'numeric' })} ${part({ month: 'long' })}`;
  return `${date}, ${part({ year: 'numeric' })} ${new Date(at).toISOString().slice(11, 19)} UTC`;
}

/** The same text, the same id, in the form of a UUID (version 8). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
