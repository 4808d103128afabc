import type { MissionView } from '../../shared/contracts/api/missions';
import type { Contract } from '../../shared/contracts/contract';
import type { Mission } from '../../shared/contracts/state-items';
import { notFound } from './answer';
import type { Handlers } from './asked';
import { timelineEntry, timeOf } from './contract-view';
import { pageOf } from './page';

export const MISSION_ROUTES: Handlers<'listMissions' | 'getMission'> = {
  /** There is no index of missions: each stands in the list where its newest contract does. */
  listMissions: ({ query }, deps) =>
    pageOf({
      list: 'missions',
      query,
      batch: deps.listings.contracts,
      async rows(contractId) {
        const contract = await deps.contracts.get(contractId);
        const mission = contract === undefined ? undefined : await deps.missions.get(contract.missionId);
        return mission !== undefined && newestOf(mission) === contractId
          ? [missionView(mission, contract)]
          : [];
      },
    }),

  async getMission({ params: { missionId } }, deps) {
    const mission = await deps.missions.get(missionId);
    if (mission === undefined) return notFound(`mission ${missionId}`);
    const contractIds = Object.keys(mission.contracts);
    const newest = newestOf(mission);
    const [contract, entries] = await Promise.all([
      newest === undefined ? undefined : deps.contracts.get(newest),
      deps.audit.entriesOf({ missionId, contractIds }),
    ]);
    return {
      ok: true,
      data: { ...missionView(mission, contract), timeline: entries.map(timelineEntry) },
    };
  },
};

/** Ids of contracts sort by time. */
const newestOf = ({ contracts }: Mission): string | undefined => Object.keys(contracts).sort().at(-1);

function missionView(
  { missionId, status, openedAt, openedBy, contracts, rev }: Mission,
  newest: Contract | undefined,
): MissionView {
  return {
    missionId,
    status,
    openedAt: timeOf(openedAt),
    openedBy,
    playbook: newest?.playbook ?? null,
    contracts: Object.entries(contracts).map(([contractId, { status: stands }]) => ({
      contractId,
      status: stands,
    })),
    rev,
  };
}
