import type { ExpectationValues } from '../domain/bind-expectation';
import type { ResolvedExpressions } from '../domain/bind-plan';
import { type Facts, type PlanRefusal, planStep, refusePlan } from '../domain/plan-steps';
import type { Scalar } from '../domain/scalar';
import { orderSteps } from '../domain/step-order';
import type { LiveTarget, Target } from '../domain/target';
import { targetIdFault } from '../domain/target-id';
import type { ErrorDetected } from './error-detected';
import { type ExpressionScope, evaluateExpression } from './expression';
import { suspiciousIdentifier } from './identifier-text';
import type { Playbook } from './playbook';

/** The asynchronous half of planning: what the playbook's expressions give for one incident. */

export type TargetResolution = { readonly ok: true; readonly target: Target } | PlanRefusal;

/**
 * The one resource that the playbook acts on, told by the event: kind from the playbook, account and
 * region from the event. Codes: TARGET_UNKNOWN (the expression gives nothing, or no text),
 * TARGET_SUSPICIOUS (text that is not plain), TARGET_MALFORMED (not a name of that kind: an ARN, say).
 */
export async function resolveTarget(playbook: Playbook, event: ErrorDetected): Promise<TargetResolution> {
  const { kind, id } = playbook.target;
  const evaluation = await evaluateExpression(id, eventScope(event));
  if (!evaluation.ok) return refusePlan('TARGET_UNKNOWN', evaluation.message);
  const { value } = evaluation;
  if (typeof value !== 'string')
    return refusePlan('TARGET_UNKNOWN', `${id} gives a ${typeof value}, not a name`);
  const fault = suspiciousIdentifier(value);
  if (fault !== undefined)
    return refusePlan('TARGET_SUSPICIOUS', `the target's name is not plain text: ${fault}`);
  const malformed = targetIdFault(kind, value);
  if (malformed !== undefined) return refusePlan('TARGET_MALFORMED', malformed);
  return { ok: true, target: { kind, region: event.region, account: event.account, id: value } };
}

/** What every expression sees of the event. */
function eventScope(event: ErrorDetected): ExpressionScope {
  return {
    alarm: event.alarm,
    error: event.error,
    dimensions: agreedDimensions(event),
    attributes: event.error?.attributes ?? {},
  };
}

/** Dimensions of the alarm's metrics, merged. A name on which two metrics disagree points nowhere. */
function agreedDimensions(event: ErrorDetected): Readonly<Record<string, string>> {
  const values = new Map<string, string | undefined>();
  for (const { dimensions } of event.alarm?.metrics ?? []) {
    for (const [name, value] of Object.entries(dimensions)) {
      values.set(name, values.has(name) && values.get(name) !== value ? undefined : value);
    }
  }
  return Object.fromEntries([...values].filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export interface ExpressionInput {
  readonly playbook: Playbook;
  readonly event: ErrorDetected;
  readonly target: Target;
  readonly live: LiveTarget;
}
export type ExpressionResolution =
  | { readonly ok: true; readonly expressions: ResolvedExpressions }
  | PlanRefusal;

/**
 * Evaluates parameters in the order of the steps (a step sees what earlier ones plan, as
 * `planned.<step>` and `parameters.<step>`), then what is expected. `target` is the facts as the step
 * will find them; expectations see the live ones. Codes: BAD_EXPRESSION, and those of `planStep`.
 */
export async function resolveExpressions(input: ExpressionInput): Promise<ExpressionResolution> {
  const { playbook, event, target, live } = input;
  const order = orderSteps(playbook.steps);
  if (!order.ok)
    return refusePlan('CYCLIC_STEPS', `the steps wait for each other: ${order.cycle.join(' after ')}`);
  const fromEvent = eventScope(event);
  const parameters: Record<string, Facts> = {};
  const planned: Record<string, Facts> = {};
  let facts: Facts = live.facts;
  for (const step of order.steps) {
    const values = await evaluateAll(step.parameters, { ...fromEvent, target: facts, planned, parameters });
    if (!values.ok) return values;
    parameters[step.id] = values.values;
    const next = planStep({ step, target, facts, parameters: values.values });
    if (!next.ok) return next;
    planned[step.id] = next.planned.intended;
    facts = next.facts;
  }
  const scope: ExpressionScope = { ...fromEvent, target: live.facts, planned, parameters };
  const expectations: ExpectationValues[] = [];
  for (const expected of playbook.expect) {
    const values = await expectationValues(expected, scope);
    if (!values.ok) return values;
    expectations.push(values.values);
  }
  return { ok: true, expressions: { parameters, expectations } };
}

type Values<V> = { readonly ok: true; readonly values: V } | PlanRefusal;

async function expectationValues(
  expected: Playbook['expect'][number],
  scope: ExpressionScope,
): Promise<Values<ExpectationValues>> {
  if ('resource' in expected) {
    const entry = expected.equals ?? expected.at_least ?? expected.at_most;
    if (entry === undefined) return { ok: true, values: {} };
    const value = await evaluateExpression(entry, scope);
    return value.ok
      ? { ok: true, values: { value: value.value } }
      : refusePlan('BAD_EXPRESSION', value.message);
  }
  if (!('metric' in expected) || expected.metric === 'triggering') return { ok: true, values: {} };
  const found = await evaluateAll(expected.metric.dimensions, scope);
  if (!found.ok) return found;
  const dimensions: Record<string, string> = {};
  for (const [name, value] of Object.entries(found.values)) {
    if (typeof value !== 'string')
      return refusePlan('BAD_EXPRESSION', `dimension ${name} must be text, not ${value}`);
    dimensions[name] = value;
  }
  return { ok: true, values: { dimensions } };
}

async function evaluateAll(entries: Facts, scope: ExpressionScope): Promise<Values<Facts>> {
  const values: Record<string, Scalar> = {};
  for (const [name, entry] of Object.entries(entries)) {
    const evaluation = await evaluateExpression(entry, scope);
    if (!evaluation.ok) return refusePlan('BAD_EXPRESSION', `${name}: ${evaluation.message}`);
    values[name] = evaluation.value;
  }
  return { ok: true, values };
}
