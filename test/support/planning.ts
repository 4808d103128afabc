import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorDetected } from '../../shared/contracts/error-detected';
import { resolveExpressions, resolveTarget } from '../../shared/contracts/plan-expressions';
import { type FileProblem, readPlaybook } from '../../shared/contracts/playbook-file';
import { parseSettings } from '../../shared/contracts/settings';
import type { AlarmFacts } from '../../shared/domain/bind-expectation';
import { bindPlan, type PlanBinding, type PlanInput } from '../../shared/domain/bind-plan';
import type { Diagnosis, LoadedPlaybook } from '../../shared/domain/diagnosis';
import type { LiveTarget } from '../../shared/domain/target';

/** Builders for playbooks, events and plans. */

export const PLAYBOOKS = join(__dirname, '../../playbooks');

/** A playbook of the repository as text, with changes: each pair is text and what takes its place. */
export function playbookText(name: string, ...changes: readonly (readonly [string, string])[]): string {
  let text = readFileSync(join(PLAYBOOKS, `${name}.yaml`), 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

export function load(text: string): LoadedPlaybook {
  const reading = readPlaybook(text, 'test.yaml');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems, undefined, 1));
  return { name: reading.playbook.name, version: reading.version, playbook: reading.playbook };
}

export function problemsOf(text: string): readonly FileProblem[] {
  const reading = readPlaybook(text, 'test.yaml');
  return reading.ok ? [] : reading.problems;
}

type Alarm = NonNullable<ErrorDetected['alarm']>;

export function alarmEvent(changes: Partial<Alarm> = {}): ErrorDetected {
  return {
    eventId: 'event-1',
    type: 'error.detected',
    source: 'aws.cloudwatch',
    account: '123456789012',
    region: 'us-east-1',
    at: 1_772_445_600_000,
    correlationId: 'correlation-1',
    alarm: {
      name: 'web-latency-high',
      arn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-latency-high',
      kind: 'metric',
      state: 'ALARM',
      suppressed: false,
      reason: 'Threshold Crossed',
      metrics: [metricOf('Shop/Web', 'RequestLatency', { AutoScalingGroupName: 'web' })],
      recentValues: [0.9],
      threshold: 0.5,
      ...changes,
    },
  };
}

export function metricOf(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>) {
  return { namespace, metric, dimensions: { ...dimensions }, statistic: 'Average', periodSeconds: 60 };
}

export function errorEvent(error: Partial<NonNullable<ErrorDetected['error']>> = {}): ErrorDetected {
  const { alarm: _, ...event } = alarmEvent();
  const attributes = { instance_id: 'i-0abc1234def567890' };
  return {
    ...event,
    type: 'error.captured',
    error: { service: 'shop', name: 'HangError', message: 'stuck', attributes, ...error },
  };
}

export const GROUP = { desired_capacity: 4, min_size: 2, max_size: 10, in_service: 4 };
export const DIAGNOSIS: Diagnosis = {
  playbook: 'p',
  version: 'v',
  pattern: 'x',
  evidence: ['e'],
  why: 'w',
  alternatives: [],
};
export const ALARM: AlarmFacts = { name: 'web-latency-high', evaluationSeconds: 120, threshold: 0.5 };

interface Incident {
  readonly event?: ErrorDetected;
  readonly live?: Partial<LiveTarget>;
  /** `null` = there is no such target, or alarm. */
  readonly gone?: boolean;
  readonly alarm?: AlarmFacts | null;
  readonly input?: Partial<PlanInput>;
}

/** All steps of planning, in the order in which the sentinel takes them. */
export async function plan(text: string, incident: Incident = {}): Promise<PlanBinding> {
  const loaded = load(text);
  const { event = alarmEvent(), alarm = ALARM } = incident;
  const resolution = await resolveTarget(loaded.playbook, event);
  if (!resolution.ok) return resolution;
  const { target } = resolution;
  const live: LiveTarget = { target, managed: true, tags: {}, facts: GROUP, ...incident.live };
  const resolved = await resolveExpressions({ playbook: loaded.playbook, event, target, live });
  if (!resolved.ok) return resolved;
  return bindPlan({
    loaded,
    diagnosis: DIAGNOSIS,
    event,
    target,
    live: incident.gone === true ? undefined : live,
    alarm: alarm ?? undefined,
    expressions: resolved.expressions,
    settings: parseSettings({}),
    lastTen: '',
    contractId: 'contract-1',
    fingerprint: '0'.repeat(64),
    policyVersion: 'policy-1',
    now: 1_000_000,
    ...incident.input,
  });
}

export async function codeOf(binding: Promise<PlanBinding>): Promise<string> {
  const result = await binding;
  return result.ok ? 'planned' : result.code;
}
