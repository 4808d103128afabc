import type { CompiledPolicy } from '../../shared/contracts/compiled-policies';
import type { Contract } from '../../shared/contracts/contract';
import type { FieldResult } from '../../shared/contracts/outcome';
import type { Plan } from '../../shared/contracts/plan';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { agreement } from '../../shared/domain/agreement';
import { contractKey } from '../../shared/domain/keys';
import type { ApprovedBy } from '../../shared/domain/policy-request';
import { isEnd } from '../../shared/domain/transitions';
import type { PolicyDecision } from '../../shared/ports/policy';
import { auditStore } from '../../shared/stores/audit-store';
import { cedarPolicies } from '../../shared/stores/cedar-policies';
import { contractStore } from '../../shared/stores/contract-store';
import { outcomeReader } from '../../shared/stores/evidence-rows';
import { policyStore } from '../../shared/stores/policy-store';
import type { Backend } from '../backend/backend';

/** Why a contract stands where it stands: each thing that had a say, in the order in which it had it. */
export interface Explanation {
  readonly contractId: string;
  readonly status: string;
  readonly reason: string | null;
  /** `null`: the stored plan is none any more. */
  readonly tier: { readonly tier: number; readonly reasons: readonly string[] } | null;
  readonly policy: PolicyExplanation;
  readonly votes: VotesExplanation | null;
  readonly gate: { readonly passed: boolean; readonly at: string | null };
  readonly verdict: {
    readonly verdict: string;
    readonly confidence: number | null;
    readonly fields: readonly FieldResult[];
  } | null;
  /** Every change of the contract, as the audit log has it. */
  readonly moves: readonly {
    readonly seq: number;
    readonly at: string;
    readonly event: string;
    readonly actor: string;
    readonly reason: string;
  }[];
}

interface PolicyExplanation {
  /** SHA-256 of the policies that the plan was made under. */
  readonly version: string | null;
  /** `recorded` with the contract when it was admitted or refused; `replayed` now, of the frozen plan, by the policies of that version. */
  readonly basis: 'recorded' | 'replayed' | null;
  readonly decision: string | null;
  /** The policies that decided; text and reason only where that version is stored. */
  readonly by: readonly (Pick<CompiledPolicy, 'id'> & Partial<CompiledPolicy>)[];
  readonly detail: string | null;
}

interface VotesExplanation {
  readonly quorum: number;
  readonly approvedBy: ApprovedBy;
  readonly eligible: readonly string[];
  readonly excluded: readonly string[];
  readonly votes: readonly {
    readonly subject: string;
    /** The delegate who spoke for them. */
    readonly by: string | null;
    readonly decision: string;
    readonly at: string;
    readonly reason: string;
  }[];
}

/** Reads contract, plan, outcome, policies and audit log of a deployment. */
export async function explainContract(backend: Backend, contract: Contract): Promise<Explanation> {
  const { contractId, status } = contract;
  const stored = await contractStore(backend.state).planIfReadable(contractId);
  const outcome = await outcomeReader(backend.state).outcome(contractId);
  const { startedAt } = contract;
  return {
    contractId,
    status,
    reason: outcome?.reason ?? contract.reason ?? null,
    tier: stored === undefined ? null : { tier: stored.plan.tier, reasons: stored.plan.tierReasons },
    policy: await explainPolicy(backend, contract, stored?.plan),
    votes: stored === undefined ? null : explainVotes(contract, stored.plan),
    gate: { passed: startedAt !== undefined, at: startedAt === undefined ? null : timeText(startedAt) },
    verdict:
      contract.verdict === undefined
        ? null
        : {
            verdict: contract.verdict,
            confidence: contract.confidence ?? null,
            fields: outcome?.fields ?? [],
          },
    moves: await movesOf(backend, contractId),
  };
}

async function explainPolicy(
  backend: Backend,
  contract: Contract,
  plan: Plan | undefined,
): Promise<PolicyExplanation> {
  const version = plan?.policyVersion ?? null;
  const compiled = version === null ? undefined : await policyStore(backend.state).version(version);
  const named = (ids: readonly string[]) =>
    ids.map((id) => compiled?.policies.find((policy) => policy.id === id) ?? { id });
  const { policy } = contract;
  if (policy !== undefined) {
    const by = named(policy.by);
    const detail = by.map((each) => ('reason' in each ? each.reason : each.id)).join(' ');
    return { version, basis: 'recorded', decision: policy.decision, by, detail: detail || null };
  }
  // Of what was let through after people agreed, nothing more is written: plan, votes and policies say it again.
  const wasAsked = contract.startedAt !== undefined || !isEnd(contract.status);
  if (compiled === undefined || plan === undefined || !wasAsked)
    return { version, basis: null, decision: null, by: [], detail: null };
  const decision: PolicyDecision = await cedarPolicies(compiled).decide({
    action: 'execute',
    plan,
    approvedBy: agreement(contract, plan),
    now: contract.startedAt ?? contract.change.at,
  });
  return {
    version,
    basis: 'replayed',
    decision: decision.allowed ? 'ALLOWED' : decision.code,
    by: named(decision.policies),
    detail: decision.allowed ? null : decision.detail,
  };
}

function explainVotes(contract: Contract, plan: Plan): VotesExplanation | null {
  const { approval } = contract;
  if (approval === undefined) return null;
  return {
    quorum: approval.quorum,
    approvedBy: agreement(contract, plan),
    eligible: approval.eligible,
    excluded: [...approval.excluded].sort(),
    votes: Object.entries(approval.votes)
      .sort(([, a], [, b]) => a.at - b.at)
      .map(([subject, { by, decision, at, reason }]) => ({
        subject,
        by: by ?? null,
        decision,
        at: timeText(at),
        reason,
      })),
  };
}

async function movesOf(backend: Backend, contractId: string): Promise<Explanation['moves']> {
  const log = auditStore(backend.audit, { clock: backend.clock, random: Math.random });
  const { pk, sk } = contractKey(contractId);
  return (await log.entriesOf({ contractId }))
    .map(({ leaf }) => readAuditBody(leaf))
    .filter(({ item }) => item.pk === pk && item.sk === sk)
    .map(({ seq, sequencedAt, event, actor, reason }) => ({
      seq,
      at: timeText(sequencedAt),
      event,
      actor,
      reason,
    }));
}

const timeText = (at: number): string => new Date(at).toISOString();
