import type { Expectation, Observation } from '../../shared/domain/expectation';
import { judge, sentenceOf } from '../../shared/domain/verdict';
import { START } from '../support/builders/plan';

const query = { namespace: 'Shop', metric: 'Latency', dimensions: {}, statistic: 'p99', periodSeconds: 60 };
const RESOURCE: Expectation = { kind: 'resource', field: 'in_service', comparison: 'at_least', value: 4 };
const ALARM: Expectation = { kind: 'alarm', alarm: 'web-latency', state: 'OK', heldSeconds: 120 };
const LEVEL: Expectation = { kind: 'metric', query, comparison: 'below', value: 0.5, lastSeconds: 300 };
const CHANGE: Expectation = { kind: 'metric_change', query, direction: 'decrease', lastSeconds: 1200 };
const SMOKE: Expectation = { kind: 'smoke' };

/** The one field's verdict, reason and confidence. */
function judged(expected: Expectation, seen: Observation | undefined): string {
  const { fields, verdict } = judge([expected], seen === undefined ? [] : [seen], START);
  const [field] = fields;
  expect(field?.verdict).toBe(verdict);
  return `${field?.verdict} ${field?.why} ${field?.confidence}`;
}

describe('a resource', () => {
  const value = (seen: string | number | boolean | null, found = true) =>
    judged(RESOURCE, { kind: 'resource', found, value: seen });
  test('is met at the value, not met below it, and unknown where it was not told', () => {
    expect(value(4)).toBe('met AS_EXPECTED 1');
    expect(value(5)).toBe('met AS_EXPECTED 1');
    expect(value(3)).toBe('not_met DIFFERS 1');
    expect(value('4')).toBe('not_met DIFFERS 1');
    expect(value(null)).toBe('inconclusive NO_DATA 0');
  });
  test('that is gone is not met', () => {
    expect(value(null, false)).toBe('not_met TARGET_GONE 1');
  });
  test('is compared as its comparison says', () => {
    const compare = (comparison: 'equals' | 'at_most', seen: number) =>
      judged({ ...RESOURCE, comparison } as Expectation, { kind: 'resource', found: true, value: seen });
    expect(compare('equals', 4)).toMatch(/^met/);
    expect(compare('equals', 5)).toMatch(/^not_met/);
    expect(compare('at_most', 4)).toMatch(/^met/);
    expect(compare('at_most', 5)).toMatch(/^not_met/);
  });
});

describe('an alarm', () => {
  const state = (value: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | null, since: number | null) =>
    judged(ALARM, { kind: 'alarm', state: value, since });
  test('is met when it has been OK for long enough at the end of the window', () => {
    expect(state('OK', START - 120_000)).toBe('met HELD 1');
    expect(state('OK', START - 119_999)).toBe('inconclusive NOT_HELD_LONG_ENOUGH 0.5');
  });
  test('is not met while it is on, and unknown without data', () => {
    expect(state('ALARM', START - 1)).toBe('not_met STILL_IN_ALARM 1');
    expect(state('INSUFFICIENT_DATA', START - 1)).toBe('inconclusive NO_DATA 0');
    expect(state(null, null)).toBe('inconclusive NO_DATA 0');
  });
});

