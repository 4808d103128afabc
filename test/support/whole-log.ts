import { readAuditBody } from '../../shared/contracts/read-audit-body';
import type { Item } from '../../shared/ports/table';
import { type AuditBench, auditBench } from './audit-bench';
import { allOf } from './audit-scenario';

export const CONTRACT_ID = '01K2Z8WQX3M5N7P9R1T3V5W7Y9';
export const CONTRACT = { pk: `CONTRACT#${CONTRACT_ID}`, sk: 'CONTRACT' };
export const STEP = { pk: CONTRACT.pk, sk: 'STEP#00#forward' };

/** A whole log: items that need each other, changes, checked once and sealed. */
export async function wholeLog(changes = 20): Promise<AuditBench> {
  const bench = auditBench();
  await bench.change({ pk: 'MISSION#01K2Z8WQX3M5N7P9R1T3V5W7ZZ', sk: 'MISSION' });
  await bench.change({ pk: CONTRACT.pk, sk: 'PLAN' });
  await bench.change(CONTRACT, { contractId: CONTRACT_ID });
  for (let n = 0; n < changes; n += 1) await bench.change(STEP, { n });
  await bench.stream();
  for (let n = 0; n < 2; n += 1) {
    await bench.check();
    await bench.stream();
    await bench.seal();
  }
  return bench;
}

/** A row of the log as somebody edits it. */
export const edited = (row: Item): Item => ({
  ...row,
  body: String(row['body']).replace('GATE_PASSED', 'GATE_FAILED'),
});

export const bodiesOf = async ({ log }: AuditBench) =>
  (await allOf(log.entries(0))).map(({ leaf }) => readAuditBody(leaf));
