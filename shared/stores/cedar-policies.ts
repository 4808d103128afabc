import {
  type AuthorizationAnswer,
  type CheckParseAnswer,
  type DetailedError,
  preparsePolicySet,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import { cedarRequests } from '../contracts/cedar-request';
import type { CompiledPolicies, CompiledPolicy } from '../contracts/compiled-policies';
import { type PolicyRefusal, type PolicyRequest, policyRequest } from '../domain/policy-request';
import type { Policies, PolicyDecision } from '../ports/policy';
import { PoliciesUnreadableError } from './errors';

/**
 * Policies evaluated by Cedar, in this process. Deny wins, and so does doubt: where a policy cannot be evaluated, Cedar
 * by itself leaves it out, and a `forbid` would be lost. The schema was held to the policies at synth, and tests hold
 * the requests to it: reading it here too would cost half of the cold start.
 * @throws PoliciesUnreadableError when Cedar cannot read them
 */
export function cedarPolicies(compiled: CompiledPolicies): Policies {
  const evaluate = evaluator(compiled);
  return {
    version: compiled.version,
    decide: async (question) => orUndecided(() => evaluate(policyRequest(question))),
  };
}

/** The same for a request in plain values. */
export function cedarDecision(compiled: CompiledPolicies): (request: PolicyRequest) => PolicyDecision {
  const evaluate = evaluator(compiled);
  return (request) => orUndecided(() => evaluate(request));
}

/** Whatever goes wrong is no decision, and no decision is a no. */
function orUndecided(decide: () => PolicyDecision): PolicyDecision {
  try {
    return decide();
  } catch (error) {
    return undecided(error instanceof Error ? error.message : String(error));
  }
}

/** Policies are read once, and kept by Cedar under their version. */
function evaluator(compiled: CompiledPolicies): (request: PolicyRequest) => PolicyDecision {
  const { version, policies } = compiled;
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  readable(preparsePolicySet(version, { staticPolicies }));
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  return (request) => {
    const requests = cedarRequests(request);
    if (requests.length === 0) return undecided('there is no target');
    return requests
      .map((each) => read(statefulIsAuthorized({ ...each, preparsedPolicySetId: version }), byId))
      .reduce(stricter);
  };
}

/** Of two targets' decisions, the one that allows less; of two that are alike, both. */
function stricter(one: PolicyDecision, other: PolicyDecision): PolicyDecision {
  const [a, b] = [strictness(one), strictness(other)];
  if (a !== b) return a > b ? one : other;
  return { ...one, policies: [...new Set([...one.policies, ...other.policies])].sort() };
}

const STRICTNESS: readonly PolicyRefusal[] = [
  'NOT_PERMITTED',
  'POLICY_ERROR',
  'POLICY_FORBIDS',
  'CONSTITUTION',
];
const strictness = (decision: PolicyDecision): number =>
  decision.allowed ? -1 : STRICTNESS.indexOf(decision.code);

function read(answer: AuthorizationAnswer, byId: ReadonlyMap<string, CompiledPolicy>): PolicyDecision {
  if (answer.type === 'failure') return undecided(text(answer.errors));
  const { decision, diagnostics } = answer.response;
  const reasons = [...diagnostics.reason].sort();
  const decided = reasons.map((id) => byId.get(id)).filter((policy) => policy !== undefined);
  if (decision === 'deny' && decided.length > 0) {
    const supreme = decided.filter(({ constitution }) => constitution);
    const deciding = supreme.length > 0 ? supreme : decided;
    return {
      allowed: false,
      code: supreme.length > 0 ? 'CONSTITUTION' : 'POLICY_FORBIDS',
      policies: deciding.map(({ id }) => id),
      detail: deciding.map(({ reason }) => reason).join(' '),
    };
  }
  if (diagnostics.errors.length > 0) {
    const failed = diagnostics.errors.map(({ policyId }) => policyId).sort();
    return { ...undecided(text(diagnostics.errors.map(({ error }) => error))), policies: failed };
  }
  if (decision === 'allow') return { allowed: true, policies: reasons };
  return { allowed: false, code: 'NOT_PERMITTED', policies: [], detail: 'no policy permits it' };
}

const undecided = (detail: string) => ({
  allowed: false as const,
  code: 'POLICY_ERROR' as const,
  policies: [] as readonly string[],
  detail,
});

const text = (errors: readonly Pick<DetailedError, 'message'>[]): string =>
  errors.map(({ message }) => message).join('; ') || 'Cedar gave no reason';

function readable(answer: CheckParseAnswer): void {
  if (answer.type === 'failure') throw new PoliciesUnreadableError(text(answer.errors));
}
