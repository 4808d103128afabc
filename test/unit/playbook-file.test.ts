import { checkPlaybookSource, readPlaybook } from '../../shared/contracts/playbook-file';
import type { JsonValue } from '../../shared/domain/canonical-json';
import { playbookText, problemsOf } from '../support/planning';

const NAME = 'scale-out-on-latency';
const changed = (from: string, to: string) => problemsOf(playbookText(NAME, [from, to]));

describe('a playbook file', () => {
  test('is read with durations in seconds and a version', () => {
    const reading = readPlaybook(playbookText(NAME), 'a.yaml');
    expect(reading).toMatchObject({
      ok: true,
      playbook: { name: NAME, window: 900, settle: 120 },
      warnings: [],
    });
    expect(reading.ok && reading.version).toMatch(/^[0-9a-f]{64}$/);
  });

  test('has a version that follows what it says, not how it is written', () => {
    const versionOf = (text: string) => {
      const reading = readPlaybook(text, 'a.yaml');
      return reading.ok ? reading.version : JSON.stringify(reading.problems);
    };
    const text = playbookText(NAME);
    const moved = text.replace('tier: 1\n', '').replace('schema: 1\n', '# a comment\nschema: 1\ntier: 1\n');
    expect(versionOf(moved)).toBe(versionOf(text));
    expect(versionOf(text.replace('change: 2', 'change: 3'))).not.toBe(versionOf(text));
  });

  test('names file, line, column, field and fix', () => {
    const text = playbookText(NAME, ['    action: aws.scale_instances', '    action: aws.scale_instance']);
    const line = text.split('\n').findIndex((each) => each.includes('aws.scale_instance')) + 1;
    expect(problemsOf(text)).toEqual([
      {
        file: 'test.yaml',
        line,
        column: 5,
        field: 'steps[0].action',
        message: 'there is no action `aws.scale_instance`',
        fix: 'did you mean `aws.scale_instances`?',
      },
    ]);
  });

  test.each([
    ['settle: 2m', 'settel: 2m', 'settel', 'did you mean `settle`?'],
    ['held_for: 5m', 'heldfor: 5m', 'expect[1].heldfor', 'did you mean `held_for`?'],
    ['state: OK', 'state: ok', 'expect[1].state', 'did you mean `OK`?'],
    ['tier: 1', 'tier: 4', 'tier', 'use one of: 1, 2, 3'],
    ['tier: 1', 'tier: "1"', 'tier', 'did you mean `1`?'],
    ['max: 3', 'max: "3"', 'limits.budget.max', 'write the number without quotes'],
    ['window: 15m', 'window: 15', 'window', 'write text'],
    ['window: 15m', 'window: 1w', 'window', 'correct the value'],
    ['kind: autoscaling:group', 'kind: autoscaling:grup', 'target.kind', 'did you mean `autoscaling:group`?'],
  ])('%s written as %s is explained', (from, to, field, fix) => {
    expect(changed(from, to)).toContainEqual(expect.objectContaining({ field, fix }));
  });

  test('says what is missing, also limits', () => {
    const text = playbookText(NAME).replace(/limits:[\s\S]*/, '');
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({ field: 'limits', message: 'is missing', fix: 'add it: a map of fields' }),
    ]);
    expect(changed('max: 3, ', '')).toContainEqual(expect.objectContaining({ field: 'limits.budget.max' }));
    expect(changed('max: 3', 'max: 1000000')).toContainEqual(
      expect.objectContaining({ field: 'limits.budget.max' }),
    );
  });

  test('refuses no steps and ten thousand', () => {
    const [step] = /steps:[\s\S]*?(?=expect:)/.exec(playbookText(NAME)) ?? [''];
    const fields = (steps: string) => problemsOf(playbookText(NAME, [step, steps])).map((each) => each.field);
    expect(fields('steps: []\n')).toContain('steps');
    const many = (count: number) =>
      `steps: [${Array.from({ length: count }, (_, i) => `{id: s${i}}`).join(',\n ')}]\n`;
    expect(fields(many(11))).toContain('steps');
    expect(problemsOf(playbookText(NAME, [step, many(10_000)])).length).toBeGreaterThan(0);
  });
});

