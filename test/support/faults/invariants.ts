import { verifyLog } from '../../../cli/audit/verify-log';
import type { Contract } from '../../../shared/contracts/contract';
import { ACTIONS } from '../../../shared/domain/actions';
import { sha256Hex } from '../../../shared/domain/digest';
import { lockKey, missionKey, outcomeKey, planKey, poolKey } from '../../../shared/domain/keys';
import { findOrphans, type StateItem } from '../../../shared/domain/orphans';
import { planTextHash } from '../../../shared/domain/plan-hash';
import { ENDS_WITHOUT_EFFECT, isEnd } from '../../../shared/domain/transitions';
import type { Item, Key } from '../../../shared/ports/table';
import { auditStore } from '../../../shared/stores/audit-store';
import type { Stage } from './bench';

/** Everything that must hold once a run has come to rest. Answers what does not, as sentences; none = all is well. */
export async function brokenInvariants(stage: Stage): Promise<string[]> {
  const contracts = stage.contracts();
  const items = stage.deployment.state.items();
  const byKey = new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]));
  const scene: Scene = { stage, items, item: ({ pk, sk }) => byKey.get(`${pk} ${sk}`) };
  const broken = contracts.length === 1 ? [] : [`${contracts.length} contracts of one incident`];
  for (const contract of contracts) broken.push(...brokenOf(contract, scene));
  broken.push(...effectsBroken(scene, contracts), ...(await recordsBroken(scene)));
  return broken;
}

/** What is left once everything has come to rest. */
interface Scene {
  readonly stage: Stage;
  readonly items: readonly Item[];
  readonly item: (key: Key) => Item | undefined;
}

function brokenOf(contract: Contract, { stage, items, item }: Scene): string[] {
  const { contractId, status } = contract;
  const broken: string[] = [];
  const must = (holds: boolean, sentence: string): void => {
    if (!holds) broken.push(`${sentence} (${contractId.slice(-4)}, ${status}, ${contract.reason ?? ''})`);
  };
  must(isEnd(status), 'the contract has not ended');
  const execution = stage.deployment.stepFunctions.describeExecution(contractId);
  must(execution === undefined || execution.status !== 'RUNNING', 'the execution still runs');
  must(contract.openPk === undefined, 'the contract is still on the list of open ones');

  const outcome = item(outcomeKey(contractId));
  must(outcome?.['status'] === status, `the outcome says ${String(outcome?.['status'])}`);
  const mission = item(missionKey(contract.missionId))?.['contracts'] as
    | Record<string, { status: string }>
    | undefined;
  must(mission?.[contractId]?.status === status, `the mission says ${mission?.[contractId]?.status}`);

  const plan = JSON.parse(String(item(planKey(contractId))?.['text']));
  for (const target of plan.targets) {
    const lock = item(lockKey(`${target.kind}:${target.region}:${target.account}:${target.id}`));
    must(lock?.['owner'] === undefined, `the lock is still owned by ${String(lock?.['owner'])}`);
    if (status === 'needs_person') must(lock?.['frozenBy'] === contractId, 'the target is not frozen');
    else must(lock?.['frozenBy'] === undefined, 'the target is frozen');
    must(Number(lock?.['leaseUntil'] ?? 0) <= stage.kernel.now(), 'the lease goes on');
  }
  must(!membersOf(item(poolKey)?.['holders']).includes(contractId), 'the pool still holds it');

  const gated = stage.passed.some((each) => each.contractId === contractId && each.status === 'executing');
  const budgets = items.filter(
    (each) => each.pk.startsWith('BUDGET#') && membersOf(each['holders']).includes(contractId),
  );
  must(budgets.length === (gated ? 1 : 0), `counted in ${budgets.length} budgets, passed the gate: ${gated}`);
  for (const budget of budgets) {
    must(budget['used'] === membersOf(budget['holders']).length, `the budget says ${String(budget['used'])}`);
  }
  return broken;
}

