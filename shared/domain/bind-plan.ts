import type { ErrorDetected } from '../contracts/error-detected';
import type { Plan, PlannedStep } from '../contracts/plan';
import type { Settings } from '../contracts/settings';
import { type AlarmFacts, bindExpectation, type ExpectationValues } from './bind-expectation';
import type { Diagnosis, LoadedPlaybook } from './diagnosis';
import type { Expectation } from './expectation';
import { effectHash } from './plan-hash';
import { type Facts, type PlanRefusal, planStep, refusePlan } from './plan-steps';
import { orderSteps } from './step-order';
import { type LiveTarget, ownTags, type Target, targetKey } from './target';
import { computeTier, type Tier } from './tier';

/** What the playbook's expressions gave (`shared/contracts/plan-expressions.ts`). */
export interface ResolvedExpressions {
  /** By step id, then by parameter. */
  readonly parameters: Readonly<Record<string, Facts>>;
  /** In the order of the playbook's `expect`. */
  readonly expectations: readonly ExpectationValues[];
}

export interface PlanInput {
  readonly loaded: LoadedPlaybook;
  readonly diagnosis: Diagnosis;
  readonly event: ErrorDetected;
  readonly target: Target;
  /** As it is now; `undefined` = a look found no such resource. */
  readonly live: LiveTarget | undefined;
  /** The event's alarm as it is now; `undefined` = there is none, or the event names none. */
  readonly alarm: AlarmFacts | undefined;
  readonly expressions: ResolvedExpressions;
  readonly settings: Pick<Settings, 'approvals' | 'executors'>;
  /** `1` success, `0` failure, newest last (`PlaybookStatistics.lastTen`). */
  readonly lastTen: string;
  readonly contractId: string;
  /** Of the event; the measurement asks for later errors of the same one. */
  readonly fingerprint: string;
  readonly policyVersion: string;
  /** Of a plan that takes the place of an earlier one: who asked for either, beside whom the event names. */
  readonly requestedBy?: readonly string[];
  /** No lower tier than this: people were asked about the earlier one. */
  readonly leastTier?: Tier;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type PlanBinding = { readonly ok: true; readonly plan: Plan } | PlanRefusal;

/**
 * The plan of one incident: a function of its input alone. Everything that stands against acting is a
 * refusal with a code: TARGET_NOT_FOUND, TARGET_MISMATCH, TARGET_NOT_MANAGED, ALARM_NOT_FOUND,
 * WINDOW_TOO_SHORT, EXECUTOR_DISABLED, CYCLIC_STEPS, BAD_PARAMETER, FACT_MISSING, FACT_INVALID, the
 * action's own (CAPACITY_OVER_MAX, NOT_RUNNING …) and those of `bindExpectation`.
 */
export function bindPlan(input: PlanInput): PlanBinding {
  const live = readLive(input);
  if (!live.ok) return live;
  const alarm = checkAlarm(input);
  if (!alarm.ok) return alarm;
  const steps = bindSteps(input, live.target);
  if (!steps.ok) return steps;
  const expectations = bindExpectations(input);
  if (!expectations.ok) return expectations;

  const { loaded, event, diagnosis, settings, now } = input;
  const { playbook } = loaded;
  const { tier, reasons } = computeTier({
    floor: Math.max(playbook.tier, input.leastTier ?? 1) as Tier,
    reversible: steps.reversible,
    blastRadius: steps.blastRadius,
    tags: live.target.tags,
    lastTen: input.lastTen,
  });
  const effect = {
    expectations: expectations.expectations,
    settleSeconds: playbook.settle,
    windowSeconds: playbook.window,
  };
  const expiresAt = now + 1000 * (playbook.approval?.expires ?? settings.approvals.expires);
  const executeWithin = 1000 * (playbook.approval?.execute_within ?? settings.approvals.executeWithin);
  const { limits } = playbook;
  const requested = unique([event.requestedBy, ...(input.requestedBy ?? [])]);
  const authors = unique([...(playbook.owners ?? []), loaded.publishedBy]);
  const plan: Plan = {
    contractId: input.contractId,
    fingerprint: input.fingerprint,
    planVersion: 1,
    playbook: { name: loaded.name, version: loaded.version },
    account: event.account,
    region: event.region,
    targets: [input.target],
    tags: { [targetKey(input.target)]: ownTags(live.target.tags) },
    blastRadius: steps.blastRadius,
    steps: [...steps.planned],
    undo: playbook.rollback,
    preconditions: { [targetKey(input.target)]: steps.preconditions },
    effect: { ...effect, hash: effectHash(effect) },
    tier,
    tierReasons: [...reasons],
    quorum: quorumOf(tier, settings.approvals),
    proposer: `playbook:${loaded.name}`,
    ...(requested.length === 0 ? {} : { requestedBy: requested }),
    ...(authors.length === 0 ? {} : { authors }),
    policyVersion: input.policyVersion,
    expiresAt,
    // An approval at the last moment leaves as long to act as one at once.
    executeBy: (tier === 1 ? now : expiresAt) + executeWithin,
    limits: {
      budgetMax: limits.budget.max,
      budgetSeconds: limits.budget.per,
      cooldownSeconds: limits.cooldown,
    },
    ...(alarm.planned === undefined ? {} : { alarm: alarm.planned }),
    diagnosis: { pattern: diagnosis.pattern, evidence: [...diagnosis.evidence], why: diagnosis.why },
  };
  return { ok: true, plan };
}

const unique = (names: readonly (string | undefined)[]): string[] => [
  ...new Set(names.filter((name) => name !== undefined)),
];

function quorumOf(tier: Tier, approvals: Settings['approvals']): number {
  if (tier === 1) return 0;
  return tier === 2 ? approvals.tier2Quorum : approvals.tier3Quorum;
}

function readLive({ live, target, event }: PlanInput) {
  const key = targetKey(target);
  if (live === undefined) return refusePlan('TARGET_NOT_FOUND', `there is no ${key}`);
  if (targetKey(live.target) !== key || target.account !== event.account || target.region !== event.region) {
    return refusePlan(
      'TARGET_MISMATCH',
      `${key} is not the resource that was looked at, or not where the event is from`,
    );
  }
  if (!live.managed) {
    return refusePlan(
      'TARGET_NOT_MANAGED',
      `${key} is not tagged for Grace; tag it grace:managed=true to allow actions`,
    );
  }
  return { ok: true as const, target: live };
}

/** An alarm that the event names must exist, and the window must leave it the time to clear. */
function checkAlarm({ event, alarm, loaded }: PlanInput) {
  if (event.alarm === undefined) return { ok: true as const, planned: undefined };
  if (alarm === undefined || alarm.name !== event.alarm.name) {
    return refusePlan('ALARM_NOT_FOUND', `there is no alarm ${event.alarm.name} now`);
  }
  const { window, settle, alarm_evaluation: declared } = loaded.playbook;
  const real = alarm.evaluationSeconds;
  if (real > declared) {
    return refusePlan(
      'WINDOW_TOO_SHORT',
      `alarm ${alarm.name} needs ${real} s to change its state; the playbook says ${declared} s (alarm_evaluation)`,
    );
  }
  if (window < Math.max(real, declared) + settle) {
    return refusePlan(
      'WINDOW_TOO_SHORT',
      `a window of ${window} s is shorter than ${declared} s + settle ${settle} s`,
    );
  }
  return {
    ok: true as const,
    planned: { name: alarm.name, evaluationSeconds: real === 0 ? declared : real },
  };
}

type StepsBinding =
  | {
      readonly ok: true;
      readonly planned: readonly PlannedStep[];
      readonly reversible: boolean;
      readonly blastRadius: number;
      readonly preconditions: Facts;
    }
  | PlanRefusal;

function bindSteps({ loaded, target, expressions, settings }: PlanInput, live: LiveTarget): StepsBinding {
  const order = orderSteps(loaded.playbook.steps);
  if (!order.ok)
    return refusePlan('CYCLIC_STEPS', `the steps wait for each other: ${order.cycle.join(' after ')}`);
  const planned: PlannedStep[] = [];
  const preconditions: Record<string, string | number | boolean> = {};
  let facts: Facts = live.facts;
  let reversible = true;
  let blastRadius = 0;
  for (const step of order.steps) {
    if (!(settings.executors as readonly string[]).includes(step.action)) {
      return refusePlan('EXECUTOR_DISABLED', `${step.action} is not among the executors in the settings`);
    }
    const next = planStep({ step, target, facts, parameters: expressions.parameters[step.id] ?? {} });
    if (!next.ok) return next;
    planned.push(next.planned);
    facts = next.facts;
    reversible &&= next.action.reversible;
    blastRadius += next.blastRadius;
    for (const name of next.action.preconditionFields) {
      const value = live.facts[name];
      if (value !== undefined) preconditions[name] = value;
    }
  }
  // Shares of several steps add up: three small cuts are one large one.
  return { ok: true, planned, reversible, blastRadius: Math.min(blastRadius, 1), preconditions };
}

function bindExpectations(input: PlanInput) {
  const { playbook } = input.loaded;
  const expectations: Expectation[] = [];
  for (const [index, expected] of playbook.expect.entries()) {
    const { event, alarm } = input;
    const values = input.expressions.expectations[index] ?? {};
    const binding = bindExpectation({
      expected,
      values,
      playbook,
      event,
      alarm: event.alarm === undefined ? undefined : alarm,
    });
    if (!binding.ok) return binding;
    expectations.push(binding.expectation);
  }
  return { ok: true as const, expectations };
}
