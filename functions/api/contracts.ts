import type { RestoreAnswer } from '../../shared/contracts/api/contracts';
import { API_SOURCE } from '../../shared/contracts/api/events';
import type { Contract } from '../../shared/contracts/contract';
import { errorEvent } from '../../shared/domain/error-event';
import type { Target } from '../../shared/domain/target';
import { targetKey } from '../../shared/domain/target';
import type { StoredPlan } from '../../shared/ports/contract-store';
import { type Answer, notFound, type Refused, refused } from './answer';
import type { Asked, Handlers } from './asked';
import { contractDetail, contractRow, measurementView, snapshotRow } from './contract-view';
import type { ApiDeps } from './deps';
import { pageOf } from './page';
import { snapshotDetail, snapshotOf } from './snapshot';
import { asProblem, told, UnexpectedAnswerError } from './told';

type Names =
  | 'listContracts'
  | 'getContract'
  | 'rollbackContract'
  | 'releaseTargets'
  | 'listSnapshots'
  | 'getSnapshot'
  | 'restoreSnapshot'
  | 'listBenchmarks';

export const CONTRACT_ROUTES: Handlers<Names> = {
  async listContracts({ query }, deps) {
    const { status, playbook, missionId } = query;
    const filters = { status: status ?? null, playbook: playbook ?? null, missionId: missionId ?? null };
    return pageOf({
      list: 'contracts',
      filters,
      query,
      batch: await contractsOf(missionId, deps),
      async rows(id) {
        const contract = await deps.contracts.get(id);
        if (contract === undefined) return [];
        const isAskedFor =
          (status === undefined || contract.status === status) &&
          (playbook === undefined || contract.playbook === playbook);
        return isAskedFor ? [contractRow(contract)] : [];
      },
    });
  },

  async getContract({ params: { contractId } }, deps) {
    const contract = await deps.contracts.get(contractId);
    if (contract === undefined) return notFound(`contract ${contractId}`);
    const [story, plan, entries] = await Promise.all([
      deps.contracts.story(contractId),
      deps.contracts.planIfReadable(contractId),
      deps.audit.entriesOf({ contractId }),
    ]);
    const frozen = contract.status === 'needs_person' ? await frozenBy(contractId, plan, deps) : [];
    return { ok: true, data: contractDetail(contract, { story, plan, frozen, entries }), rev: contract.rev };
  },

  async rollbackContract(asked, deps) {
    const { contractId } = asked.params;
    const contract = await deps.contracts.get(contractId);
    if (contract === undefined) return notFound(`contract ${contractId}`);
    const moved = changedSince(asked.ifMatch, contract);
    if (moved !== undefined) return moved;
    const stored = await deps.contracts.planIfReadable(contractId);
    const step = stored?.plan.steps.find(({ prior }) => prior['desired_capacity'] !== undefined);
    const capacity = step?.prior['desired_capacity'];
    if (step === undefined || typeof capacity !== 'number') return nothingToRestore;
    return restore(asked, { contractId, target: step.target, capacity }, deps);
  },

  async releaseTargets({ params: { contractId }, body: { reason }, caller }, deps) {
    const output = await told({ decision: 'release', contractId, reason }, caller, deps);
    if (!output.ok) return asProblem(output);
    if (!('released' in output)) throw new UnexpectedAnswerError('release');
    return { ok: true, data: { contractId, released: [...output.released] } };
  },

  listSnapshots: ({ query }, deps) =>
    pageOf({
      list: 'snapshots',
      query,
      batch: deps.listings.contracts,
      rows: async (id) => (await deps.listings.rows(id, 'SNAPSHOT#')).map((row) => snapshotRow(id, row)),
    }),

  async getSnapshot({ params: { contractId, n } }, deps) {
    const found = await snapshotOf(contractId, n, deps);
    return found.ok ? { ok: true, data: snapshotDetail(contractId, n, found) } : found;
  },

  async restoreSnapshot(asked, deps) {
    const { contractId, n } = asked.params;
    const found = await snapshotOf(contractId, n, deps);
    if (!found.ok) return found;
    if (!found.intact)
      return refused('SNAPSHOT_UNREADABLE', 'the snapshot is not what was taken: do not use it');
    const held = found.manifest.targets.find(({ facts }) => typeof facts['desired_capacity'] === 'number');
    if (held === undefined) return nothingToRestore;
    const capacity = held.facts['desired_capacity'] as number;
    return restore(asked, { contractId, target: held.target, capacity }, deps);
  },

  listBenchmarks: ({ query }, deps) =>
    pageOf({
      list: 'benchmarks',
      query,
      batch: deps.listings.contracts,
      async rows(id) {
        const rows = await deps.listings.rows(id, 'BENCHMARK#');
        const contract = rows.length === 0 ? undefined : await deps.contracts.get(id);
        if (contract === undefined) return [];
        return rows.map((row) => ({ contractId: id, playbook: contract.playbook, ...measurementView(row) }));
      },
    }),
};

/** All contracts, or those of a mission, which knows them. Ids sort by time. */
async function contractsOf(
  missionId: string | undefined,
  deps: ApiDeps,
): Promise<ApiDeps['listings']['contracts']> {
  if (missionId === undefined) return deps.listings.contracts;
  const mission = await deps.missions.get(missionId);
  const ids = Object.keys(mission?.contracts ?? {})
    .sort()
    .reverse();
  const listed = ids.map((id) => ({ id, at: `contract#${id}` }));
  return async (limit, before) =>
    listed.filter(({ at }) => before === undefined || at < before).slice(0, limit);
}

/** The plan's targets that nothing is done to until a person has looked at what this contract left behind. */
async function frozenBy(
  contractId: string,
  stored: StoredPlan | undefined,
  { reservations }: ApiDeps,
): Promise<string[]> {
  const keys = stored?.plan.targets.map(targetKey) ?? [];
  const found = await Promise.all(keys.map((key) => reservations.lock(key)));
  return keys.filter((_, index) => found[index]?.frozenBy === contractId);
}

/** What `If-Match` says of a contract that has moved on. */
export function changedSince(
  ifMatch: number | undefined,
  { rev }: Pick<Contract, 'rev'>,
): Refused | undefined {
  if (ifMatch === undefined || ifMatch === rev) return undefined;
  return refused('REV_CHANGED', `it is at revision ${rev} now: read it again`);
}

const nothingToRestore = refused(
  'NOTHING_TO_RESTORE',
  'what the contract did has no inverse: there is no state before it to go back to',
);

/** Asks as `grace restore` does: an event that playbook restore-capacity takes, with its own approval and undo. */
async function restore(
  asked: Asked<'rollbackContract' | 'restoreSnapshot'>,
  wish: { readonly contractId: string; readonly target: Target; readonly capacity: number },
  deps: ApiDeps,
): Promise<Answer<RestoreAnswer>> {
  const { contractId, target, capacity } = wish;
  const id = asked.idempotencyId?.slice(0, 32) ?? deps.ids.next();
  await deps.errors.report(
    errorEvent({
      error: {
        service: 'grace',
        name: 'RestoreRequested',
        message: asked.body.reason,
        attributes: { group: target.id, desired_capacity: String(capacity), contract: contractId },
      },
      id,
      correlationId: asked.correlationId,
      requestedBy: asked.caller.person.subject,
      source: API_SOURCE,
      account: deps.account,
      region: deps.region,
      at: deps.clock.now(),
    }),
  );
  const restores = { desired_capacity: capacity };
  return { ok: true, data: { eventId: id, target: targetKey(target), restores } };
}
