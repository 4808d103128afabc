import type { Contract } from '../../../shared/contracts/contract';
import { type ErrorDetected, ErrorDetected as ErrorSchema } from '../../../shared/contracts/error-detected';
import type { Plan } from '../../../shared/contracts/plan';
import { sha256Hex } from '../../../shared/domain/digest';
import { planText, planTextHash } from '../../../shared/domain/plan-hash';
import type { ErrorStore, RecordInput } from '../../../shared/ports/stores';
import { ACCOUNT, REGION, START } from './plan';

export function buildError(eventId: string, changes: Partial<ErrorDetected> = {}): ErrorDetected {
  return ErrorSchema.parse({
    eventId,
    type: 'error.detected',
    source: 'shop.checkout',
    account: ACCOUNT,
    region: REGION,
    at: START,
    correlationId: `request-${eventId}`,
    error: { service: 'checkout', name: 'HangError', message: 'stuck', attributes: {} },
    ...changes,
  });
}

/** What the sentinel records when it has planned. */
export function buildRecord(plan: Plan, changes: Partial<RecordInput> = {}): RecordInput {
  const text = planText(plan);
  const { contractId } = plan;
  return {
    intake: {
      event: buildError(`event-of-${contractId}`),
      digest: sha256Hex(`digest of ${contractId}`),
      fingerprint: plan.fingerprint,
      decision: 'PLANNED',
      detail: 'planned by a test',
      missionId: `mission-of-${contractId}`,
      contractId,
    },
    windowUntil: START + 300_000,
    newMission: true,
    planned: { plan, text, planHash: planTextHash(text), mode: 'act' },
    why: { actor: 'sentinel', reason: 'PLANNED', at: START },
    ...changes,
  };
}

/** Puts a contract into the store as the sentinel does, and reads it back. */
export async function recordContract(
  stores: {
    readonly errors: ErrorStore;
    readonly contracts: { get(id: string): Promise<Contract | undefined> };
  },
  plan: Plan,
  mode: 'act' | 'observe' = 'act',
): Promise<Contract> {
  const record = buildRecord(plan);
  const planned = { ...(record.planned as NonNullable<RecordInput['planned']>), mode };
  const written = await stores.errors.record({ ...record, planned });
  const contract = await stores.contracts.get(plan.contractId);
  if (written !== 'recorded' || contract === undefined) throw new Error(`contract not made: ${written}`);
  return contract;
}
