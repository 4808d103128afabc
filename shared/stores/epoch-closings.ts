import type { Change } from '../contracts/change';
import { EpochClosing } from '../contracts/state-items';
import { epochKey } from '../domain/keys';
import { EPOCH_CLOSED } from '../domain/log-epochs';
import type { EpochClosings } from '../ports/epoch-closings';
import type { Attribute, Table } from '../ports/table';
import { changeFor } from './item-writes';
import { absent, equals } from './when';

export function epochClosings(table: Table): EpochClosings {
  return {
    async last() {
      const item = await table.get(epochKey);
      if (item === undefined) return undefined;
      const { epoch, by, reason, at, rev } = item;
      return EpochClosing.parse({ epoch, by, reason, at, rev });
    },
    async close(epoch, seen, why) {
      const change = changeFor(`epoch/${epoch}/${why.actor}/${why.at}`, EPOCH_CLOSED, why, {
        correlationId: `epoch/${epoch}`,
      });
      const next: EpochClosing = {
        epoch,
        by: why.actor,
        reason: why.reason,
        at: why.at,
        rev: (seen?.rev ?? 0) + 1,
      };
      const written = await table.write([
        {
          kind: 'put',
          item: { ...epochKey, schemaVersion: 1, ...next, change: change as unknown as Attribute },
          condition: seen === undefined ? absent('pk') : equals('rev', seen.rev),
        },
      ]);
      // My own write, whose answer was lost.
      const stands = written.ok ? undefined : (written.failed[0]?.item?.['change'] as Change | undefined);
      return written.ok || stands?.id === change.id;
    },
  };
}
