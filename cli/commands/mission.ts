import type { Command } from 'commander';
import { timelineEntry } from '../../functions/api/contract-view';
import { auditStore } from '../../shared/stores/audit-store';
import { contractStore } from '../../shared/stores/contract-store';
import { missionStore } from '../../shared/stores/mission-store';
import type { Backend } from '../backend/backend';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';
import { positive, timeOf } from './contract';

type Options = BackendOptions & { readonly json?: boolean };

/** `grace mission list`, `grace mission show MISSION`: the contracts that came of one trouble. */
export function register(program: Command, io: Io): void {
  const mission = program.command('mission').description('troubles, each with the contracts that came of it');
  backendOptions(mission.command('list'))
    .description('missions, newest first')
    .option('--limit <n>', 'of how many contracts at most', positive, 50)
    .action(async (options: Options & { limit: number }) => {
      const rows = await withBackend(io, options, (backend) => listMissions(backend, options.limit));
      if (options.json) {
        printJson(io, rows);
        return;
      }
      for (const { missionId, status, openedAt, contracts } of rows) {
        const ends = Object.values(contracts).map((one) => one.status);
        io.out(`${missionId.padEnd(26)}  ${status.padEnd(6)} ${openedAt}  ${ends.join(', ')}`);
      }
    });
  backendOptions(mission.command('show'))
    .argument('<mission>', 'its id')
    .description('one mission')
    .action(async (missionId: string, options: Options) => {
      const found = await withBackend(io, options, (backend) => missionStory(backend, missionId));
      if (options.json) {
        printJson(io, found);
        return;
      }
      io.out(`${found.missionId}  ${found.status}, opened ${found.openedAt} by ${found.openedBy}`);
      for (const [id, { status }] of Object.entries(found.contracts)) io.out(`  ${id}  ${status}`);
      for (const { at, event, actor, reason } of found.timeline)
        io.out(`  ${at}  ${event}  ${actor}  ${reason}`);
    });
}

/** There is no index of missions: each is found by its contracts. */
async function listMissions(backend: Backend, limit: number) {
  const contracts = contractStore(backend.state);
  const found = await Promise.all((await contracts.list(limit)).map((id) => contracts.get(id)));
  const ids = new Set(found.flatMap((one) => (one === undefined ? [] : [one.missionId])));
  return Promise.all([...ids].map((id) => missionNamed(backend, id)));
}

/** With what happened, as the audit log has it. */
async function missionStory(backend: Backend, missionId: string) {
  const mission = await missionNamed(backend, missionId);
  const log = auditStore(backend.audit, { clock: backend.clock, random: Math.random });
  const contractIds = Object.keys(mission.contracts);
  const entries = await log.entriesOf({ missionId, contractIds });
  return { ...mission, timeline: entries.map(timelineEntry) };
}

async function missionNamed(backend: Backend, missionId: string) {
  const mission = await missionStore(backend.state).get(missionId);
  if (mission === undefined) throw new NothingThereError(`there is no mission ${missionId}`);
  const { openedAt, ...others } = mission;
  return { ...others, openedAt: timeOf(openedAt) };
}