describe('the level of a metric', () => {
  const level = (values: number[], expectedPoints = 5) =>
    judged(LEVEL, { kind: 'metric', values, expectedPoints });
  test('is met when every point is on its side, and as sure as it is covered', () => {
    expect(level([0.1, 0.2, 0.1, 0.3, 0.49])).toBe('met AS_EXPECTED 1');
    expect(level([0.1, 0.2, 0.1, 0.3])).toBe('met AS_EXPECTED 0.8');
  });
  test('is not met by one point on the line', () => {
    expect(level([0.1, 0.2, 0.1, 0.3, 0.5])).toBe('not_met OVER_THE_LINE 1');
  });
  test('is never met by what is no number', () => {
    expect(level([0.1, 0.2, Number.NaN, 0.3, 0.1])).toMatch(/^not_met/);
  });
  test('is unknown with less than three quarters of its points, or one, or none', () => {
    expect(level([0.1, 0.2, 0.3])).toBe('inconclusive TOO_FEW_POINTS 0.3');
    expect(level([0.1], 1)).toBe('inconclusive TOO_FEW_POINTS 0.5');
    expect(level([])).toBe('inconclusive NO_DATA 0');
    expect(level([], 0)).toBe('inconclusive NO_DATA 0');
  });
  test('above its line is compared the other way', () => {
    const above = { ...LEVEL, comparison: 'above' } as Expectation;
    expect(judged(above, { kind: 'metric', values: [0.6, 0.7], expectedPoints: 2 })).toMatch(/^met/);
    expect(judged(above, { kind: 'metric', values: [0.6, 0.5], expectedPoints: 2 })).toMatch(/^not_met/);
  });
});

describe('the change of a metric', () => {
  const wave = (level: number) =>
    Array.from({ length: 20 }, (_, n) => level * (1 + 0.02 * Math.sin(n * 2.4)));
  const change = (before: number[], after: number[]) =>
    judged(CHANGE, { kind: 'metric_change', history: [], before, after, expectedPoints: 20 });
  test('is met by a fall, and not by a rise or by nothing', () => {
    expect(change(wave(10), wave(5))).toMatch(/^met RATIO_BEYOND_BOUND/);
    expect(change(wave(10), wave(20))).toMatch(/^not_met/);
    expect(change(wave(10), wave(10))).toMatch(/^not_met LARGE_CHANGE_RULED_OUT/);
  });
  test('is unknown with too few points, or none', () => {
    expect(change(wave(10).slice(0, 5), wave(5))).toBe('inconclusive TOO_FEW_POINTS 0');
    expect(change([], [])).toBe('inconclusive TOO_FEW_POINTS 0');
  });
});

describe('the smoke checks', () => {
  const checks = (...passed: (boolean | null)[]) =>
    judged(SMOKE, {
      kind: 'smoke',
      checks: passed.map((each) => ({ check: 'in_service', passed: each, detail: '' })),
    });
  test('are met when all have passed, not met by one, unknown by one', () => {
    expect(checks(true, true)).toBe('met ALL_PASSED 1');
    expect(checks(true, null, false)).toBe('not_met CHECK_FAILED 1');
    expect(checks(true, null)).toBe('inconclusive CHECK_UNKNOWN 0.5');
    expect(checks()).toBe('inconclusive CHECK_UNKNOWN 0.5');
  });
});

describe('a judgement', () => {
  const met: Observation = { kind: 'resource', found: true, value: 4 };
  const unknown: Observation = { kind: 'alarm', state: null, since: null };
  test('is as bad as its worst field, as sure as its least sure, and names the drift', () => {
    const gone: Observation = { kind: 'resource', found: false, value: null };
    expect(judge([RESOURCE, ALARM], [met, unknown], START)).toMatchObject({
      verdict: 'inconclusive',
      confidence: 0,
      drift: [],
    });
    expect(judge([RESOURCE, ALARM], [gone, unknown], START)).toMatchObject({
      verdict: 'not_met',
      drift: ['resource.in_service'],
    });
  });
  test('of nothing expected, or of nothing measured, is never met', () => {
    expect(judge([], [], START)).toEqual({ verdict: 'inconclusive', confidence: 0, fields: [], drift: [] });
    expect(judged(RESOURCE, undefined)).toBe('inconclusive NOT_MEASURED 0');
    expect(judged(RESOURCE, unknown)).toBe('inconclusive NOT_MEASURED 0');
  });
  test('reads as a sentence', () => {
    expect([RESOURCE, ALARM, LEVEL, CHANGE, SMOKE].map(sentenceOf)).toEqual([
      'in_service at least 4',
      'OK, held for 120 s',
      'p99 of Latency below 0.5 over the last 300 s',
      'p99 of Latency: decrease against the 1200 s before',
      'every smoke check passes',
    ]);
  });
});
