/** A line of embedded metric format, as far as CloudWatch needs it. */
interface Line {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [field: string]: unknown;
}

/** A metric as CloudWatch would know it; `dimensions` as `Name=Value`, sorted, with commas between. */
export const metricId = (namespace: string, name: string, dimensions = ''): string =>
  `${namespace} ${name} {${dimensions}}`;

/** The metrics that lines of a log make, with their values, by `metricId`. Other lines are passed over. */
export function readEmbedded(lines: readonly string[]): Map<string, number[]> {
  const values = new Map<string, number[]>();
  for (const text of lines) {
    if (!text.startsWith('{')) continue;
    const line = JSON.parse(text) as Line;
    for (const { Namespace, Dimensions, Metrics } of line._aws?.CloudWatchMetrics ?? []) {
      for (const set of Dimensions.length === 0 ? [[]] : Dimensions) {
        const dimensions = set.map((name) => `${name}=${String(line[name])}`).sort();
        for (const { Name } of Metrics) {
          const id = metricId(Namespace, Name, dimensions.join(','));
          values.set(id, [...(values.get(id) ?? []), ...([line[Name]].flat() as number[])]);
        }
      }
    }
  }
  return values;
}
