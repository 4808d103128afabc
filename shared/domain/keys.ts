import { sha256Hex } from './digest';

/** Keys of the state table, in one place. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

export const contractKey = (contractId: string): ItemKey => ({
  pk: `CONTRACT#${contractId}`,
  sk: 'CONTRACT',
});
export const planKey = (contractId: string): ItemKey => ({ pk: `CONTRACT#${contractId}`, sk: 'PLAN' });
export const stepKey = (contractId: string, n: number, direction: 'forward' | 'back'): ItemKey => ({
  pk: `CONTRACT#${contractId}`,
  sk: `STEP#${String(n).padStart(2, '0')}#${direction}`,
});
export const snapshotKey = (contractId: string, n: number): ItemKey => ({
  pk: `CONTRACT#${contractId}`,
  sk: `SNAPSHOT#${n}`,
});
export const outcomeKey = (contractId: string): ItemKey => ({ pk: `CONTRACT#${contractId}`, sk: 'OUTCOME' });
export const benchmarkKey = (contractId: string, phase: string, n: number): ItemKey => ({
  pk: `CONTRACT#${contractId}`,
  sk: `BENCHMARK#${phase}#${n}`,
});
export const missionKey = (missionId: string): ItemKey => ({ pk: `MISSION#${missionId}`, sk: 'MISSION' });
export const errorKey = (eventId: string): ItemKey => ({ pk: `ERROR#${eventId}`, sk: 'EVENT' });
export const quarantineKey = (id: string): ItemKey => ({ pk: `QUARANTINE#${id}`, sk: 'EVENT' });
export const windowKey = (fingerprint: string): ItemKey => ({
  pk: `FINGERPRINT#${fingerprint}`,
  sk: 'WINDOW',
});
/** Targets are addressed by a hash: 128 bits of SHA-256 of the target key. */
export const targetHash = (targetKey: string): string => sha256Hex(targetKey).slice(0, 32);
export const targetPk = (targetKey: string): string => `TARGET#${targetHash(targetKey)}`;
export const lockKey = (targetKey: string): ItemKey => ({ pk: `LOCK#${targetHash(targetKey)}`, sk: 'LOCK' });
export const waitingKey = (targetKey: string, playbook: string): ItemKey => ({
  pk: `WAITING#${targetHash(targetKey)}`,
  sk: `PLAYBOOK#${playbook}`,
});
export const goldenKey = (targetKey: string): ItemKey => ({ pk: targetPk(targetKey), sk: 'GOLDEN' });
export const targetBenchmarkKey = (targetKey: string, phase: string, n: number): ItemKey => ({
  pk: targetPk(targetKey),
  sk: `BENCHMARK#${phase}#${n}`,
});
/** A budget counts the contracts of one playbook in one period; the period's number is in the key. */
export const budgetKey = (playbook: string, period: number): ItemKey => ({
  pk: `BUDGET#${playbook}#${period}`,
  sk: 'BUDGET',
});
export const poolKey: ItemKey = { pk: 'POOL', sk: 'POOL' };
export const switchKey: ItemKey = { pk: 'CONTROL', sk: 'SWITCH' };
export const playbookKey = (name: string, version: string): ItemKey => ({
  pk: `PLAYBOOK#${name}`,
  sk: `VERSION#${version}`,
});
export const currentPlaybookKey = (name: string): ItemKey => ({ pk: `PLAYBOOK#${name}`, sk: 'CURRENT' });
export const policyKey = (version: string): ItemKey => ({ pk: 'POLICY#grace', sk: `VERSION#${version}` });
export const statisticsKey = (name: string): ItemKey => ({ pk: `PLAYBOOK#${name}`, sk: 'STATISTICS' });
export const jobKey = (id: string): ItemKey => ({ pk: `JOB#${id}`, sk: 'JOB' });
export const findingKey = (findingId: string): ItemKey => ({ pk: `FINDING#${findingId}`, sk: 'FINDING' });
/** Who closed an epoch of the audit log, and why; changed at each closing. */
export const epochKey: ItemKey = { pk: 'LOG', sk: 'EPOCH' };
/** The canary's song. */
export const canaryKey: ItemKey = { pk: 'CANARY#audit', sk: 'CANARY' };
/** What a part of Grace answered last. */
export const answerKey = (part: string): ItemKey => ({ pk: `CANARY#${part}`, sk: 'ANSWER' });
export const checkCursorKey: ItemKey = { pk: 'CURSOR#audit', sk: 'CURSOR' };
export const hourKey = (hour: string): ItemKey => ({ pk: 'SUMMARY#audit', sk: hour });
/** Who speaks for a person; one at a time. */
export const delegationKey = (delegator: string): ItemKey => ({
  pk: `DELEGATION#${delegator}`,
  sk: 'DELEGATION',
});
export const reviewKey = (contractId: string): ItemKey => ({ pk: `REVIEW#${contractId}`, sk: 'REVIEW' });
/** When a person last broke the glass. */
export const glassKey = (subject: string): ItemKey => ({ pk: `GLASS#${subject}`, sk: 'GLASS' });
/** A plan that another one has taken the place of. */
export const formerPlanKey = (contractId: string, planHash: string): ItemKey => ({
  pk: `CONTRACT#${contractId}`,
  sk: `PLAN#${planHash.slice(0, 16)}`,
});
export const deliveryKey = (id: string): ItemKey => ({ pk: `DELIVERY#${id}`, sk: 'DELIVERY' });
export const idempotencyKey = (id: string): ItemKey => ({ pk: `IDEMPOTENCY#${id}`, sk: 'REQUEST' });
