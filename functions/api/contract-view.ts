import type {
  ApprovalView,
  ContractDetail,
  ContractRow,
  PlannedChange,
  PlanView,
  SnapshotRow,
  TimelineEntry,
} from '../../shared/contracts/api/contracts';
import type { Approval } from '../../shared/contracts/contract';
import { type Contract, LedgerStep } from '../../shared/contracts/contract';
import { Outcome } from '../../shared/contracts/outcome';
import type { Plan } from '../../shared/contracts/plan';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { Measurement, SnapshotItem } from '../../shared/contracts/state-items';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import type { Expectation } from '../../shared/domain/expectation';
import { targetKey } from '../../shared/domain/target';
import { sentenceOf } from '../../shared/domain/verdict';
import type { StoredPlan } from '../../shared/ports/contract-store';

/** Stored items as the API shows them. */

export const timeOf = (at: number): string => new Date(at).toISOString();
const timeOrNull = (at: number | undefined): string | null => (at === undefined ? null : timeOf(at));

export function contractRow(contract: Contract): ContractRow {
  return {
    contractId: contract.contractId,
    status: contract.status,
    mode: contract.mode,
    tier: contract.tier,
    playbook: contract.playbook,
    missionId: contract.missionId,
    correlationId: contract.correlationId,
    reason: contract.reason ?? null,
    verdict: contract.verdict ?? null,
    confidence: contract.confidence ?? null,
    planHash: contract.planHash,
    createdAt: timeOf(contract.createdAt),
    executeBy: timeOf(contract.executeBy),
    startedAt: timeOrNull(contract.startedAt),
    lookAt: timeOrNull(contract.lookAt),
    endedAt: timeOrNull(contract.endedAt),
    rev: contract.rev,
  };
}

/** Everything of a contract: its partition, its plan as stored, its entries of the audit log. */
export function contractDetail(
  contract: Contract,
  parts: {
    readonly story: readonly Readonly<Record<string, unknown>>[];
    readonly plan: StoredPlan | undefined;
    /** Keys of targets that this contract froze. */
    readonly frozen: readonly string[];
    readonly entries: readonly StoredEntry[];
  },
): ContractDetail {
  const rows = (prefix: string) => parts.story.filter(({ sk }) => String(sk).startsWith(prefix));
  const [outcome] = rows('OUTCOME').map((row) => Outcome.parse(row));
  const { event, actor, reason, at } = contract.change;
  return {
    ...contractRow(contract),
    change: { event, actor, reason, at: timeOf(at) },
    plan: parts.plan === undefined ? null : planView(contract, parts.plan),
    policy: contract.policy ?? null,
    approval: contract.approval === undefined ? null : approvalView(contract.approval),
    steps: rows('STEP#')
      .map((row) => LedgerStep.parse(row))
      .map((step) => ({
        n: step.n,
        direction: step.direction,
        state: step.state,
        action: step.action,
        target: step.targetKey,
        intended: step.intended,
        prior: step.prior,
        intentAt: timeOf(step.intentAt),
        outcome: step.outcome ?? null,
      })),
    snapshots: rows('SNAPSHOT#').map((row) => snapshotRow(contract.contractId, row)),
    measurements: rows('BENCHMARK#').map(measurementView),
    outcome:
      outcome === undefined
        ? null
        : {
            status: outcome.status,
            reason: outcome.reason,
            verdict: outcome.verdict ?? null,
            confidence: outcome.confidence ?? null,
            fields: outcome.fields,
            effects: outcome.effects,
            endedAt: timeOf(outcome.endedAt),
          },
    frozen: [...parts.frozen],
    timeline: parts.entries.map(timelineEntry),
  };
}

