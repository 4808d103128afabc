import type { AlarmEvidence, ErrorDetected } from '../../../shared/contracts/error-detected';
import { ACTIONS } from '../../../shared/domain/actions';
import type { TargetKind } from '../../../shared/domain/target';
import { WorldFile, type WorldSource } from './world-file';

/** What the playbook that was chosen says, as far as the assumed world depends on it. Times in seconds. */
export interface AssumedPlaybook {
  readonly target: { readonly kind: TargetKind; readonly id: string };
  readonly action: string;
  /** Whole number, where the action scales; what the group must have room for. */
  readonly change?: number;
  readonly alarmEvaluationSeconds: number;
  readonly settleSeconds: number;
  readonly windowSeconds: number;
}

export interface AssumedWorld {
  readonly file: WorldFile;
  /** One sentence for each thing that nobody said. */
  readonly assumptions: readonly string[];
}

type Parts = Pick<WorldSource, 'resources' | 'metrics' | 'alarms' | 'causes'>;

/**
 * The world that an event speaks of, with the least that must be added for the playbook to have its declared
 * effect: the target and the alarm exist, tagged, as the alarm describes, and the action heals within settle.
 * The world's second 0 is the event's time. `playbook` undefined: none matched, so only the alarm is there.
 */
export function assumedWorld(event: ErrorDetected, playbook: AssumedPlaybook | undefined): AssumedWorld {
  const assumptions: string[] = [];
  const assume = (sentence: string) => assumptions.push(sentence);
  const resources = playbook === undefined ? [] : [resourceOf(event, playbook, assume)];
  const watched = event.alarm === undefined ? {} : alarmParts(event.alarm, playbook, assume);
  const file = WorldFile.parse({
    schema: 1,
    seed: event.eventId,
    account: event.account,
    region: event.region,
    resources,
    ...watched,
    horizonSeconds: Math.max(7200, 4 * (playbook?.windowSeconds ?? 0)),
  });
  return { file, assumptions };
}

type Assume = (sentence: string) => void;

function resourceOf(event: ErrorDetected, playbook: AssumedPlaybook, assume: Assume) {
  const { kind, id } = playbook.target;
  const half = Math.floor(playbook.settleSeconds / 2);
  assume(`${kind} ${id} exists in ${event.account} ${event.region}, tagged grace:managed=true`);
  switch (kind) {
    case 'autoscaling:group': {
      const size = 4 + Math.abs(Math.min(0, playbook.change ?? 0));
      const max = size + Math.max(10, 2 * Math.abs(playbook.change ?? 0));
      assume(
        `the group has ${size} instances, all in service, between 1 and ${max}; a change takes ${half} s`,
      );
      const lag = Math.floor(half / 2);
      return {
        kind,
        id,
        desired: size,
        min: 1,
        max,
        launchSeconds: half - lag,
        inServiceLagSeconds: lag,
        terminateSeconds: half,
      } as const;
    }
    case 'ec2:instance': {
      const impaired = event.alarm?.metrics.some(({ metric }) => /^StatusCheckFailed/.test(metric)) === true;
      assume(
        `the instance is running, its status is ${impaired ? 'impaired' : 'ok'}; a reboot takes ${half} s`,
      );
      return { kind, id, instanceStatus: impaired ? 'impaired' : 'ok', rebootSeconds: half } as const;
    }
    case 'rds:instance':
      assume(`the database is available; a reboot takes ${half} s`);
      return { kind, id, rebootSeconds: half } as const;
  }
}

