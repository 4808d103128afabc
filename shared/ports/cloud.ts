import type { LiveTarget, Target } from '../domain/target';

/** Looks at the live resource itself. */
export interface Resources {
  /** `undefined` = there is no such resource. Throws on faults; never guesses. */
  describe(target: Target): Promise<LiveTarget | undefined>;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm as it is now, with what an event does not carry. */
export interface LiveAlarm {
  readonly name: string;
  readonly state: AlarmState;
  /** Milliseconds since 1970 of the last change of state. */
  readonly stateSince: number;
  /** Seconds after which the alarm can have changed its state: period × evaluation periods. 0 = unknown (composite). */
  readonly evaluationSeconds: number;
  readonly composite: boolean;
  readonly threshold?: number;
  readonly comparison?: string;
  readonly metric?: MetricQuery;
  /** Alarms by whose state this composite alarm is decided, when known. */
  readonly actionsEnabled: boolean;
}

export interface MetricQuery {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Average`, `Maximum`, `p99` … */
  readonly statistic: string;
  readonly periodSeconds: number;
}

export interface MetricPoint {
  /** Start of the period, milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

export interface Telemetry {
  /** `undefined` = there is no such alarm. */
  alarm(name: string): Promise<LiveAlarm | undefined>;
  /** State changes of the alarm within [from, to], oldest first. */
  alarmHistory(
    name: string,
    from: number,
    to: number,
  ): Promise<readonly { readonly at: number; readonly state: AlarmState }[]>;
  /** Points whose period starts within [from, to), oldest first. No data = empty. */
  series(query: MetricQuery, from: number, to: number): Promise<readonly MetricPoint[]>;
}
