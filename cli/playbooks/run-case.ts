import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../../shared/contracts/plan';
import { resolveExpressions, resolveTarget } from '../../shared/contracts/plan-expressions';
import { parseSettings } from '../../shared/contracts/settings';
import type { AlarmFacts } from '../../shared/domain/bind-expectation';
import { bindPlan } from '../../shared/domain/bind-plan';
import { compilePatterns, type LoadedPlaybook } from '../../shared/domain/diagnosis';
import { fingerprint } from '../../shared/domain/fingerprint';
import { type PlanRefusal, refusePlan } from '../../shared/domain/plan-steps';
import type { LiveTarget, Target } from '../../shared/domain/target';
import { MANAGED_TAG } from '../../shared/names';
import type { PlaybookCase } from './case-file';

export interface CaseResult {
  readonly file: string;
  readonly summary: string;
  readonly passed: boolean;
  /** `none`, or the playbook that the diagnosis chose. */
  readonly playbook: string;
  readonly why: string;
  readonly plan?: Plan;
  readonly refusal?: { readonly code: string; readonly message: string };
  /** What differs from what the case expects. */
  readonly differences: readonly string[];
}

interface Outcome {
  readonly playbook: string;
  readonly why: string;
  readonly binding?: { readonly ok: true; readonly plan: Plan } | PlanRefusal;
}

export async function runCase(
  playbooks: readonly LoadedPlaybook[],
  { file, incident }: { readonly file: string; readonly incident: PlaybookCase },
): Promise<CaseResult> {
  const outcome = await planFor(playbooks, incident);
  const differences = differencesOf(incident.expect, outcome);
  const { binding } = outcome;
  return {
    file,
    summary: incident.summary,
    passed: differences.length === 0,
    playbook: outcome.playbook,
    why: outcome.why,
    ...(binding?.ok === true ? { plan: binding.plan } : {}),
    ...(binding?.ok === false ? { refusal: { code: binding.code, message: binding.message } } : {}),
    differences,
  };
}

async function planFor(playbooks: readonly LoadedPlaybook[], incident: PlaybookCase): Promise<Outcome> {
  const { event } = incident;
  const diagnosis = compilePatterns(playbooks)(event);
  const loaded = playbooks.find((each) => each.name === diagnosis?.playbook);
  if (diagnosis === undefined || loaded === undefined) return { playbook: 'none', why: 'no pattern matches' };
  const decided = { playbook: loaded.name, why: diagnosis.why };
  const resolution = await resolveTarget(loaded.playbook, event);
  if (!resolution.ok) return { ...decided, binding: resolution };
  const { target } = resolution;
  const live = liveTarget(incident, target);
  if (live === undefined)
    return { ...decided, binding: refusePlan('TARGET_NOT_FOUND', 'the case has no target') };
  const resolved = await resolveExpressions({ playbook: loaded.playbook, event, target, live });
  if (!resolved.ok) return { ...decided, binding: resolved };
  const binding = bindPlan({
    loaded,
    diagnosis,
    event,
    target,
    live,
    alarm: liveAlarm(incident),
    expressions: resolved.expressions,
    settings: parseSettings({}),
    lastTen: incident.last_ten,
    contractId: 'case',
    fingerprint: fingerprint(event),
    policyVersion: 'case',
    now: event.at,
  });
  return { ...decided, binding };
}

function liveTarget({ target: found }: PlaybookCase, target: Target): LiveTarget | undefined {
  if (found === undefined) return undefined;
  const managed = found.tags[MANAGED_TAG.key] === MANAGED_TAG.value;
  return { target, managed, tags: found.tags, facts: found.facts };
}

function liveAlarm({ alarm, event }: PlaybookCase): AlarmFacts | undefined {
  if (alarm === undefined || event.alarm === undefined) return undefined;
  const { evaluation, threshold, comparison } = alarm;
  return {
    name: event.alarm.name,
    evaluationSeconds: evaluation,
    ...(threshold === undefined ? {} : { threshold }),
    ...(comparison === undefined ? {} : { comparison }),
  };
}

function differencesOf(expected: PlaybookCase['expect'], { playbook, binding }: Outcome): string[] {
  const differences: string[] = [];
  const compare = (what: string, actual: unknown, wanted: unknown) => {
    if (isDeepStrictEqual(actual, wanted)) return;
    differences.push(`${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(wanted)}`);
  };
  compare('playbook', playbook, expected.playbook);
  if (!('tier' in expected)) {
    compare(
      'refusal',
      binding?.ok === false ? binding.code : undefined,
      'refused' in expected ? expected.refused : undefined,
    );
    return differences;
  }
  if (binding?.ok !== true) {
    differences.push(
      `no plan was made: ${binding === undefined ? 'no playbook' : `${binding.code}, ${binding.message}`}`,
    );
    return differences;
  }
  const { plan } = binding;
  compare('tier', plan.tier, expected.tier);
  compare('target', plan.targets[0]?.id, expected.target);
  for (const [id, intended] of Object.entries(expected.intended ?? {})) {
    compare(`step ${id} sets`, plan.steps.find((step) => step.id === id)?.intended, intended);
  }
  return differences;
}
