import type { FieldResult } from '../contracts/outcome';
import type { Expectation, MetricQuerySpec, Observation } from './expectation';
import { metricChange } from './metric-change';

export type Verdict = 'met' | 'not_met' | 'inconclusive';

export interface Judgement {
  readonly verdict: Verdict;
  /** 0 to 1: of the least certain expectation. */
  readonly confidence: number;
  readonly fields: readonly FieldResult[];
  /** Names of the expectations that are not met. */
  readonly drift: readonly string[];
}

/** Points that a level must be seen at to count. */
export const LEAST_LEVEL_POINTS = 2;

/** Share of a window's points that must be there for an answer to count. */
const LEAST_COVERAGE = 0.75;

/**
 * Compares what was expected with what was seen, one by one. `endsAt`: end of the effect window,
 * milliseconds since 1970. One `not_met` makes the whole not met; otherwise one `inconclusive` makes it
 * inconclusive; no data is never `met`.
 */
export function judge(
  expectations: readonly Expectation[],
  observations: readonly Observation[],
  endsAt: number,
): Judgement {
  const fields = expectations.map((expected, index) => judgeOne(expected, observations[index], endsAt));
  const has = (verdict: Verdict) => fields.some((field) => field.verdict === verdict);
  return {
    verdict:
      fields.length === 0 || has('inconclusive')
        ? has('not_met')
          ? 'not_met'
          : 'inconclusive'
        : has('not_met')
          ? 'not_met'
          : 'met',
    confidence: fields.length === 0 ? 0 : round(Math.min(...fields.map((field) => field.confidence))),
    fields,
    drift: fields.filter((field) => field.verdict === 'not_met').map((field) => field.field),
  };
}

function judgeOne(expected: Expectation, seen: Observation | undefined, endsAt: number): FieldResult {
  const base = { field: nameOf(expected), expected: sentenceOf(expected) };
  if (seen === undefined || seen.kind !== expected.kind) {
    return { ...base, actual: 'not measured', verdict: 'inconclusive', confidence: 0, why: 'NOT_MEASURED' };
  }
  switch (expected.kind) {
    case 'resource':
      return { ...base, ...judgeResource(expected, seen as Extract<Observation, { kind: 'resource' }>) };
    case 'alarm':
      return { ...base, ...judgeAlarm(expected, seen as Extract<Observation, { kind: 'alarm' }>, endsAt) };
    case 'metric':
      return { ...base, ...judgeLevel(expected, seen as Extract<Observation, { kind: 'metric' }>) };
    case 'metric_change':
      return { ...base, ...judgeChange(expected, seen as Extract<Observation, { kind: 'metric_change' }>) };
    case 'smoke':
      return { ...base, ...judgeSmoke(seen as Extract<Observation, { kind: 'smoke' }>) };
  }
}

type Found = Pick<FieldResult, 'actual' | 'verdict' | 'confidence' | 'why'>;
type Of<Kind extends Expectation['kind']> = Extract<Expectation, { kind: Kind }>;
type Seen<Kind extends Observation['kind']> = Extract<Observation, { kind: Kind }>;

function judgeResource(expected: Of<'resource'>, seen: Seen<'resource'>): Found {
  if (!seen.found)
    return { actual: 'the resource is gone', verdict: 'not_met', confidence: 1, why: 'TARGET_GONE' };
  if (seen.value === null)
    return { actual: 'unknown', verdict: 'inconclusive', confidence: 0, why: 'NO_DATA' };
  const { value } = seen;
  const holds =
    expected.comparison === 'equals'
      ? value === expected.value
      : typeof value === 'number' &&
        typeof expected.value === 'number' &&
        (expected.comparison === 'at_least' ? value >= expected.value : value <= expected.value);
  return {
    actual: String(value),
    verdict: holds ? 'met' : 'not_met',
    confidence: 1,
    why: holds ? 'AS_EXPECTED' : 'DIFFERS',
  };
}

function judgeAlarm(expected: Of<'alarm'>, seen: Seen<'alarm'>, endsAt: number): Found {
  if (seen.state === null || seen.since === null) {
    return { actual: 'no such alarm', verdict: 'inconclusive', confidence: 0, why: 'NO_DATA' };
  }
  const actual = `${seen.state} since ${new Date(seen.since).toISOString()}`;
  if (seen.state === 'ALARM') return { actual, verdict: 'not_met', confidence: 1, why: 'STILL_IN_ALARM' };
  if (seen.state === 'INSUFFICIENT_DATA')
    return { actual, verdict: 'inconclusive', confidence: 0, why: 'NO_DATA' };
  if (seen.since > endsAt - expected.heldSeconds * 1000) {
    return { actual, verdict: 'inconclusive', confidence: 0.5, why: 'NOT_HELD_LONG_ENOUGH' };
  }
  return { actual, verdict: 'met', confidence: 1, why: 'HELD' };
}

