import { Mission } from '../contracts/state-items';
import { missionKey } from '../domain/keys';
import { isEnd, type Status } from '../domain/transitions';
import type { MissionStore } from '../ports/stores';
import type { Attribute, Path, Table } from '../ports/table';
import { StoreUnavailableError } from './errors';
import { changeFor } from './item-writes';
import { equals } from './when';

const TRIES = 20;

/** Missions: opened by the sentinel with their first contract, kept up to date by the recorder. */
export function missionStore(table: Table): MissionStore {
  const read = async (missionId: string): Promise<Mission | undefined> => {
    const item = await table.get(missionKey(missionId));
    if (item === undefined) return undefined;
    const { openedAt, openedBy, status, contracts, rev } = item;
    return Mission.parse({ missionId, openedAt, openedBy, status, contracts, rev });
  };
  return {
    get: read,
    async note(missionId, contractId, status, rev, why) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const mission = await read(missionId);
        if (mission === undefined)
          throw new Error(`contract ${contractId} names mission ${missionId}, which is not there`);
        const known = mission.contracts[contractId];
        if (known !== undefined && known.rev >= rev) return 'known';
        const contracts = { ...mission.contracts, [contractId]: { status, rev } };
        const ended = Object.values(contracts).every((entry) => isEnd(entry.status as Status));
        const change = changeFor(`${missionId}/${contractId}/${rev}`, 'mission.noted', why, {
          correlationId: missionId,
          missionId,
          contractId,
        });
        const set: [Path, Attribute][] = [
          [['contracts', contractId], { status, rev }],
          [['status'], ended ? 'ended' : 'open'],
          [['change'], change as unknown as Attribute],
        ];
        const written = await table.write([
          {
            kind: 'update',
            key: missionKey(missionId),
            update: { set, add: [['rev', 1]] },
            condition: equals('rev', mission.rev),
          },
        ]);
        if (written.ok) return 'noted';
      }
      throw new StoreUnavailableError(`mission ${missionId} is being changed by others at this moment`);
    },
  };
}