describe('YAML that is more than data', () => {
  test.each([
    ['an alias', 'a: &x 1\nb: *x', 'an alias'],
    ['an anchor', 'a: &x 1', 'an anchor'],
    ['an anchor on a key', '&x a: 1', 'an anchor'],
    ['a tag', 'a: !!binary aGk=', 'a tag'],
    ['a custom tag', 'a: !danger 1', 'a tag'],
    ['a merge key', '<<: { a: 1 }', 'a merge key'],
    ['a duplicate key', 'a: 1\na: 2', 'DUPLICATE_KEY'],
    ['two documents', 'a: 1\n---\nb: 2', 'MULTIPLE_DOCS'],
    ['a directive', '%YAML 1.1\n---\na: yes', 'a YAML directive'],
    ['a tab as indent', 'a:\n\t- b', 'TAB_AS_INDENT'],
    ['__proto__', '__proto__: { a: 1 }', '`__proto__`'],
    ['constructor inside', 'a: { constructor: { prototype: 1 } }', '`constructor`'],
    ['a key that is no text', '1: a', 'a key that is not text'],
    ['a number past all bounds', 'a: 1e400', 'NUMBER_OVERFLOW'],
    ['NaN', 'a: .nan', 'NOT_JSON'],
    ['minus zero', 'a: -0', 'NEGATIVE_ZERO'],
    ['2^53 + 1', 'a: 9007199254740993', 'UNSAFE_INTEGER'],
    ['text that turns round', 'a: "x\u202ey"', 'BIDI_CONTROL'],
    ['NUL by escape', 'a: "x\\0y"', 'CONTROL_CHARACTER'],
    ['a lone surrogate', 'a: "\ud800"', 'LONE_SURROGATE'],
    ['a byte order mark', '\ufeffa: 1', 'byte order mark'],
    ['nothing', ' \n', 'empty'],
    ['truncated text', 'a: { b: ', 'BAD_INDENT'],
    ['more than 64 KiB', `a: ${'x\n '.repeat(30_000)}`, 'bytes'],
  ])('%s is refused', (_, text, message) => {
    expect(
      problemsOf(text)
        .map((each) => each.message)
        .join('\n'),
    ).toContain(message);
  });

  test.each([
    ['blocks in one line', '- '.repeat(30_000)],
    ['blocks in short lines', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}-`).join('\n')],
    ['flow brackets', '['.repeat(60_000)],
    ['flow brackets in lines', '[\n'.repeat(30_000)],
    ['flow maps', `${'{a: '.repeat(13)}${'}'.repeat(13)}`],
    ['lists', `${'- '.repeat(13)}a`],
    ['explicit keys', '? '.repeat(900)],
  ])('nesting by %s is refused, and the process lives', (_, text) => {
    const words = problemsOf(text).map((each) => each.message);
    expect(words.join()).toMatch(/nested too deeply|the line has more than 2000 characters/);
  });

  test.each<[string, JsonValue]>([
    ['null', null],
    ['a list', []],
    ['text', 'x'],
  ])('%s as root is no playbook', (_, source) => {
    expect(checkPlaybookSource(source)).toMatchObject({ ok: false });
  });
});

describe('expressions in a playbook', () => {
  const id = (expression: string) => changed('id: =dimensions.AutoScalingGroupName', `id: "${expression}"`);
  const change = (expression: string) => changed('change: 2', `change: "${expression}"`);

  test('that cannot be read are refused with their place', () => {
    expect(id('=dimensions.')).toEqual([
      expect.objectContaining({ field: 'target.id', fix: 'correct the JSONata after `=`' }),
    ]);
  });

  test.each([
    '=$now()',
    '=$millis()',
    '=$random()',
    "=$eval('1')",
    '=$shuffle([1])',
    '=$sort([1])',
    '=$map([1], $string)',
    '=(function($n){ $n() })(1)',
    '=($f := 1; $f)',
    '=[1..9]',
    '=$match("a", /(a+)+$/)',
    '=**',
    '=alarm.*',
    '=alarm ~> | $ | {} |',
    '=dimensions{a: b}',
    '=alarm.metrics^(metric)',
    '=$pad("x", 999999999)',
    '=$$.alarm.$now()',
    '=alarm.metrics[$random() > 0]',
    '=alarm.metrics@$m.metric',
    '=$f(1)',
    '=$string(?)',
  ])('%s is refused', (expression) => {
    expect(change(expression.replaceAll('"', '\\"'))).toContainEqual(
      expect.objectContaining({ field: 'steps[0].parameters.change' }),
    );
  });

  test.each([
    '=target.max_size - target.desired_capacity',
    '=$min([2, target.max_size])',
    "=alarm.metrics[metric = 'RequestLatency'][0].periodSeconds",
    "=$number($split(dimensions.Name, '/')[1])",
    "=alarm.band = 'above' ? 2 : -1",
  ])('%s is allowed', (expression) => {
    expect(change(expression)).toEqual([]);
  });

  test('refer only to what is known at that time', () => {
    expect(id('=dimension.X')).toEqual([expect.objectContaining({ fix: 'did you mean `dimensions`?' })]);
    expect(id('=target.desired_capacity')).toEqual([
      expect.objectContaining({ message: '`target` is not known yet here' }),
    ]);
    expect(change('=target.desired_capacty')).toEqual([
      expect.objectContaining({ fix: 'did you mean `desired_capacity`?' }),
    ]);
    expect(changed('=planned.add.desired', '=planned.ad.desired')).toEqual([
      expect.objectContaining({ fix: 'did you mean `add`?' }),
    ]);
  });

  test('a literal target that is no plain name is refused', () => {
    for (const bad of ['web*', 'w\u0435b', '$(web)', 'a b']) {
      expect(id(bad)).toEqual([expect.objectContaining({ field: 'target.id' })]);
    }
  });
});
