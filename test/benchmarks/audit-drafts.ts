import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import type { AuditDraft } from '../../shared/ports/audit-log';
import type { ChangeRecord, Item } from '../../shared/ports/table';
import { changeOf, START } from '../support/audit-scenario';

/** Changes of a thousand contracts in turn, as the stream brings them: `count` of them, from the `from`th on. */
export function draftsOf(count: number, from = 0): AuditDraft[] {
  return Array.from({ length: count }, (_, n) => attributeRecord(recordOf(from + n)));
}

function recordOf(n: number): ChangeRecord {
  const keys = { pk: `CONTRACT#01K2Z8WQX3M5N7P9R1T3V5${String(n % 1000).padStart(4, '0')}`, sk: 'CONTRACT' };
  const rev = Math.floor(n / 1000) + 1;
  const image = (at: number): Item => ({
    ...keys,
    rev: at,
    status: `s${at}`,
    change: changeOf(keys, at) as Item['change'],
  });
  return {
    eventId: `event-${n}`,
    keys,
    before: rev === 1 ? undefined : image(rev - 1),
    after: image(rev),
    expired: false,
    at: START,
  };
}
