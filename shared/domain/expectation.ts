/** The typed expected effect, bound to one incident. All times in seconds from the moment of the action. */
import type { Scalar } from './scalar';

export interface MetricQuerySpec {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
}

export type Expectation =
  | {
      readonly kind: 'resource';
      readonly field: string;
      readonly comparison: 'equals' | 'at_least' | 'at_most';
      readonly value: Scalar;
    }
  /** In state OK at the end of the window, and for `heldSeconds` before it. */
  | { readonly kind: 'alarm'; readonly alarm: string; readonly state: 'OK'; readonly heldSeconds: number }
  /** Every point of the last `lastSeconds` of the window is on the named side of `value`. */
  | {
      readonly kind: 'metric';
      readonly query: MetricQuerySpec;
      readonly comparison: 'below' | 'above';
      readonly value: number;
      readonly lastSeconds: number;
    }
  /** The metric changed, by test, from the `lastSeconds` before the action to the last of the window. */
  | {
      readonly kind: 'metric_change';
      readonly query: MetricQuerySpec;
      readonly direction: 'decrease' | 'increase';
      readonly lastSeconds: number;
    }
  | { readonly kind: 'smoke' };

/** What was seen, one for each expectation, in the same order. */
export type Observation =
  | { readonly kind: 'resource'; readonly found: boolean; readonly value: Scalar | null }
  | {
      readonly kind: 'alarm';
      readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | null;
      /** Milliseconds since 1970 since when it has been in that state. */
      readonly since: number | null;
    }
  | { readonly kind: 'metric'; readonly values: readonly number[]; readonly expectedPoints: number }
  | {
      readonly kind: 'metric_change';
      readonly history: readonly number[];
      readonly before: readonly number[];
      readonly after: readonly number[];
      readonly expectedPoints: number;
    }
  | { readonly kind: 'smoke'; readonly checks: readonly SmokeCheck[] };

export interface SmokeCheck {
  readonly check: 'in_service' | 'alarm_clear' | 'dependency_health' | 'last_error_age';
  /** `null` = could not be known. */
  readonly passed: boolean | null;
  readonly detail: string;
}
