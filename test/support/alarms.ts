import { metricId } from './embedded-metrics';
import type { Resource } from './stack-template';

interface MetricOf {
  readonly namespace: string;
  readonly name: string;
  /** `Name=Value`, sorted. */
  readonly dimensions: string;
  readonly statistic: string;
}

/** The metrics that an alarm is of: its one, or those of its expression by their ids. */
export function metricsOf({ Properties }: Resource): Record<string, MetricOf> {
  if (Properties.MetricName !== undefined) return { value: metricOf(Properties, Properties.Statistic) };
  const parts: { Id: string; MetricStat?: { Metric: never; Stat: string } }[] = Properties.Metrics;
  return Object.fromEntries(
    parts.flatMap(({ Id, MetricStat }) =>
      MetricStat === undefined ? [] : [[Id, metricOf(MetricStat.Metric, MetricStat.Stat)]],
    ),
  );
}

function metricOf(
  of: {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  },
  statistic: string,
): MetricOf {
  const dimensions = (of.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${String(Value)}`).sort();
  return { namespace: of.Namespace, name: of.MetricName, dimensions: dimensions.join(','), statistic };
}

const COMPARES: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/** Whether a period with these values is over the line of the alarm, computed as its expression says. */
export function isOver({ Properties }: Resource, values: Readonly<Record<string, number>>): boolean {
  const expression = Properties.Metrics?.find((part: { Expression?: string }) => part.Expression)?.Expression;
  const value = expression === undefined ? values['value'] : computed(expression, values);
  const compare = COMPARES[Properties.ComparisonOperator];
  if (compare === undefined || value === undefined) throw new Error('an alarm that this does not know');
  return compare(value, Properties.Threshold);
}

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Minimum: (values) => Math.min(...values),
};

/** The values that an alarm has of what was published in one period, by `metricId`; `undefined` = none of one of its metrics. */
export function seenBy(
  alarm: Resource,
  published: ReadonlyMap<string, readonly number[]>,
): Record<string, number> | undefined {
  const seen: Record<string, number> = {};
  for (const [id, { namespace, name, dimensions, statistic }] of Object.entries(metricsOf(alarm))) {
    const values = published.get(metricId(namespace, name, dimensions));
    const of = STATISTICS[statistic];
    if (values === undefined || of === undefined) return undefined;
    seen[id] = of(values);
  }
  return seen;
}

/** Metric math as far as these alarms use it: arithmetic, comparisons and `IF`, written as in JavaScript. */
function computed(expression: string, values: Readonly<Record<string, number>>): number {
  const given = { IF: (holds: boolean, yes: number, no: number) => (holds ? yes : no), ...values };
  return new Function(...Object.keys(given), `return ${expression}`)(...Object.values(given));
}
