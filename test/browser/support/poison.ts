import { holdBack } from '../../../functions/sentinel/quarantine';
import { contractKey, planKey } from '../../../shared/domain/keys';
import type { Item } from '../../../shared/ports/table';
import { findingStore } from '../../../shared/stores/finding-store';
import { quarantineStore } from '../../../shared/stores/quarantine-store';
import type { Served } from './served';

/** What somebody might hope to run in an approver's browser. */
export const PAYLOADS = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=2">',
  '"><svg onload=window.pwned=3>',
  'javascript:window.pwned=4',
  "{{constructor.constructor('window.pwned=5')()}}",
  '<iframe srcdoc="<script>parent.pwned=6</script>"></iframe>',
  "</pre><style>@import 'http://evil.invalid/x.css';</style>",
  '<a href="data:text/html,<script>1</script>" onclick="window.pwned=8">look</a>',
];
const [SCRIPT, IMAGE] = PAYLOADS as [string, string];

/** Ids of things with payloads in them. */
export interface Poisoned {
  readonly contract: string;
  readonly quarantined: string;
  readonly mission: string;
  /** A contract that needs a person, whose snapshot is poisoned. */
  readonly snapshot: string;
}

/** Puts the payloads wherever an event, a plan or a person can put text. */
export async function poison(served: Served): Promise<Poisoned> {
  const open = await served.api('carla', 'GET', '/api/governance/approvals');
  const [{ contract }, other] = open.body.data;
  await poisonPlan(served, contract.contractId);
  await poisonReasons(served);
  await breakTheGlass(served, other.contract.contractId);
  await closeEpoch(served);
  const { state, ports } = served.live.run.deployment;
  await findingStore(state).open(
    { kind: 'IMAGE_DIFFERS', pk: IMAGE, sk: SCRIPT, detail: PAYLOADS.join(' ').slice(0, 300) },
    { actor: 'audit-check', reason: 'IMAGE_DIFFERS', at: ports.clock.now() },
  );
  return {
    contract: contract.contractId,
    mission: contract.missionId,
    quarantined: await holdBackPayloads(served),
    snapshot: await poisonSnapshot(served),
  };
}

/** Evidence of a plan, as if diagnosis had taken it from an event. The hash no longer fits, which the page says. */
async function poisonPlan(served: Served, contractId: string): Promise<void> {
  const { state } = served.live.run.deployment;
  const stored = (await state.get(planKey(contractId))) as Item;
  const plan = JSON.parse(String(stored['text']));
  plan.diagnosis.evidence = PAYLOADS;
  await state.write([{ kind: 'put', item: { ...stored, text: JSON.stringify(plan) } }]);
}

/** Reasons of people, one entry of the audit log each. */
async function poisonReasons(served: Served): Promise<void> {
  for (const [index, reason] of PAYLOADS.entries()) {
    const paused = index % 2 === 0;
    const { status } = await served.api('anna', 'PUT', '/api/governance/switch', { paused, reason });
    expect(status).toBe(200);
  }
}

/** An emergency, whose reason waits for a review. */
async function breakTheGlass(served: Served, contractId: string): Promise<void> {
  const read = await served.api('emma', 'GET', `/api/governance/approvals/${contractId}`);
  const { status } = await served.api('emma', 'POST', `/api/governance/approvals/${contractId}/break-glass`, {
    planHash: read.body.data.approval.planHash,
    reason: PAYLOADS.join(' '),
  });
  expect(status).toBe(200);
}

/** An epoch of the log, whose closing says why. */
async function closeEpoch(served: Served): Promise<void> {
  const body = { epoch: 1, reason: PAYLOADS.join(' ') };
  expect((await served.api('carla', 'POST', '/api/audit/epochs', body)).status).toBe(202);
}

/** An event that the hunter holds back. */
async function holdBackPayloads(served: Served): Promise<string> {
  const { state, ports } = served.live.run.deployment;
  await holdBack(
    { messageId: 'poisoned', body: JSON.stringify({ detail: PAYLOADS }) },
    [{ code: 'MARKUP_INJECTION', path: 'detail', excerpt: IMAGE, why: `it holds ${SCRIPT}` }],
    { quarantine: quarantineStore(state), clock: ports.clock },
  );
  const { body } = await served.api('carla', 'GET', '/api/governance/quarantine');
  return body.data[0].id;
}

/** Tags and facts are text of others; the document no longer fits its hash, which the page says. */
async function poisonSnapshot(served: Served): Promise<string> {
  const { state, ports } = served.live.run.deployment;
  const { body } = await served.api('carla', 'GET', '/api/verification/contracts?status=needs_person');
  const contractId: string = body.data[0].contractId;
  const row = (await state.get({ pk: contractKey(contractId).pk, sk: 'SNAPSHOT#0' })) as Item;
  const name = String(row['name']);
  const manifest = JSON.parse((await ports.evidence.get(name)) ?? '{}');
  manifest.targets[0].tags[SCRIPT] = IMAGE;
  manifest.targets[0].facts.note = PAYLOADS.join(' ');
  await ports.evidence.put(`${name}-poisoned`, JSON.stringify(manifest));
  await state.write([{ kind: 'put', item: { ...row, name: `${name}-poisoned` } }]);
  return contractId;
}