export function planView(contract: Pick<Contract, 'planHash'>, { plan, hash }: StoredPlan): PlanView {
  return {
    hash,
    unchanged: hash === contract.planHash,
    playbook: plan.playbook,
    account: plan.account,
    region: plan.region,
    targets: plan.targets.map((target) => ({ ...target, key: targetKey(target) })),
    steps: plan.steps.map((step) => ({
      id: step.id,
      action: step.action,
      target: targetKey(step.target),
      parameters: step.parameters,
    })),
    changes: plan.steps.flatMap(changesOf),
    undo: plan.undo,
    preconditions: plan.preconditions,
    effect: {
      hash: plan.effect.hash,
      settleSeconds: plan.effect.settleSeconds,
      windowSeconds: plan.effect.windowSeconds,
      expectations: plan.effect.expectations.map((expectation) => ({
        text: expectationText(expectation as Expectation),
        expectation,
      })),
    },
    tier: plan.tier,
    tierReasons: plan.tierReasons,
    quorum: plan.quorum,
    proposer: plan.proposer,
    requestedBy: plan.requestedBy ?? [],
    authors: plan.authors ?? [],
    policyVersion: plan.policyVersion,
    expiresAt: timeOf(plan.expiresAt),
    executeBy: timeOf(plan.executeBy),
    diagnosis: plan.diagnosis,
    alarm: plan.alarm?.name ?? null,
  };
}

/** What a step changes; a step that sets no value happens, and that is its change. */
function changesOf({ id, action, target, intended, prior }: Plan['steps'][number]): PlannedChange[] {
  const step = { step: id, action, target: targetKey(target) };
  const fields = Object.keys(prior);
  if (fields.length === 0) return [{ ...step, field: action, from: null, to: null }];
  return fields.map((field) => ({
    ...step,
    field,
    from: prior[field] ?? null,
    to: intended[field] ?? null,
  }));
}

/** In one line, what a plan does: for a list of requests. */
export function planSummary(plan: Plan): string {
  return plan.steps
    .flatMap(changesOf)
    .map(({ action, target, field, from, to }) =>
      from === null && to === null
        ? `${action} on ${target}`
        : `${action} on ${target}: ${field} from ${from} to ${to}`,
    )
    .join('; ');
}

function expectationText(expected: Expectation): string {
  return expected.kind === 'alarm' ? `alarm ${expected.alarm} ${sentenceOf(expected)}` : sentenceOf(expected);
}

export function approvalView(approval: Approval): ApprovalView {
  const votes = Object.entries(approval.votes).map(([subject, vote]) => ({
    subject,
    decision: vote.decision,
    at: timeOf(vote.at),
    planHash: vote.planHash,
    reason: vote.reason,
    by: vote.by ?? null,
  }));
  return {
    planHash: approval.planHash,
    generation: approval.generation,
    quorum: approval.quorum,
    approvals: votes.filter(({ decision }) => decision === 'approve').length,
    denials: votes.filter(({ decision }) => decision === 'deny').length,
    eligible: approval.eligible,
    excluded: [...approval.excluded].sort(),
    proposer: approval.proposer,
    policyVersion: approval.policyVersion,
    requestedAt: timeOf(approval.requestedAt),
    expiresAt: timeOf(approval.expiresAt),
    escalation: approval.escalation ?? [],
    escalatedAt: timeOrNull(approval.escalatedAt),
    brokenBy: approval.brokenBy ?? null,
    replanning: approval.replanSince !== undefined,
    votes,
  };
}

export function snapshotRow(contractId: string, row: Readonly<Record<string, unknown>>): SnapshotRow {
  const { n, hash, takenAt } = snapshotItem(row);
  return { contractId, n, hash, takenAt: timeOf(takenAt) };
}

/** A stored row without what every item has. */
export function snapshotItem(row: Readonly<Record<string, unknown>>): SnapshotItem {
  const { n, name, hash, takenAt } = row;
  return SnapshotItem.parse({ n, name, hash, takenAt });
}

export function measurementView(
  row: Readonly<Record<string, unknown>>,
): ContractDetail['measurements'][number] {
  const { phase, n, measuredAt, endsAt, observations } = row;
  const seen = Measurement.parse({ phase, n, measuredAt, endsAt, observations });
  return { ...seen, measuredAt: timeOf(seen.measuredAt), endsAt: timeOf(seen.endsAt) };
}

export function timelineEntry({ leaf, link }: StoredEntry): TimelineEntry {
  const body = readAuditBody(leaf);
  return {
    seq: body.seq,
    at: timeOf(body.sequencedAt),
    item: `${body.item.pk}/${body.item.sk}`,
    rev: body.rev,
    event: body.event,
    actor: body.actor,
    inVoiceOf: body.inVoiceOf ?? null,
    reason: body.reason,
    changed: body.changed,
    attributed: body.attributed,
    link: Buffer.from(link).toString('hex'),
  };
}