/** The world knows what was done, whatever Grace believes. */
function effectsBroken(scene: Scene, contracts: readonly Contract[]): string[] {
  const { stage, item } = scene;
  const { world, incident } = stage;
  const broken: string[] = [];
  const tokens = new Map<string, number>();
  for (const effect of world.effects) {
    tokens.set(effect.clientToken, (tokens.get(effect.clientToken) ?? 0) + 1);
    const contract = contracts.find((each) => tokensOf(each.contractId).has(effect.clientToken));
    if (contract === undefined) {
      broken.push(`an effect at ${effect.at} belongs to no contract`);
      continue;
    }
    const approvedAt = stage.passed.find(
      (each) =>
        each.contractId === contract.contractId &&
        each.status === 'approved' &&
        each.planHash === planTextHash(String(item(planKey(contract.contractId))?.['text'])),
    )?.at;
    if (approvedAt === undefined || approvedAt > effect.at)
      broken.push('an effect before its plan was approved');
    if (ENDS_WITHOUT_EFFECT.includes(contract.status))
      broken.push(`it ended ${contract.status}, yet there was an effect`);
  }
  for (const times of tokens.values()) if (times > 1) broken.push(`one request took effect ${times} times`);
  const oneShots = world.effects.filter((effect) => ACTIONS[effect.action]?.class === 'one_shot');
  if (oneShots.length > 1) broken.push(`${oneShots.length} one-shot effects`);
  const [contract] = contracts;
  if (incident.oneShot || contract === undefined) return broken;
  const group = world.file.resources[0];
  const desired = Number(world.resource('autoscaling:group', group?.id ?? '')?.facts['desired_capacity']);
  const allowed = capacitiesAllowed(scene, contract);
  if (!allowed.includes(desired)) broken.push(`ended ${contract.status} with a capacity of ${desired}`);
  return broken;
}

/** Resolved: the target. Needs a person: that of any step. Everything else: as it was. */
function capacitiesAllowed({ item }: Scene, contract: Contract): number[] {
  const plan = JSON.parse(String(item(planKey(contract.contractId))?.['text']));
  const wanted: number[] = plan.steps.map((step: { intended: { desired_capacity: number } }) =>
    Number(step.intended.desired_capacity),
  );
  const prior = Number(plan.steps[0].prior.desired_capacity);
  if (contract.status === 'resolved') return wanted.slice(-1);
  return contract.status === 'needs_person' ? [prior, ...wanted] : [prior];
}

async function recordsBroken({ stage, items }: Scene): Promise<string[]> {
  const { deployment } = stage;
  const { clock, random } = deployment.ports;
  const report = await verifyLog(
    { log: auditStore(deployment.audit, { clock, random }) },
    { stateItems: items },
  );
  const broken = report.problems.map((problem) => `audit: ${JSON.stringify(problem)}`);
  if (report.entries !== report.verified) broken.push(`audit: ${report.verified} of ${report.entries} hold`);
  if (report.unattributed > 0) broken.push(`audit: ${report.unattributed} entries of nobody`);
  for (const orphan of findOrphans(items as readonly StateItem[]))
    broken.push(`orphan: ${JSON.stringify(orphan)}`);
  // The relay's messages only wake it: the reaper's sweep does so as well. A song that nobody heard is what it is for.
  const wakes = (dead: unknown): boolean =>
    ['contractId', 'song'].includes(Object.keys(dead as object).join());
  for (const dead of deployment.deadLetters().filter((each) => !wakes(each)))
    broken.push(`dead letter: ${JSON.stringify(dead)}`);
  const waiting = items.filter((item) => item.pk.startsWith('WAITING#'));
  if (waiting.length > 0) broken.push('a target still waits for an approval');
  return broken;
}

/** The client tokens that an executor may use for a contract. */
function tokensOf(contractId: string): Set<string> {
  const tokens = new Set<string>();
  for (let n = 0; n < 10; n += 1) {
    for (const direction of ['forward', 'back'])
      tokens.add(sha256Hex(`${contractId}/${n}/${direction}`).slice(0, 36));
  }
  return tokens;
}

function membersOf(holders: unknown): string[] {
  return holders instanceof Set ? [...holders] : [];
}
