import type { Playbook } from '../contracts/playbook';
import { FACTS } from './actions';
import { MINIMUM_POINTS } from './metric-change';
import { suggestName } from './nearest-name';
import type { RuleFindings, RuleProblem } from './rule-findings';
import { LEAST_LEVEL_POINTS } from './verdict';

/** Rules of the expected effect: can it be seen within its window, and would it prove anything? */

type Expected = Playbook['expect'][number];
type MetricExpected = Extract<Expected, { metric: unknown }>;
type ResourceExpected = Extract<Expected, { resource: string }>;

/** Periods of CloudWatch alarms are 10, 30 or a multiple of 60 seconds. */
const SHORTEST_PERIOD = 10;
const USUAL_PERIOD = 60;

export function effectRules(playbook: Playbook): RuleFindings {
  const found = playbook.expect.map((expected, index) => expectationRules(playbook, { expected, index }));
  return {
    problems: [...timeRules(playbook), ...proofRules(playbook), ...found.flatMap((each) => each.problems)],
    warnings: [...attainableRules(playbook), ...found.flatMap((each) => each.warnings)],
  };
}

function timeRules(playbook: Playbook): RuleProblem[] {
  const { settle, window, alarm_evaluation: evaluation, match } = playbook;
  const problems: RuleProblem[] = [];
  if (window < evaluation + settle || window <= settle) {
    problems.push({
      path: ['window'],
      message: `${window} s is shorter than alarm_evaluation + settle (${evaluation + settle} s): the alarm cannot clear in it`,
      fix: `write at least ${Math.max(evaluation + settle, settle + 1)}s`,
    });
  }
  if (evaluation === 0 && match.some((pattern) => 'alarm' in pattern)) {
    problems.push({
      path: ['alarm_evaluation'],
      message: 'an alarm needs time to change its state',
      fix: "write the alarm's period × evaluation periods; 0s is for playbooks that match errors only",
    });
  }
  return problems;
}

function proofRules(playbook: Playbook): RuleProblem[] {
  if (playbook.expect.some((expected) => !('resource' in expected))) return [];
  return [
    {
      path: ['expect'],
      message:
        "only facts of the target are expected: the action's own effect proves nothing about the fault",
      fix: 'add an alarm, a metric, or `benchmark: smoke`',
    },
  ];
}

/** An alarm that may take its whole evaluation to clear, and then has to stay clear. */
function attainableRules(playbook: Playbook): RuleProblem[] {
  const time = playbook.window - playbook.settle;
  return playbook.expect.flatMap((expected, index): RuleProblem[] => {
    if (!('alarm' in expected)) return [];
    const held = expected.held_for ?? Math.min(playbook.alarm_evaluation, time);
    const needed = playbook.alarm_evaluation + held;
    if (needed <= time || held > time) return [];
    return [
      {
        path: ['expect', index],
        message: `the alarm may need ${playbook.alarm_evaluation} s to clear and has to hold ${held} s, but only ${time} s are left after settle`,
        fix: `make the window ${playbook.settle + needed}s, or held_for ${Math.max(0, time - playbook.alarm_evaluation)}s`,
      },
    ];
  });
}

interface Place {
  readonly expected: Expected;
  readonly index: number;
}

function expectationRules(playbook: Playbook, { expected, index }: Place): RuleFindings {
  const path = ['expect', index];
  if ('resource' in expected) return { problems: resourceRules(playbook, { expected, path }), warnings: [] };
  if ('metric' in expected) return metricRules(playbook, { expected, path });
  if (!('alarm' in expected)) return { problems: [], warnings: [] };
  const held = expected.held_for ?? 0;
  const time = playbook.window - playbook.settle;
  const problems: RuleProblem[] = [];
  if (held > time) {
    problems.push({
      path: [...path, 'held_for'],
      message: `${held} s is longer than what is left of the window after settle (${time} s)`,
      fix: `write at most ${Math.max(0, time)}s`,
    });
  }
  const source = expected.alarm === 'triggering' ? triggeringRules(playbook, [...path, 'alarm']) : NOTHING;
  return { problems: [...problems, ...source.problems], warnings: source.warnings };
}

