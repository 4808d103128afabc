import fc from 'fast-check';
import type { Expectation, Observation } from '../../shared/domain/expectation';
import { judge, type Verdict } from '../../shared/domain/verdict';
import { START } from '../support/builders/plan';

const GOODNESS: Readonly<Record<Verdict, number>> = { not_met: 0, inconclusive: 1, met: 2 };
const goodness = (expected: readonly Expectation[], seen: readonly Observation[]) =>
  GOODNESS[judge(expected, seen, START).verdict];

const query = {
  namespace: 'Shop',
  metric: 'Latency',
  dimensions: {},
  statistic: 'Average',
  periodSeconds: 60,
};
const level = fc.double({ min: 0, max: 10, noNaN: true });
const delta = fc.double({ min: 0, max: 10, noNaN: true });

/** An expectation, what was seen of it, and something worse to be seen instead. */
interface Case {
  readonly expected: Expectation;
  readonly seen: Observation;
  readonly worse: Observation;
}

const resource: fc.Arbitrary<Case> = fc
  .record({ wanted: level, value: level, by: delta })
  .map(({ wanted, value, by }) => ({
    expected: { kind: 'resource', field: 'in_service', comparison: 'at_least', value: wanted },
    seen: { kind: 'resource', found: true, value },
    worse: { kind: 'resource', found: true, value: value - by },
  }));
const vanished: fc.Arbitrary<Case> = fc.option(level, { nil: null }).map((value) => ({
  expected: { kind: 'resource', field: 'in_service', comparison: 'at_most', value: 5 },
  seen: { kind: 'resource', found: true, value },
  worse: { kind: 'resource', found: false, value: null },
}));
const ALARM: Expectation = { kind: 'alarm', alarm: 'a', state: 'OK', heldSeconds: 120 };
/** From OK for long, by OK since a moment and nothing known, to ALARM. */
const alarms = [
  { state: 'OK', since: START - 600_000 },
  { state: 'OK', since: START - 120_000 },
  { state: 'OK', since: START - 1000 },
  { state: 'INSUFFICIENT_DATA', since: START - 1000 },
  { state: null, since: null },
  { state: 'ALARM', since: START - 1000 },
] as const;
const alarm: fc.Arbitrary<Case> = fc
  .tuple(fc.nat(alarms.length - 1), fc.nat(alarms.length - 1))
  .map(([a, b]) => ({
    expected: ALARM,
    seen: { kind: 'alarm', ...(alarms[Math.min(a, b)] as (typeof alarms)[number]) },
    worse: { kind: 'alarm', ...(alarms[Math.max(a, b)] as (typeof alarms)[number]) },
  }));
const metric: fc.Arbitrary<Case> = fc
  .record({
    values: fc.array(level, { maxLength: 12 }),
    line: level,
    at: fc.nat(),
    by: delta,
    expectedPoints: fc.nat(12),
  })
  .map(({ values, line, at, by, expectedPoints }) => ({
    expected: { kind: 'metric', query, comparison: 'below', value: line, lastSeconds: 600 },
    seen: { kind: 'metric', values, expectedPoints },
    worse: {
      kind: 'metric',
      values: values.map((value, index) => (index === at % values.length ? value + by : value)),
      expectedPoints,
    },
  }));
const PASSED = [true, null, false] as const;
const smoke: fc.Arbitrary<Case> = fc
  .tuple(fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }), fc.nat(), fc.nat(2))
  .map(([grades, at, by]) => {
    const checks = (of: readonly number[]) =>
      of.map((grade) => ({ check: 'in_service' as const, passed: PASSED[grade] ?? false, detail: '' }));
    const lower = grades.map((grade, index) =>
      index === at % grades.length ? Math.min(2, grade + by) : grade,
    );
    return {
      expected: { kind: 'smoke' },
      seen: { kind: 'smoke', checks: checks(grades) },
      worse: { kind: 'smoke', checks: checks(lower) },
    };
  });
const anyCase = fc.oneof(resource, vanished, alarm, metric, smoke);

describe('a verdict', () => {
  test('is never better for a worse observation', () => {
    fc.assert(
      fc.property(fc.array(anyCase, { minLength: 1, maxLength: 4 }), fc.nat(), (cases, pick) => {
        const expected = cases.map((each) => each.expected);
        const seen = cases.map((each) => each.seen);
        const worse = cases.map((each, index) => (index === pick % cases.length ? each.worse : each.seen));
        expect(goodness(expected, worse)).toBeLessThanOrEqual(goodness(expected, seen));
      }),
      { numRuns: 1000 },
    );
  });

  test('is never better for one more expectation', () => {
    fc.assert(
      fc.property(fc.array(anyCase, { minLength: 1, maxLength: 4 }), anyCase, (cases, more) => {
        const [expected, seen] = [cases.map((each) => each.expected), cases.map((each) => each.seen)];
        expect(goodness([...expected, more.expected], [...seen, more.seen])).toBeLessThanOrEqual(
          goodness(expected, seen),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('is never met where one expectation was not measured', () => {
    fc.assert(
      fc.property(fc.array(anyCase, { minLength: 1, maxLength: 4 }), fc.nat(), (cases, pick) => {
        const missing = pick % cases.length;
        const seen = cases.map((each, index) =>
          index === missing ? (undefined as unknown as Observation) : each.seen,
        );
        expect(
          judge(
            cases.map((each) => each.expected),
            seen,
            START,
          ).verdict,
        ).not.toBe('met');
      }),
      { numRuns: 300 },
    );
  });

  test('of a fall is never made met by multiplying what came after', () => {
    const window = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 12, maxLength: 24 });
    const factor = fc.double({ min: 1, max: 5, noNaN: true });
    const expected: Expectation = { kind: 'metric_change', query, direction: 'decrease', lastSeconds: 1200 };
    const verdictOf = (before: number[], after: number[]) => {
      const seen = {
        kind: 'metric_change' as const,
        history: [],
        before,
        after,
        expectedPoints: before.length,
      };
      return judge([expected], [seen], START).verdict;
    };
    fc.assert(
      fc.property(window, window, factor, (before, after, times) => {
        const higher = after.map((value) => value * times);
        if (verdictOf(before, after) !== 'met') expect(verdictOf(before, higher)).not.toBe('met');
      }),
      { numRuns: 400 },
    );
  });
});
