import { type Contract, Contract as ContractSchema } from '../../shared/contracts/contract';
import { lockKey } from '../../shared/domain/keys';
import { type Target, targetKey } from '../../shared/domain/target';
import { ENDS_WITHOUT_EFFECT, isEnd } from '../../shared/domain/transitions';
import type { Item, Key } from '../../shared/ports/table';
import type { Iteration } from './iteration';

/** A promise that an iteration broke. `code` is stable, `detail` is for people. */
export interface Breach {
  readonly code:
    | 'NO_CONTRACT'
    | 'NOT_TERMINAL'
    | 'LOCK_HELD'
    | 'FREEZE_WRONG'
    | 'POOL_HELD'
    | 'TOO_MANY_EFFECTS'
    | 'EFFECT_WITHOUT_APPROVAL'
    | 'FALSE_MET'
    | 'END_NOT_ALLOWED'
    | 'NOT_AUDITED'
    | 'ORPHANED';
  readonly detail: string;
}

/** How an iteration ended, against what is known to be true of its incident. */
export interface Judgement {
  readonly contracts: readonly Contract[];
  /** Of the contract that the incident is judged by (`decisive`); `no_contract` where there is none. */
  readonly end: string;
  readonly asExpected: boolean;
  readonly falseMet: boolean;
  readonly effects: number;
  readonly breaches: readonly Breach[];
}

/** What of the state table the judge reads. */
export interface StateReader {
  get(key: Key): Item | undefined;
}

export interface JudgeOptions {
  /** Under chaos a run may end otherwise than the incident would by itself; everything else still holds. */
  readonly chaos: boolean;
}

/** Judges an iteration when nothing is under way any more. The audit log and orphans are judged for all at once. */
export function judge(iteration: Iteration, state: StateReader, { chaos }: JudgeOptions): Judgement {
  const { incident, world } = iteration;
  const { truth } = incident;
  const contracts = [...iteration.contractIds]
    .sort()
    .map((id) => state.get({ pk: `CONTRACT#${id}`, sk: 'CONTRACT' }))
    .filter((item) => item !== undefined)
    .map((item) => ContractSchema.parse(item));
  const breaches: Breach[] = [];
  const breach = (code: Breach['code'], detail: string) => breaches.push({ code, detail });

  for (const contract of contracts) {
    if (!isEnd(contract.status)) breach('NOT_TERMINAL', `${contract.contractId} is ${contract.status}`);
  }
  lookAtLocks(iteration, contracts, state, breach);
  const tokens = new Map(contracts.map((contract) => [contract.contractId, tokensOf(contract, state)]));
  lookAtEffects(iteration, contracts, tokens, chaos, breach);

  const end = decisive(contracts)?.status ?? 'no_contract';
  const allowed = [truth.end, ...(truth.allowed ?? []).map((other) => other.end)] as string[];
  const asExpected = allowed.includes(end);
  if (!asExpected && (!chaos || !isExplained(iteration, contracts))) {
    const code = end === 'no_contract' ? 'NO_CONTRACT' : 'END_NOT_ALLOWED';
    breach(
      code,
      `ended ${end}, should be ${allowed.join(' or ')} (${decisive(contracts)?.reason ?? 'no reason'})`,
    );
  }
  const falsely = contracts.find(
    (contract) => contract.verdict === 'met' && !isRecovered(iteration, contract, chaos),
  );
  if (falsely !== undefined) breach('FALSE_MET', `${falsely.contractId} says met; the fault was there`);
  return {
    contracts,
    end,
    asExpected,
    falseMet: falsely !== undefined,
    effects: world.effects.length,
    breaches,
  };
}

/** Whatever chaos did: there is a contract, or for each event a decision that says why there is none. */
function isExplained({ received, decided }: Iteration, contracts: readonly Contract[]): boolean {
  return contracts.length > 0 || (received.size > 0 && [...received.keys()].every((id) => decided.has(id)));
}

/**
 * The contract by which the incident is judged: the first one. Where two alarms of one cause led to contracts at
 * the same time, it is the one that acted: which of them comes first is chance, and the other must do nothing.
 */
function decisive(contracts: readonly Contract[]): Contract | undefined {
  const [first] = contracts;
  if (first === undefined || !ENDS_WITHOUT_EFFECT.includes(first.status)) return first;
  const together = contracts.filter((contract) => contract.createdAt <= (first.endedAt ?? 0));
  return together.find((contract) => !ENDS_WITHOUT_EFFECT.includes(contract.status)) ?? first;
}