const NOTHING: RuleFindings = { problems: [], warnings: [] };

/** `triggering` names the event's alarm, so the playbook must be one that alarms lead to. */
function triggeringRules(playbook: Playbook, path: readonly (string | number)[]): RuleFindings {
  const byError = playbook.match.filter((pattern) => 'error' in pattern).length;
  if (byError === 0) return NOTHING;
  const finding: RuleProblem = {
    path,
    message: 'an error brings no alarm, so there is no triggering one',
    fix: 'name the alarm or the metric itself, or expect `benchmark: smoke`',
  };
  return byError === playbook.match.length
    ? { problems: [finding], warnings: [] }
    : { problems: [], warnings: [finding] };
}

function resourceRules(
  playbook: Playbook,
  { expected, path }: { readonly expected: ResourceExpected; readonly path: (string | number)[] },
): RuleProblem[] {
  const facts = Object.keys(FACTS[playbook.target.kind]);
  const problems: RuleProblem[] = [];
  if (!facts.includes(expected.resource)) {
    problems.push({
      path: [...path, 'resource'],
      message: `${playbook.target.kind} has no fact \`${expected.resource}\``,
      fix: suggestName(expected.resource, facts),
    });
  }
  const given = (['equals', 'at_least', 'at_most'] as const).filter((name) => expected[name] !== undefined);
  if (given.length !== 1) {
    problems.push({
      path,
      message: `${given.length === 0 ? 'no comparison' : `${given.length} comparisons`} for ${expected.resource}`,
      fix: 'write exactly one of equals, at_least, at_most',
    });
  }
  for (const name of ['at_least', 'at_most'] as const) {
    const value = expected[name];
    if (value === undefined || typeof value === 'number') continue;
    if (typeof value === 'string' && value.startsWith('=')) continue;
    problems.push({
      path: [...path, name],
      message: `${name} compares numbers`,
      fix: 'write a number, or use equals',
    });
  }
  return problems;
}

function metricRules(
  playbook: Playbook,
  { expected, path }: { readonly expected: MetricExpected; readonly path: (string | number)[] },
): RuleFindings {
  const problems: RuleProblem[] = [];
  const warnings: RuleProblem[] = [];
  const given = (['below', 'above', 'change'] as const).filter((name) => expected[name] !== undefined);
  if (given.length !== 1) {
    problems.push({
      path,
      message: `${given.length === 0 ? 'no comparison' : `${given.length} comparisons`} for the metric`,
      fix: 'write exactly one of below, above, change',
    });
  }
  const usesThreshold = expected.below === 'threshold' || expected.above === 'threshold';
  if (expected.metric === 'triggering' || usesThreshold) {
    const source = triggeringRules(playbook, path);
    problems.push(...source.problems);
    warnings.push(...source.warnings);
  }
  const time = playbook.window - playbook.settle;
  const last = expected.over_last ?? time;
  if (last > time) {
    problems.push({
      path: [...path, 'over_last'],
      message: `${last} s is longer than what is left of the window after settle (${time} s)`,
      fix: `write at most ${Math.max(0, time)}s`,
    });
  }
  const needed = expected.change === undefined ? LEAST_LEVEL_POINTS : MINIMUM_POINTS;
  // The window's end falls anywhere within a period: one point less than fits is sure to be whole.
  const points = (period: number) => Math.max(0, Math.floor(time / period) - 1);
  const period = expected.metric === 'triggering' ? SHORTEST_PERIOD : expected.metric.period;
  if (points(period) < needed) {
    problems.push({
      path,
      message: `${time} s from settle to the window's end hold ${points(period)} whole points of ${period} s; ${needed} are needed`,
      fix: `make it ${(needed + 1) * period}s or longer, by settle and window`,
    });
  } else if (expected.metric === 'triggering' && points(USUAL_PERIOD) < needed) {
    warnings.push({
      path,
      message: `${time} s hold ${points(USUAL_PERIOD)} whole points of an alarm whose period is 60 s; ${needed} are needed`,
      fix: `make it ${(needed + 1) * USUAL_PERIOD}s or longer unless the alarm's period is shorter`,
    });
  }
  return { problems, warnings };
}
