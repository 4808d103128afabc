import type { Contract } from '../contracts/contract';
import type { FieldResult, Outcome } from '../contracts/outcome';
import type { Plan } from '../contracts/plan';
import { effectCount, executionResult, type LedgerLine } from './ending';
import { targetKey } from './target';
import type { Status } from './transitions';

/** What is written and given back when a contract ends; the store does it in one transaction. */
export interface Ending {
  readonly outcome: Omit<Outcome, 'pk' | 'sk' | 'schemaVersion' | 'rev' | 'change'>;
  readonly held: readonly { readonly targetKey: string; readonly cooldownUntil: number }[];
  readonly waiting?: { readonly targetKey: string; readonly playbook: string };
}

/**
 * Makes the ending of a contract. A cooldown begins only where something was sent: an action that was not
 * taken must not keep the next one from its target.
 */
export function endParts(input: {
  readonly contract: Contract;
  /** `undefined` = the stored text is no plan any more; then the ledger says what is held. */
  readonly plan: Plan | undefined;
  readonly to: Status;
  readonly reason: string;
  readonly lines: readonly (LedgerLine & { readonly targetKey: string })[];
  readonly fields?: readonly FieldResult[];
  readonly at: number;
}): Ending {
  const { contract, plan, to, reason, lines, at } = input;
  const effects = effectCount(lines);
  const cooldownUntil = effects > 0 ? at + (plan?.limits.cooldownSeconds ?? 0) * 1000 : 0;
  const targets = plan?.targets.map(targetKey) ?? [];
  const held = new Set([...targets, ...lines.map((line) => line.targetKey)]);
  const waitsFor = contract.approval?.targetKey ?? targets[0];
  return {
    outcome: {
      contractId: contract.contractId,
      missionId: contract.missionId,
      playbook: contract.playbook,
      tier: contract.tier,
      status: to,
      reason,
      ...(contract.verdict === undefined ? {} : { verdict: contract.verdict }),
      ...(contract.confidence === undefined ? {} : { confidence: contract.confidence }),
      fields: [...(input.fields ?? [])],
      effects,
      result: executionResult(to, lines, Math.round((at - (contract.startedAt ?? at)) / 1000)),
      createdAt: contract.createdAt,
      endedAt: at,
    },
    held: [...held].map((key) => ({ targetKey: key, cooldownUntil })),
    ...(contract.approval !== undefined && waitsFor !== undefined
      ? { waiting: { targetKey: waitsFor, playbook: contract.playbook } }
      : {}),
  };
}
