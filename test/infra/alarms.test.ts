/** Alarms about Grace itself: that they are of metrics that the code publishes, and where they go on. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTIONS, METRIC_NAMESPACE } from '../../shared/names';
import { emfMetrics } from '../../shared/runtime/metrics';
import { isOver, metricsOf, seenBy } from '../support/alarms';
import { metricId, readEmbedded } from '../support/embedded-metrics';
import { createStage, publishPlaybooks, runIncident } from '../support/faults/bench';
import { BENCH_INCIDENTS, type BenchIncident, UNMEASURED } from '../support/faults/bench-incidents';
import { ofType, type Resource, templates } from '../support/stack-template';

const { grace, operations } = templates();
const alarms = new Map(
  [...ofType(grace, 'AWS::CloudWatch::Alarm'), ...ofType(operations, 'AWS::CloudWatch::Alarm')].map(
    ([, alarm]) => [alarm.Properties.AlarmName.replace('grace-self-', ''), alarm],
  ),
);
const alarm = (name: string): Resource => {
  const found = alarms.get(name);
  if (found === undefined) throw new Error(`there is no alarm ${name}`);
  return found;
};

/** What the functions themselves measure while `run` plays, by the names that CloudWatch would know it by. */
async function published(run: (metrics: ReturnType<typeof emfMetrics>) => Promise<unknown>) {
  const metrics = emfMetrics();
  await run(metrics);
  const lines: string[] = [];
  const written = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    metrics.flush();
  } finally {
    written.mockRestore();
  }
  return readEmbedded(lines);
}

/** Half an hour with an incident, in which a hand edits an item and an administrator closes the epoch of the log. */
async function watchedLog(metrics: ReturnType<typeof emfMetrics>): Promise<void> {
  const settings = { approvals: { administrators: ['root'] } };
  const stage = createStage(BENCH_INCIDENTS.scaleHelps, { metrics, settings });
  const { deployment, kernel, world } = stage;
  await publishPlaybooks(stage);
  await kernel.run({ untilMs: kernel.now() + 5 * 60_000 });
  const [item] = deployment.state.items().filter(({ sk }) => sk === 'MISSION');
  if (item === undefined) throw new Error('nothing has happened');
  await deployment.state.write([{ kind: 'put', item: { ...item, note: 'by hand' } }]);
  const order = { decision: 'close_epoch', epoch: 1, reason: 'a trial', principal: 'root' };
  const closed = deployment.invoke(FUNCTIONS.decide, order);
  await kernel.run({ untilMs: kernel.now() + 20 * 60_000 });
  expect(await closed).toMatchObject({ ok: true });
  world.stop();
  deployment.stop();
}

const FUNCTIONS_FOLDER = join(__dirname, '../../functions');

