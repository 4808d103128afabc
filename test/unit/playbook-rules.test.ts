import { readPlaybook } from '../../shared/contracts/playbook-file';
import { playbookText, problemsOf } from '../support/planning';

type Changes = readonly (readonly [string, string])[];
const scale = (...changes: Changes) => problemsOf(playbookText('scale-out-on-latency', ...changes));
const reboot = (...changes: Changes) => problemsOf(playbookText('restart-ec2-on-hang', ...changes));
const only = (field: string, words: string) => [
  expect.objectContaining({ field, message: expect.stringContaining(words) }),
];
const STEP = 'parameters: { change: 2 }';

describe('steps', () => {
  test.each([
    ['change: 101', 'out of range'],
    ['change: 1.5', 'no whole number'],
    ['change: "2"', 'no whole number'],
    ['change: true', 'no whole number'],
  ])('%s is refused', (parameter, words) => {
    expect(scale(['change: 2', parameter])).toEqual(only('steps[0].parameters.change', words));
  });

  test('a missing and an unknown parameter are named', () => {
    expect(scale([STEP, 'parameters: { chang: 2 }'])).toEqual([
      expect.objectContaining({ field: 'steps[0].parameters.chang', fix: 'did you mean `change`?' }),
      expect.objectContaining({
        field: 'steps[0].parameters.change',
        message: 'aws.scale_instances needs `change`',
      }),
    ]);
  });

  test('an action for another kind of target is refused', () => {
    const problems = scale(['kind: autoscaling:group', 'kind: rds:instance']);
    expect(problems).toContainEqual(expect.objectContaining({ field: 'steps[0].action' }));
  });

  test('the same id twice is refused', () => {
    const twice = `${STEP}\n  - { id: add, action: aws.scale_instances, parameters: { change: 1 } }`;
    expect(scale([STEP, twice])).toEqual(only('steps[1].id', 'taken'));
  });

  test('an unknown step in `after` is refused, with the nearest', () => {
    const second = `${STEP}\n  - { id: more, action: aws.scale_instances, parameters: { change: 1 }, after: [ad] }`;
    expect(scale([STEP, second])).toEqual([
      expect.objectContaining({ field: 'steps[1].after[0]', fix: 'did you mean `add`?' }),
    ]);
  });

  test('a circle is named', () => {
    const circle = `${STEP}\n    after: [c]
  - { id: b, action: aws.scale_instances, parameters: { change: 1 }, after: [add] }
  - { id: c, action: aws.scale_instances, parameters: { change: 1 }, after: [b] }`;
    expect(scale([STEP, circle])).toEqual(only('steps[0].after', 'add after c after b after add'));
  });
});

describe('reversibility', () => {
  test('a reversible action needs its rollback', () => {
    expect(scale(['rollback: restore', 'rollback: none'])).toEqual(only('rollback', 'can be undone'));
  });
  test('an irreversible action must not pretend one', () => {
    expect(reboot(['rollback: none', 'rollback: restore'])).toEqual(only('rollback', 'pretend'));
  });
  test('an irreversible action is tier 2 at least', () => {
    expect(reboot(['tier: 2', 'tier: 1'])).toEqual(only('tier', 'tier 2 at least'));
    expect(reboot(['tier: 2', 'tier: 3'])).toEqual([]);
  });
});

describe('times', () => {
  test('the window must hold alarm evaluation and settle', () => {
    expect(scale(['window: 15m', 'window: 419s'])).toContainEqual(
      expect.objectContaining({ field: 'window' }),
    );
    expect(scale(['window: 15m', 'window: 420s'])).toEqual([]);
  });
  test('a window that ends with settle shows nothing', () => {
    expect(reboot(['window: 10m', 'window: 4m'])).toContainEqual(
      expect.objectContaining({ field: 'window' }),
    );
  });
  test('an alarm needs time to change', () => {
    expect(scale(['alarm_evaluation: 5m', 'alarm_evaluation: 0s'])).toEqual(
      only('alarm_evaluation', 'needs time'),
    );
  });
  test('held_for and over_last fit after settle', () => {
    expect(scale(['held_for: 5m', 'held_for: 14m'])).toEqual(only('expect[1].held_for', '780 s'));
    expect(scale(['over_last: 5m', 'over_last: 14m'])).toEqual(only('expect[2].over_last', '780 s'));
  });
  test('an alarm that can hardly hold in time is a warning', () => {
    const reading = readPlaybook(
      playbookText('scale-out-on-latency', ['held_for: 5m', 'held_for: 10m']),
      'a',
    );
    expect(reading).toMatchObject({
      ok: true,
      warnings: [{ field: 'expect[1]', fix: expect.stringContaining('1020s') }],
    });
  });
});