function judgeLevel(expected: Of<'metric'>, seen: Seen<'metric'>): Found {
  const coverage = seen.expectedPoints === 0 ? 0 : Math.min(1, seen.values.length / seen.expectedPoints);
  // NaN is on neither side of the line, so it is wrong as well.
  const wrong = seen.values.filter((value) =>
    expected.comparison === 'below' ? !(value < expected.value) : !(value > expected.value),
  );
  const actual = `${seen.values.length} of ${seen.expectedPoints} points, ${range(seen.values)}`;
  if (wrong.length > 0) {
    return {
      actual,
      verdict: 'not_met',
      confidence: round(Math.max(coverage, wrong.length / seen.values.length)),
      why: 'OVER_THE_LINE',
    };
  }
  if (seen.values.length < LEAST_LEVEL_POINTS || coverage < LEAST_COVERAGE) {
    return {
      actual,
      verdict: 'inconclusive',
      confidence: round(coverage / 2),
      why: seen.values.length === 0 ? 'NO_DATA' : 'TOO_FEW_POINTS',
    };
  }
  return { actual, verdict: 'met', confidence: round(coverage), why: 'AS_EXPECTED' };
}

function judgeChange(expected: Of<'metric_change'>, seen: Seen<'metric_change'>): Found {
  const change = metricChange({ before: seen.before, after: seen.after });
  const ratio = change.ratio === null ? '' : `, ×${change.ratio.toPrecision(3)}`;
  const actual = `${change.verdict}${ratio} (${seen.before.length} points before, ${seen.after.length} after)`;
  const wanted = expected.direction === 'decrease' ? 'changed_down' : 'changed_up';
  if (change.verdict === 'inconclusive') {
    return { actual, verdict: 'inconclusive', confidence: round(change.confidence / 2), why: change.reason };
  }
  return {
    actual,
    verdict: change.verdict === wanted ? 'met' : 'not_met',
    confidence: round(change.confidence),
    why: change.reason,
  };
}

function judgeSmoke(seen: Seen<'smoke'>): Found {
  const failed = seen.checks.filter((check) => check.passed === false);
  const unknown = seen.checks.filter((check) => check.passed === null);
  const actual =
    seen.checks.map((check) => `${check.check}: ${word(check.passed)}`).join(', ') || 'no checks';
  if (failed.length > 0) return { actual, verdict: 'not_met', confidence: 1, why: 'CHECK_FAILED' };
  if (seen.checks.length === 0 || unknown.length > 0) {
    return { actual, verdict: 'inconclusive', confidence: 0.5, why: 'CHECK_UNKNOWN' };
  }
  return { actual, verdict: 'met', confidence: 1, why: 'ALL_PASSED' };
}

const word = (passed: boolean | null): string => (passed === null ? 'unknown' : passed ? 'passed' : 'failed');
const round = (value: number): number => Math.round(value * 1000) / 1000;

function range(values: readonly number[]): string {
  if (values.length === 0) return 'no data';
  return `${Number(Math.min(...values).toPrecision(4))} to ${Number(Math.max(...values).toPrecision(4))}`;
}

function nameOf(expected: Expectation): string {
  switch (expected.kind) {
    case 'resource':
      return `resource.${expected.field}`;
    case 'alarm':
      return `alarm.${expected.alarm}`;
    case 'metric':
      return `metric.${expected.query.metric}`;
    case 'metric_change':
      return `metric_change.${expected.query.metric}`;
    case 'smoke':
      return 'benchmark.smoke';
  }
}

/** The expectation as a person reads it. */
export function sentenceOf(expected: Expectation): string {
  switch (expected.kind) {
    case 'resource':
      return `${expected.field} ${expected.comparison.replace('_', ' ')} ${expected.value}`;
    case 'alarm':
      return `${expected.state}, held for ${expected.heldSeconds} s`;
    case 'metric':
      return `${measured(expected.query)} ${expected.comparison} ${expected.value} over the last ${expected.lastSeconds} s`;
    case 'metric_change':
      return `${measured(expected.query)}: ${expected.direction} against the ${expected.lastSeconds} s before`;
    case 'smoke':
      return 'every smoke check passes';
  }
}

const measured = (query: MetricQuerySpec): string => `${query.statistic} of ${query.metric}`;
