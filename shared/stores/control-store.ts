import type { Change } from '../contracts/change';
import { Switch } from '../contracts/state-items';
import { switchKey } from '../domain/keys';
import type { Reason } from '../ports/contract-store';
import type { ControlStore } from '../ports/stores';
import type { Attribute, Table } from '../ports/table';
import { StoreUnavailableError } from './errors';
import { changeFor } from './item-writes';
import { absent, equals } from './when';

/** The kill switch: one item, read consistently before every call. */
export function controlStore(table: Table): ControlStore {
  const read = async (): Promise<Switch | undefined> => {
    const item = await table.get(switchKey);
    if (item === undefined) return undefined;
    const { paused, by, reason, at, rev } = item;
    return Switch.parse({ paused, by, reason, at, rev });
  };
  /** `undefined` = another write came first. */
  const write = async (
    seen: Switch | undefined,
    paused: boolean,
    why: Reason,
  ): Promise<Switch | undefined> => {
    const rev = (seen?.rev ?? 0) + 1;
    const event = paused ? 'control.paused' : 'control.resumed';
    const change = changeFor(`switch/${rev}/${why.actor}/${why.at}`, event, why, { correlationId: 'switch' });
    const next: Switch = { paused, by: why.actor, reason: why.reason, at: why.at, rev };
    const written = await table.write([
      {
        kind: 'put',
        item: { ...switchKey, schemaVersion: 1, ...next, change: change as unknown as Attribute },
        condition: seen === undefined ? absent('pk') : equals('rev', seen.rev),
      },
    ]);
    if (written.ok) return next;
    // My own write, whose answer was lost: writing it again could undo what somebody did in between.
    const stands = written.failed[0]?.item?.['change'] as Change | undefined;
    return stands?.id === change.id ? next : undefined;
  };
  return {
    switch: read,
    async set(paused, why) {
      for (let tries = 0; tries < 10; tries += 1) {
        const next = await write(await read(), paused, why);
        if (next !== undefined) return next;
      }
      throw new StoreUnavailableError('the kill switch is being changed by others at this moment');
    },
    async setFrom(rev, paused, why) {
      const seen = await read();
      return (seen?.rev ?? 0) === rev ? write(seen, paused, why) : undefined;
    },
  };
}
