import type { Vary } from './incident';
import {
  type AlarmFile,
  type CauseFile,
  type EffectFile,
  type MetricFile,
  type ResourceFile,
  WorldFile,
} from './world-file';

/** How one incident differs from its scene. */
export interface Twist {
  readonly effect?: Partial<EffectFile>;
  readonly cause?: Partial<Pick<CauseFile, 'flapping' | 'spontaneousRecovery' | 'rampSeconds'>>;
  readonly metric?: Partial<Pick<MetricFile, 'missing' | 'late' | 'levels'>>;
  readonly alarm?: { readonly treatMissingData?: 'missing' | 'notBreaching'; readonly fewer?: boolean };
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly interference?: WorldFile['interference'];
  readonly errors?: WorldFile['errors'];
}

export type Scene = (vary: Vary, twist?: Twist) => WorldFile;

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

interface SceneParts {
  readonly vary: Vary;
  readonly twist: Twist | undefined;
  readonly resource: { readonly kind: ResourceFile['kind']; readonly id: string } & Readonly<
    Record<string, unknown>
  >;
  readonly metric: Pick<MetricFile, 'namespace' | 'metric' | 'dimensions' | 'statistic' | 'base'> & {
    readonly sigma: number;
  };
  readonly raisesTo: number;
  readonly alarm: {
    readonly name: string;
    readonly description: string;
    readonly comparison: Extract<AlarmFile, { type: 'metric' }>['comparison'];
    readonly threshold: number;
    readonly periodSeconds: number;
    readonly evaluationPeriods: number;
    readonly datapointsToAlarm: number;
  };
  readonly effect: Pick<EffectFile, 'onAction'> & Partial<EffectFile>;
  readonly interference?: (faultAt: number) => WorldFile['interference'];
}

/** The fault begins within the first minutes; the alarm fires by itself once its points breach. */
export function scene(parts: SceneParts): WorldFile {
  const { vary, twist = {}, metric, alarm } = parts;
  const faultAt = vary.whole(90, 420);
  const { fewer, ...alarmTwist } = twist.alarm ?? {};
  const periods = fewer ? { evaluationPeriods: 2, datapointsToAlarm: 2 } : {};
  const { sigma, ...described } = metric;
  return WorldFile.parse({
    schema: 1,
    seed: String(vary.whole(0, 1e9)),
    account: ACCOUNT,
    region: REGION,
    resources: [{ ...parts.resource, ...twist.resource }],
    metrics: [
      {
        id: 'symptom',
        ...described,
        noise: { sigma, autocorrelation: vary.number(0, 0.6) },
        ...twist.metric,
      },
    ],
    alarms: [{ type: 'metric', metric: 'symptom', ...alarm, ...periods, ...alarmTwist }],
    causes: [
      {
        id: 'fault',
        fromSeconds: faultAt,
        metrics: [{ metric: 'symptom', raisesTo: parts.raisesTo }],
        effects: [{ outcome: 'heals', afterSeconds: vary.whole(45, 100), ...parts.effect, ...twist.effect }],
        ...twist.cause,
      },
    ],
    interference: [...(parts.interference?.(faultAt) ?? []), ...(twist.interference ?? [])],
    errors: twist.errors ?? [],
    horizonSeconds: 14_400,
  });
}