type Say = (code: Breach['code'], detail: string) => void;

/** Locks are free, or frozen for exactly those that need a person; nobody who ended has a place in the pool. */
function lookAtLocks(
  iteration: Iteration,
  contracts: readonly Contract[],
  state: StateReader,
  breach: Say,
): void {
  const { account, region, resources } = iteration.world.file;
  const needsPerson = contracts.some((contract) => contract.status === 'needs_person');
  const ids = new Set(contracts.map((contract) => contract.contractId));
  let frozen = false;
  for (const { kind, id } of resources) {
    const target: Target = { kind, account, region, id };
    const lock = state.get(lockKey(targetKey(target)));
    frozen ||= lock?.['frozenBy'] !== undefined;
    if (lock !== undefined && lock['frozenBy'] === undefined && lock['owner'] !== undefined)
      breach('LOCK_HELD', `${targetKey(target)} is held by ${lock['owner']}`);
  }
  if (frozen !== needsPerson)
    breach(
      'FREEZE_WRONG',
      frozen ? 'frozen, and nobody is asked' : 'a person is asked, and nothing is frozen',
    );
  const holders = state.get({ pk: 'POOL', sk: 'POOL' })?.['holders'];
  if (holders instanceof Set) {
    for (const id of ids) if (holders.has(id)) breach('POOL_HELD', `${id} still has its place`);
  }
}

function tokensOf({ contractId }: Contract, state: StateReader): readonly string[] {
  const tokens: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    for (const direction of ['forward', 'back']) {
      const step = state.get({
        pk: `CONTRACT#${contractId}`,
        sk: `STEP#${String(n).padStart(2, '0')}#${direction}`,
      });
      if (typeof step?.['clientToken'] === 'string') tokens.push(step['clientToken']);
    }
    if (tokens.length < n + 1) break;
  }
  return tokens;
}

/** What the services accepted, each request counted once however often an absolute one was repeated. */
function lookAtEffects(
  { world, incident }: Iteration,
  contracts: readonly Contract[],
  tokens: ReadonlyMap<string, readonly string[]>,
  chaos: boolean,
  breach: Say,
): void {
  const ofToken = new Map<string, number>();
  for (const { clientToken, action } of world.effects) {
    const count = (ofToken.get(clientToken) ?? 0) + 1;
    ofToken.set(clientToken, count);
    if (count > 1 && action !== 'aws.scale_instances')
      breach('TOO_MANY_EFFECTS', `${action} was accepted ${count} times for one step`);
  }
  const known = new Set([...tokens.values()].flat());
  for (const token of ofToken.keys())
    if (!known.has(token)) breach('EFFECT_WITHOUT_APPROVAL', `the ledger does not know the request ${token}`);
  for (const contract of contracts) {
    const sent = (tokens.get(contract.contractId) ?? []).filter((token) => ofToken.has(token)).length;
    if (sent === 0) continue;
    if (ENDS_WITHOUT_EFFECT.includes(contract.status))
      breach(
        'EFFECT_WITHOUT_APPROVAL',
        `${contract.contractId} ended ${contract.status} after ${sent} requests`,
      );
    const votes = Object.values(contract.approval?.votes ?? {});
    const approvals = votes.filter(
      (vote) => vote.decision === 'approve' && vote.planHash === contract.planHash,
    ).length;
    if (contract.tier > 1 && approvals < (contract.approval?.quorum ?? 1))
      breach('EFFECT_WITHOUT_APPROVAL', `${contract.contractId} had ${approvals} approvals`);
  }
  // Under chaos an action may have to be taken back that would have stood, or a stale one is planned afresh.
  const most = chaos ? Math.max(incident.truth.maxEffects, 2 * contracts.length) : incident.truth.maxEffects;
  if (ofToken.size > most)
    breach('TOO_MANY_EFFECTS', `${ofToken.size} requests were accepted, ${most} are the most`);
}

/** Whether `met` was right when it was said. */
function isRecovered({ incident, world }: Iteration, contract: Contract, chaos: boolean): boolean {
  if (incident.truth.recovered) return true;
  // Delays of chaos move the window, so there the fault itself is looked at; but an idle group is no fault.
  if (!chaos || contract.playbook.startsWith('scale-in'))
    return chaos && incident.truth.end !== 'rolled_back';
  const at = contract.lookAt ?? contract.endedAt ?? 0;
  return world.faultSeverity(at - 60_000, at) === 0;
}