describe('what is expected', () => {
  const METRIC = '{ metric: triggering, below: threshold, over_last: 5m }';
  const ALARM = '  - { alarm: triggering, state: OK, held_for: 5m }\n';
  const RESOURCE = '{ resource: desired_capacity, equals: =planned.add.desired_capacity }';

  test('an unknown fact', () => {
    expect(scale([RESOURCE, '{ resource: desired, equals: 6 }'])).toEqual(
      only('expect[0].resource', 'no fact'),
    );
  });
  test.each([
    ['{ resource: desired_capacity }', 'no comparison'],
    ['{ resource: desired_capacity, equals: 6, at_least: 5 }', '2 comparisons'],
  ])('%s', (text, words) => {
    expect(scale([RESOURCE, text])).toEqual(only('expect[0]', words));
  });
  test('at_least compares numbers', () => {
    const text = '{ resource: desired_capacity, at_least: many }';
    expect(scale([RESOURCE, text])).toEqual(only('expect[0].at_least', 'numbers'));
  });
  test.each([
    ['{ metric: triggering }', 'no comparison'],
    ['{ metric: triggering, below: 1, change: decrease }', '2 comparisons'],
  ])('%s', (text, words) => {
    expect(scale([METRIC, text])).toEqual(only('expect[2]', words));
  });
  test('facts of the target alone prove nothing about the fault', () => {
    expect(scale([ALARM, ''], [`  - ${METRIC}\n`, ''])).toEqual(only('expect', 'proves nothing'));
    expect(scale([ALARM, ''], [METRIC, '{ benchmark: smoke }'])).toEqual([]);
  });
  test('a test of change needs its points', () => {
    const change = (period: string) =>
      scale([
        METRIC,
        `{ metric: { namespace: N, metric: M, statistic: Sum, period: ${period} }, change: decrease }`,
      ]);
    expect(change('60s')).toEqual([]);
    // Twelve fit into 13 minutes, and the first or the last of them is cut.
    expect(change('65s')).toEqual(only('expect[2]', '11 whole points'));
  });
  test('a change of the triggering metric is warned of where a usual alarm leaves too few points', () => {
    const text = playbookText('scale-out-on-latency', [METRIC, '{ metric: triggering, change: decrease }']);
    expect(readPlaybook(text, 'a')).toMatchObject({ ok: true, warnings: [] });
    const short = text.replace('window: 15m', 'window: 8m');
    expect(readPlaybook(short, 'a')).toMatchObject({
      ok: true,
      warnings: [{ field: 'expect[1]' }, { message: expect.stringContaining('5 whole points') }],
    });
  });
  test('an error brings no triggering alarm', () => {
    expect(reboot(['{ benchmark: smoke }', '{ alarm: triggering, state: OK }'])).toEqual(
      only('expect[2].alarm', 'no alarm'),
    );
    expect(reboot(['{ benchmark: smoke }', '{ alarm: checkout-errors, state: OK }'])).toEqual([]);
  });
  test('a pattern that matches everything is refused', () => {
    const pattern = 'metric: "*Latency*", dimensions: { AutoScalingGroupName: "*" }';
    expect(scale([pattern, 'metric: "*", dimensions: { A: "?*" }'])).toEqual(only('match[0]', 'everything'));
    expect(scale([`{ ${pattern} }`, '{}'])).toContainEqual(
      expect.objectContaining({ field: 'match[0].alarm' }),
    );
  });
});