describe('a metric of our own', () => {
  const seen = new Set<string>();
  beforeAll(async () => {
    for (const incident of [BENCH_INCIDENTS.scaleAsked, BENCH_INCIDENTS.denied, BENCH_INCIDENTS.expired]) {
      const patience = { patienceMs: 30 * 3_600_000 };
      const values = await published((metrics) => runIncident(incident, { metrics, ...patience }));
      for (const name of values.keys()) seen.add(name);
    }
    for (const name of (await published(watchedLog)).keys()) seen.add(name);
  });

  test('that an alarm is of is one that the functions publish, with exactly its dimensions', () => {
    const own = [...alarms].flatMap(([name, each]) =>
      Object.values(metricsOf(each))
        .filter(({ namespace }) => namespace === METRIC_NAMESPACE)
        .map((metric) => [name, metricId(metric.namespace, metric.name, metric.dimensions)] as const),
    );
    expect(own.length).toBeGreaterThanOrEqual(13);
    expect(own.filter(([, metric]) => !seen.has(metric))).toEqual([]);
  });

  test('stands in the operations guide with its dimensions, and nothing else does', () => {
    const guide = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
    const documented = new Map(
      [...guide.matchAll(/^\| `(grace_\w+)` \| ([^|]+) \|/gm)].map(([, name, sets = '']) => [
        name,
        sets
          .split('; ')
          .map((set) => (set === 'none' ? '' : set.replace(/[`\s]/g, '').split(',').sort().join())),
      ]),
    );
    const unlike = [...seen].filter((id) => {
      const [, name, dimensions = ''] = /^Grace (\w+) \{(.*)\}$/.exec(id) ?? [];
      return !documented.get(name)?.includes(dimensions.replace(/=[^,]*/g, ''));
    });
    expect(unlike).toEqual([]);
    const sources = readdirSync(FUNCTIONS_FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(FUNCTIONS_FOLDER, file), 'utf8'));
    const named = new Set(sources.flatMap((text) => text.match(/\bgrace_\w+/g) ?? []));
    expect([...documented.keys()].sort()).toEqual([...named].sort());
  });

  test('that the dashboard shows is one of them too', () => {
    const [[, dashboard] = []] = ofType(operations, 'AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);
    const shown = [...body.matchAll(/Grace\W+(grace_\w+)/g)].map(([, name]) => name as string);
    expect(new Set(shown).size).toBe(4);
    expect(shown.filter((name) => !seen.has(metricId(METRIC_NAMESPACE, name)))).toEqual([]);
  });
});

describe('what the functions publish turns on', () => {
  const { scaleHelps, scaleDoesNot, denied } = BENCH_INCIDENTS;
  /** Names of the alarms on actions that are on after all of these in one period. */
  const onAfter = async (...incidents: readonly BenchIncident[]) => {
    const values = await published(async (metrics) => {
      for (const incident of incidents) await runIncident(incident, { metrics });
    });
    return ['rollback-spike', 'action-errors', 'action-confidence'].filter((name) => {
      const seen = seenBy(alarm(name), values);
      return seen !== undefined && isOver(alarm(name), seen);
    });
  };
  const times = (n: number, incident: BenchIncident) => Array<BenchIncident>(n).fill(incident);

  test.each([
    ['nothing: actions that help', times(3, scaleHelps), []],
    ['nothing: actions that are denied', times(3, denied), []],
    ['nothing: two rollbacks', times(2, scaleDoesNot), []],
    ['spike and errors: three rollbacks', times(3, scaleDoesNot), ['rollback-spike', 'action-errors']],
    [
      'spike and errors: three rollbacks of twelve',
      [...times(3, scaleDoesNot), ...times(9, scaleHelps)],
      ['rollback-spike', 'action-errors'],
    ],
    ['errors: three of thirteen', [...times(3, scaleDoesNot), ...times(10, scaleHelps)], ['action-errors']],
    ['confidence: one of which nothing can be known', [UNMEASURED, scaleHelps], ['action-confidence']],
  ] as const)('%s', async (_what, incidents, on) => {
    expect(await onAfter(...incidents)).toEqual(on);
  });
});

test('where nobody measures anything, only the check of the audit log is missed', () => {
  const missed = [...alarms].filter(([, { Properties }]) => Properties.TreatMissingData !== 'notBreaching');
  expect(missed.map(([name]) => name)).toEqual(['audit-unchecked']);
});

describe('the alarm on', () => {
  test.each([
    // Each on its own side of a line: three of them, and a quarter.
    ['rollback-spike', { bad: 2, all: 2 }, false],
    ['rollback-spike', { bad: 3, all: 3 }, true],
    ['rollback-spike', { bad: 3, all: 12 }, true],
    ['rollback-spike', { bad: 3, all: 13 }, false],
    ['rollback-spike', { bad: 25, all: 100 }, true],
    ['rollback-spike', { bad: 0, all: 100 }, false],
    // Three of them, and more than a tenth.
    ['action-errors', { bad: 2, all: 2 }, false],
    ['action-errors', { bad: 3, all: 29 }, true],
    ['action-errors', { bad: 3, all: 30 }, false],
    ['action-errors', { bad: 11, all: 100 }, true],
    // Five of them, and more than a tenth.
    ['api-errors', { bad: 4, all: 4 }, false],
    ['api-errors', { bad: 5, all: 49 }, true],
    ['api-errors', { bad: 5, all: 50 }, false],
    ['action-confidence', { value: 0.5 }, false],
    ['action-confidence', { value: 0.499 }, true],
    ['action-confidence', { value: 0 }, true],
    ['audit-epoch-closed', { value: 1 }, true],
    ['approval-latency-granted', { value: 3600 }, false],
    ['approval-latency-granted', { value: 3601 }, true],
  ] as const)('%s with %j is on: %s', (name, values, on) => {
    expect(isOver(alarm(name), values)).toBe(on);
  });

  test.each([
    ['rollback-spike', 3600, 1],
    ['action-errors', 86_400, 1],
    ['api-errors', 300, 2],
  ] as const)('%s looks at sums over periods of %i s, %i in a row', (name, seconds, periods) => {
    const { Metrics, EvaluationPeriods } = alarm(name).Properties;
    const stats = Metrics.flatMap(({ MetricStat }: { MetricStat?: { Period: number; Stat: string } }) =>
      MetricStat === undefined ? [] : [[MetricStat.Period, MetricStat.Stat]],
    );
    expect([stats, EvaluationPeriods]).toEqual([
      [
        [seconds, 'Sum'],
        [seconds, 'Sum'],
      ],
      periods,
    ]);
  });

  test('confidence looks at the least sure verification of five minutes', () => {
    expect(alarm('action-confidence').Properties).toMatchObject({ Statistic: 'Minimum', Period: 300 });
  });

  test('requests is of the API and the stage that are deployed', () => {
    const { Name } = ofType(grace, 'AWS::ApiGateway::RestApi')[0]?.[1].Properties ?? {};
    const { StageName } = ofType(grace, 'AWS::ApiGateway::Stage')[0]?.[1].Properties ?? {};
    expect(metricsOf(alarm('api-errors'))).toMatchObject({
      bad: {
        namespace: 'AWS/ApiGateway',
        name: '5XXError',
        dimensions: `ApiName=${Name},Stage=${StageName}`,
      },
      all: { namespace: 'AWS/ApiGateway', name: 'Count', dimensions: `ApiName=${Name},Stage=${StageName}` },
    });
  });
});

describe('somebody hears of an alarm', () => {
  const topicArn = 'arn:aws:sns:us-east-1:123456789012:on-call';
  const told = (settings: object) =>
    Object.values(templates(settings))
      .flatMap((stack) => ofType(stack, 'AWS::CloudWatch::Alarm'))
      .flatMap(([, { Properties }]) =>
        Properties.AlarmActions === undefined ? [] : [[Properties.AlarmName, Properties.AlarmActions]],
      );
  // Whoever closes an epoch to hide something can see to it that another alarm is on before.
  const TELL = ['action-confidence', 'audit-epoch-closed', 'rollback-spike', 'action-errors'];

  test('by itself, where it lasts for hours or might be hidden behind others', () => {
    const expected = TELL.map((name) => [`grace-self-${name}`, [topicArn]]);
    expect(told({ alarms: { topicArn } }).sort()).toEqual(expected.sort());
    expect(told({})).toEqual([]);
  });

  test('by Grace’s being unwell, of each other one', () => {
    const [[, unwell] = []] = ofType(operations, 'AWS::CloudWatch::CompositeAlarm');
    const rule = JSON.stringify(unwell?.Properties.AlarmRule);
    const inOperations = ofType(operations, 'AWS::CloudWatch::Alarm').map(
      ([id, { Properties }]) => [Properties.AlarmName, rule.includes(`"${id}"`)] as const,
    );
    const inGrace = ofType(grace, 'AWS::CloudWatch::Alarm').map(
      ([, { Properties }]) =>
        [Properties.AlarmName, rule.includes(`ALARM(\\"${Properties.AlarmName}\\")`)] as const,
    );
    const not = [...inGrace, ...inOperations].filter(([, isPart]) => !isPart);
    expect(not.map(([name]) => name).sort()).toEqual(TELL.map((name) => `grace-self-${name}`).sort());
  });
});