function alarmParts(alarm: AlarmEvidence, playbook: AssumedPlaybook | undefined, assume: Assume): Parts {
  if (alarm.kind === 'composite' || alarm.metrics.length === 0)
    return compositeParts(alarm, playbook, assume);
  const firing = alarm.state === 'ALARM';
  const { bad, good, threshold, above } = levels(alarm);
  const share = alarm.kind === 'expression' ? alarm.metrics.length : 1;
  const periodSeconds = Math.max(...alarm.metrics.map((metric) => metric.periodSeconds));
  const known = alarm.kind === 'expression' ? alarm.metrics : alarm.metrics.slice(0, 1);
  const metrics = known.map((metric, index) => ({
    id: `m${index + 1}`,
    namespace: metric.namespace,
    metric: metric.metric,
    dimensions: metric.dimensions,
    statistic: metric.statistic,
    periodSeconds: metric.periodSeconds,
    base: good / share,
    noise: { sigma: 0.02, autocorrelation: 0.3 },
  }));
  const seconds = playbook?.alarmEvaluationSeconds ?? 0;
  const evaluationPeriods = Math.max(1, Math.min(100, Math.round(seconds / periodSeconds)));
  assume(
    `the alarm ${alarm.name} exists and is ${alarm.state}: ${evaluationPeriods} of ${evaluationPeriods} periods of ${periodSeconds} s ${above ? 'above' : 'below'} ${threshold}`,
  );
  if (alarm.threshold === undefined) assume(`the event names no threshold: ${threshold} is made up`);
  if (alarm.kind === 'expression') assume('the expression is the sum of its metrics');
  if (alarm.kind === 'anomaly') assume('the band is a fixed threshold');
  assume(`the metric is at ${round(bad)} while the fault lasts and at ${round(good)} without it`);
  const common = {
    name: alarm.name,
    ...(alarm.description === undefined ? {} : { description: alarm.description }),
    initialState: alarm.state,
    initialSinceSeconds: 0,
    comparison: above ? ('GreaterThanThreshold' as const) : ('LessThanThreshold' as const),
    threshold,
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
  };
  const alarms =
    alarm.kind === 'expression'
      ? [
          {
            type: 'expression' as const,
            ...common,
            combine: 'sum' as const,
            metrics: metrics.map(({ id }) => id),
          },
        ]
      : [{ type: 'metric' as const, ...common, metric: 'm1' }];
  if (!firing) return { metrics, alarms };
  return {
    metrics,
    alarms,
    causes: [
      {
        id: 'assumed',
        fromSeconds: -2 * periodSeconds * (evaluationPeriods + 2),
        metrics: metrics.map(({ id }) => ({ metric: id, raisesTo: bad / share })),
        effects: healing(playbook, assume),
      },
    ],
  };
}

/** A composite alarm tells nothing of its children: one is made up, which heals as the playbook expects. */
function compositeParts(alarm: AlarmEvidence, playbook: AssumedPlaybook | undefined, assume: Assume): Parts {
  const child = `${alarm.name} (assumed child)`.slice(0, 255);
  assume(`the alarm ${alarm.name} is decided by one other alarm, which is made up`);
  const made = alarmParts(
    {
      ...alarm,
      name: child,
      kind: 'metric',
      metrics: [
        { namespace: 'Assumed', metric: 'Symptom', dimensions: {}, statistic: 'Average', periodSeconds: 60 },
      ],
    },
    playbook,
    assume,
  );
  return {
    ...made,
    alarms: [
      ...(made.alarms ?? []),
      {
        type: 'composite',
        name: alarm.name,
        anyOf: [child],
        initialState: alarm.state,
        initialSinceSeconds: 0,
      },
    ],
  };
}

function healing(playbook: AssumedPlaybook | undefined, assume: Assume) {
  const onAction = effectAction(playbook?.action);
  if (playbook === undefined || onAction === undefined) return [];
  const afterSeconds = Math.floor(playbook.settleSeconds / 2);
  assume(`${onAction} has its declared effect: the fault is gone ${afterSeconds} s after the call`);
  const direction = (playbook.change ?? 1) < 0 ? ('less' as const) : ('more' as const);
  return [{ onAction, afterSeconds, outcome: 'heals' as const, direction }];
}

function effectAction(name: string | undefined) {
  const known = ['aws.scale_instances', 'aws.restart_ec2', 'aws.rds_reboot'] as const;
  return known.find((action) => action === name && Object.hasOwn(ACTIONS, action));
}

/** Levels with and without the fault, well apart from the threshold on either side. */
function levels(alarm: AlarmEvidence) {
  const { recentValues, threshold } = alarm;
  const mean = recentValues.reduce((sum, value) => sum + value, 0) / Math.max(1, recentValues.length);
  const line = threshold ?? (recentValues.length > 0 && mean !== 0 ? mean / 1.5 : 1);
  const beyond = alarm.state === 'ALARM' ? mean > line : mean < line;
  const said = /(less|lower) than/i.test(alarm.reason) && !/greater than/i.test(alarm.reason);
  const above =
    alarm.band === undefined
      ? recentValues.length > 0 && mean !== line
        ? beyond
        : !said
      : alarm.band === 'above';
  const worse = above ? Math.max(line * 1.25, line + 1e-6) : line * 0.5;
  const shown =
    alarm.state === 'ALARM' && mean >= 0 && (above ? mean > worse : mean < worse && recentValues.length > 0);
  return {
    threshold: line,
    above,
    bad: shown ? mean : Math.max(0, line === 0 && above ? 1 : worse),
    good: Math.max(0, above ? line * 0.5 : line * 1.5),
  };
}

const round = (value: number): number => Number(value.toPrecision(4));
