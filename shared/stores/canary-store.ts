import { Change } from '../contracts/change';
import { answerKey, canaryKey } from '../domain/keys';
import type { Song } from '../domain/song';
import { CANARY_ANSWERED_EVENT, CANARY_EVENT, SUBSYSTEMS } from '../domain/subsystems';
import type { Canaries } from '../ports/canaries';
import type { Attribute, Item, Path, Table } from '../ports/table';
import { StoreUnavailableError } from './errors';
import { changeFor } from './item-writes';
import { absent, any, before, equals } from './when';

/** The canary's song and the answers to it, an item each, in the state table. */
export function canaryStore(table: Table): Canaries {
  return {
    async sing(why) {
      const seen = await table.get(canaryKey);
      const rev = numberOf(seen, 'rev') + 1;
      const series = numberOf(seen, 'series');
      const change = changeFor(`canary/${rev}/${why.at}`, CANARY_EVENT, why, { correlationId: 'canary' });
      const set: [Path, Attribute][] = [
        [['schemaVersion'], 1],
        [['series'], series === 0 ? why.at : series],
        [['change'], change as unknown as Attribute],
      ];
      const written = await table.write([
        {
          kind: 'update',
          key: canaryKey,
          update: { set, add: [['rev', 1]] },
          condition: seen === undefined ? absent('pk') : equals('rev', rev - 1),
        },
      ]);
      const stands = written.ok ? undefined : written.failed[0]?.item;
      if (!written.ok && (stands?.['change'] as { id?: string } | undefined)?.id !== change.id) {
        throw new StoreUnavailableError('the canary is being changed by another check');
      }
      return { rev, at: why.at };
    },

    async answer(part, { rev, series, at }) {
      // Read and then written, without a transaction: a song that was sung stays sung.
      const song = songOf(await table.get(canaryKey), rev);
      if (song === undefined || (series !== undefined && series !== song.series)) return undefined;
      const why = { actor: SUBSYSTEMS[part].canary.answeredBy, reason: `SONG_${rev}`, at };
      const change = changeFor(`canary/${part}/${rev}`, CANARY_ANSWERED_EVENT, why, {
        correlationId: 'canary',
      });
      const set: [Path, Attribute][] = [
        [['schemaVersion'], 1],
        [['song'], rev],
        [['change'], change as unknown as Attribute],
      ];
      // A failed condition is an answer that was given before: to this song, or to a later one.
      await table.write([
        {
          kind: 'update',
          key: answerKey(part),
          update: { set, add: [['rev', 1]] },
          condition: any(absent('pk'), before('song', rev)),
        },
      ]);
      return song;
    },

    async answered(part) {
      const item = await table.get(answerKey(part));
      const change = Change.safeParse(item?.['change']);
      return { rev: numberOf(item, 'song'), at: change.success ? change.data.at : 0 };
    },
  };
}

/** `undefined`: not sung yet, so whoever says so made it up. */
function songOf(item: Item | undefined, rev: number): Song | undefined {
  return rev <= numberOf(item, 'rev') ? { series: numberOf(item, 'series'), rev } : undefined;
}

function numberOf(item: Item | undefined, field: string): number {
  const value = item?.[field];
  return typeof value === 'number' ? value : 0;
}
