import type { Outcome } from '../contracts/outcome';
import { PlaybookStatistics } from '../contracts/state-items';
import { canonicalJson, type JsonValue } from '../domain/canonical-json';
import { currentPlaybookKey, outcomeKey, playbookKey, statisticsKey } from '../domain/keys';
import { ENDS_WITHOUT_EFFECT } from '../domain/transitions';
import type { PlaybookStore } from '../ports/stores';
import type { Attribute, Path, Table, Write } from '../ports/table';
import { currentVersions } from './current-playbooks';
import { StoreUnavailableError } from './errors';
import { changeFor, newItem, withoutIds } from './item-writes';
import { absent, all, equals, exists } from './when';

const TRIES = 20;
const NONE: PlaybookStatistics = { resolved: 0, rolledBack: 0, needsPerson: 0, notTaken: 0, lastTen: '' };

/** Playbook versions, which one is current, and how its contracts ended. */
export function playbookStore(table: Table): PlaybookStore {
  return {
    async statistics(name) {
      const item = await table.get(statisticsKey(name));
      if (item === undefined) return undefined;
      const { resolved, rolledBack, needsPerson, notTaken, lastTen } = item;
      return PlaybookStatistics.parse({ resolved, rolledBack, needsPerson, notTaken, lastTen });
    },

    async countOutcome(outcome, why) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const key = statisticsKey(outcome.playbook);
        const item = await table.get(key);
        const rev = typeof item?.['rev'] === 'number' ? item['rev'] : 0;
        const seen = item === undefined ? NONE : (item as unknown as PlaybookStatistics);
        const next = counted(seen, outcome);
        const belongs = {
          correlationId: outcome.contractId,
          missionId: outcome.missionId,
          contractId: outcome.contractId,
        };
        const change = changeFor(`${outcome.contractId}/counted`, 'playbook.counted', why, belongs);
        const set: [Path, Attribute][] = [
          ...Object.entries(next).map(([field, value]) => [[field], value] as [Path, Attribute]),
          [['schemaVersion'], 1],
          [['change'], change as unknown as Attribute],
        ];
        const marked: Write = {
          kind: 'update',
          key: outcomeKey(outcome.contractId),
          update: {
            set: [
              [['recordedAt'], why.at],
              [['change'], { ...withoutIds(change), event: 'outcome.counted' } as unknown as Attribute],
            ],
            add: [['rev', 1]],
          },
          condition: all(exists('pk'), absent('recordedAt')),
        };
        const statistics: Write = {
          kind: 'update',
          key,
          update: { set, add: [['rev', 1]] },
          condition: item === undefined ? absent('pk') : equals('rev', rev),
        };
        const written = await table.write([marked, statistics]);
        if (written.ok) return 'counted';
        if (written.failed.some((failure) => failure.index === 0)) return 'counted_before';
      }
      throw new StoreUnavailableError(`the statistics of ${outcome.playbook} are being changed by others`);
    },

    async publish(entry, why) {
      const current = await table.get(currentPlaybookKey(entry.name));
      if (current?.['version'] === entry.version) return 'unchanged';
      const rev = typeof current?.['rev'] === 'number' ? current['rev'] : 0;
      const change = changeFor(`${entry.name}/${entry.version}/${rev}`, 'playbook.published', why, {
        correlationId: entry.name,
      });
      const version = playbookKey(entry.name, entry.version);
      if ((await table.get(version)) === undefined) {
        const source = canonicalJson(entry.source as JsonValue);
        await table.write([
          {
            kind: 'put',
            item: newItem(version, change, { name: entry.name, version: entry.version, source }),
            condition: absent('pk'),
          },
        ]);
      }
      const set: [Path, Attribute][] = [
        [['version'], entry.version],
        [['name'], entry.name],
        [['schemaVersion'], 1],
        [['listPk'], 'PLAYBOOKS'],
        [['listSk'], `${entry.name}#${entry.version}`],
        [['change'], change as unknown as Attribute],
      ];
      const written = await table.write([
        {
          kind: 'update',
          key: currentPlaybookKey(entry.name),
          update: { set, add: [['rev', 1]] },
          condition: current === undefined ? absent('pk') : equals('rev', rev),
        },
      ]);
      if (!written.ok) throw new StoreUnavailableError(`playbook ${entry.name} is being published by others`);
      return 'written';
    },

    current: () => currentVersions(table),
  };
}

/** What did not act says nothing of the playbook and stays out of the last ten. */
function counted(seen: PlaybookStatistics, outcome: Outcome): PlaybookStatistics {
  const { resolved, rolledBack, needsPerson, notTaken, lastTen } = seen;
  if (ENDS_WITHOUT_EFFECT.includes(outcome.status))
    return { resolved, rolledBack, needsPerson, notTaken: notTaken + 1, lastTen };
  return {
    resolved: resolved + (outcome.status === 'resolved' ? 1 : 0),
    rolledBack: rolledBack + (outcome.status === 'rolled_back' ? 1 : 0),
    needsPerson: needsPerson + (outcome.status === 'needs_person' ? 1 : 0),
    notTaken,
    lastTen: (lastTen + (outcome.status === 'resolved' ? '1' : '0')).slice(-10),
  };
}
