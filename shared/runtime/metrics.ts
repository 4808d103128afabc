import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { MetricUnit } from '@aws-lambda-powertools/metrics/types';
import { METRIC_NAMESPACE } from '../names';

type Dimensions = Readonly<Record<string, string>>;

/** Structurally the port `Metrics`, with what the middleware stack needs. */
export interface RuntimeMetrics {
  count(name: string, dimensions: Dimensions, value?: number): void;
  record(name: string, value: number, unit: string, dimensions: Dimensions): void;
  /** Writes what was measured since the last time. */
  flush(): void;
}

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly dimensions: Dimensions;
}

/**
 * Metrics as embedded metric format: one JSON line on standard output for each set of dimensions, written
 * by `flush`, with exactly the dimensions given. Measuring only remembers; what CloudWatch would not take
 * (an unknown unit, no number) is dropped with a warning. Nothing here throws.
 */
export function emfMetrics({
  namespace = METRIC_NAMESPACE,
}: {
  readonly namespace?: string;
} = {}): RuntimeMetrics {
  let measured: Measured[] = [];
  return {
    count: (name, dimensions, value = 1) => void measured.push({ name, value, unit: 'Count', dimensions }),
    record: (name, value, unit, dimensions) => void measured.push({ name, value, unit, dimensions }),
    flush() {
      const groups = new Map<string, Measured[]>();
      for (const one of measured) {
        const key = JSON.stringify(Object.entries(one.dimensions).sort());
        const group = groups.get(key);
        if (group) group.push(one);
        else groups.set(key, [one]);
      }
      measured = [];
      for (const group of groups.values()) publish(group, namespace);
    },
  };
}

function publish(group: readonly Measured[], namespace: string): void {
  try {
    const metrics = new PowertoolsMetrics({ namespace });
    // Powertools adds `service`; the dashboards and alarms name each metric by its labels alone.
    metrics.clearDefaultDimensions();
    metrics.addDimensions({ ...group[0]?.dimensions });
    for (const { name, value, unit } of group) {
      try {
        // Powertools lets NaN and infinities through; as JSON they are null, which spoils the whole line.
        if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be measured`);
        metrics.addMetric(name, unit as MetricUnit, value);
      } catch (error) {
        dropped(name, error);
      }
    }
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  } catch (error) {
    dropped(group.map(({ name }) => name).join(', '), error);
  }
}

function dropped(metric: string, error: unknown): void {
  console.warn(JSON.stringify({ level: 'WARN', code: 'METRIC_DROPPED', metric, reason: String(error) }));
}
