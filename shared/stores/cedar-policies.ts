import {
  type AuthorizationAnswer,
  type CheckParseAnswer,
  type DetailedError,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import { cedarRequests } from '../contracts/cedar-request';
import type { CompiledPolicies, CompiledPolicy } from '../contracts/compiled-policies';
import { type PolicyRequest, policyRequest } from '../domain/policy-request';
import type { Policies, PolicyDecision } from '../ports/policy';
import { PoliciesUnreadableError } from './errors';

/**
 * Policies evaluated by Cedar, in this process: 0.2 ms a decision, after some 60 ms for the first. Deny wins, and so
 * does doubt: where a policy cannot be evaluated, Cedar by itself leaves it out, and a `forbid` would be lost.
 * @throws PoliciesUnreadableError when Cedar cannot read them
 */
export function cedarPolicies(compiled: CompiledPolicies): Policies {
  const decide = cedarDecision(compiled);
  return { version: compiled.version, decide: async (question) => decide(policyRequest(question)) };
}

/** The same for a request in plain values. Policies are read once, and kept by Cedar under their version. */
export function cedarDecision(compiled: CompiledPolicies): (request: PolicyRequest) => PolicyDecision {
  const { version, policies } = compiled;
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  readable(preparseSchema(version, JSON.parse(compiled.schema)));
  readable(preparsePolicySet(version, { staticPolicies }));
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  return (request) => {
    try {
      const requests = cedarRequests(request);
      if (requests.length === 0) return undecided('there is no target');
      let allowedBy: readonly string[] = [];
      for (const each of requests) {
        const answer = statefulIsAuthorized({
          ...each,
          preparsedSchemaName: version,
          validateRequest: true,
          preparsedPolicySetId: version,
        });
        const decision = read(answer, byId);
        if (!decision.allowed) return decision;
        allowedBy = [...new Set([...allowedBy, ...decision.policies])];
      }
      return { allowed: true, policies: allowedBy };
    } catch (error) {
      return undecided(error instanceof Error ? error.message : String(error));
    }
  };
}

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
