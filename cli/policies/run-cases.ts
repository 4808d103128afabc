import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { FileProblem } from '../../shared/contracts/playbook-file';
import { compilePolicies, type PlacedPolicy } from '../../shared/contracts/policy-files';
import { environmentOf } from '../../shared/domain/environment';
import type { PolicyRequest } from '../../shared/domain/policy-request';
import type { PolicyDecision } from '../../shared/ports/policy';
import { cedarDecision } from '../../shared/stores/cedar-policies';
import { UnusableError } from '../errors';
import { type PolicyCase, readPolicyCases } from './case-file';
import { policyCaseTexts, policyTexts } from './policy-directory';

export interface PolicyCheck {
  readonly ok: boolean;
  readonly files: number;
  /** `null` where there are problems. */
  readonly version: string | null;
  readonly policies: readonly Omit<PlacedPolicy, 'text'>[];
  readonly problems: readonly FileProblem[];
}

/** Reads every policy with every check. */
export function checkPolicies(directory: string): PolicyCheck {
  const texts = policyTexts(directory);
  const compilation = compilePolicies(texts);
  const files = texts.length;
  if (!compilation.ok)
    return { ok: false, files, version: null, policies: [], problems: compilation.problems };
  const policies = compilation.policies.map(({ text: _text, ...policy }) => policy);
  return { ok: true, files, version: compilation.compiled.version, policies, problems: [] };
}

/**
 * The policies of a directory, checked.
 * @throws UnusableError naming the first problem
 */
export function loadPolicies(directory: string): CompiledPolicies {
  const compilation = compilePolicies(policyTexts(directory));
  if (compilation.ok) return compilation.compiled;
  const [first] = compilation.problems;
  throw new UnusableError(
    `the policies cannot be used: ${first?.file}:${first?.line} ${first?.field}: ${first?.message}; fix: ${first?.fix}`,
  );
}

export interface PolicyCaseResult {
  readonly file: string;
  readonly summary: string;
  readonly passed: boolean;
  readonly decision: PolicyDecision;
  /** What differs from what the case expects. */
  readonly differences: readonly string[];
}

export interface PolicyTest {
  readonly ok: boolean;
  readonly cases: readonly PolicyCaseResult[];
  /** Policies that decided in no case, whether for or against. */
  readonly untested: readonly string[];
  readonly problems: readonly FileProblem[];
}

/** Asks the policies every question in `cases/`. A policy that no case meets is a problem too: nobody knows what it does. */
export function testPolicies(directory: string): PolicyTest {
  const compilation = compilePolicies(policyTexts(directory));
  if (!compilation.ok) return { ok: false, cases: [], untested: [], problems: compilation.problems };
  const decide = cedarDecision(compilation.compiled);
  const problems: FileProblem[] = [];
  const cases: PolicyCaseResult[] = [];
  for (const { file, text } of policyCaseTexts(directory)) {
    const reading = readPolicyCases(text, file);
    if (!reading.ok) problems.push(...reading.problems);
    else cases.push(...reading.cases.map((each) => runCase(each, { file: basename(file), decide })));
  }
  const met = new Set(cases.flatMap(({ decision }) => decision.policies));
  const untested = compilation.policies.map(({ id }) => id).filter((id) => !met.has(id));
  const ok = problems.length === 0 && untested.length === 0 && cases.every(({ passed }) => passed);
  return { ok, cases, untested, problems };
}

function runCase(
  policyCase: PolicyCase,
  { file, decide }: { readonly file: string; readonly decide: (request: PolicyRequest) => PolicyDecision },
): PolicyCaseResult {
  const decision = decide(requestOf(policyCase));
  const differences = differencesOf(policyCase.expect, decision);
  return { file, summary: policyCase.summary, passed: differences.length === 0, decision, differences };
}

function requestOf(asked: PolicyCase): PolicyRequest {
  const { action, person, targets, tier, playbook, actions, reversible, share, quorum, excluded, calendar } =
    asked;
  return {
    action,
    ...(person === undefined
      ? {}
      : {
          person: {
            subject: person.subject,
            roles: person.roles,
            ...(person.signed_in === undefined ? {} : { authenticatedSecondsAgo: person.signed_in }),
          },
        }),
    targets: targets.map((target) => ({ ...target, environment: environmentOf(target.tags) })),
    tier,
    playbook,
    actions,
    reversible,
    share,
    approvedBy: asked.approved_by,
    quorum,
    excluded,
    calendar,
    now: Date.parse(asked.time),
  };
}

function differencesOf(expected: PolicyCase['expect'], decision: PolicyDecision): string[] {
  const wanted =
    'refused' in expected
      ? { answer: expected.refused as string, by: [...expected.by].sort() }
      : { answer: 'allowed', by: [...expected.allowed_by].sort() };
  const given = {
    answer: decision.allowed ? 'allowed' : decision.code,
    by: [...decision.policies].sort(),
  };
  if (isDeepStrictEqual(given, wanted)) return [];
  const detail = decision.allowed ? '' : ` (${decision.detail})`;
  return [`${given.answer} by ${list(given.by)}, expected ${wanted.answer} by ${list(wanted.by)}${detail}`];
}

const list = (ids: readonly string[]): string => (ids.length === 0 ? 'none' : ids.join(', '));
