import { type AuditFinding, StoredFinding } from '../contracts/audit-findings';
import { digestOf } from '../domain/digest';
import { findingKey } from '../domain/keys';
import type { Findings } from '../ports/audit-check';
import type { Attribute, Item, Path, Table } from '../ports/table';
import { StoreUnavailableError } from './errors';
import { changeFor, newItem } from './item-writes';
import { absent, all, equals } from './when';

const LIST = 'FINDING';
const READS_AT_ONCE = 16;

/** The same for the same finding, so that it is one item however often it is found. */
export function findingIdOf({ kind, pk, sk, seq, rev }: AuditFinding): string {
  return digestOf('grace.finding.v1\n', [kind, pk, sk, seq ?? -1, rev ?? -1]).slice(0, 32);
}

/** Findings of the audit check, on the state table: each is one audited item, which the stream publishes. */
export function findingStore(table: Table): Findings {
  const get = async (findingId: string): Promise<StoredFinding | undefined> => {
    const item = await table.get(findingKey(findingId));
    return item === undefined ? undefined : readFinding(item);
  };
  return {
    get,
    async open(finding, why) {
      const findingId = findingIdOf(finding);
      const seen = await get(findingId);
      if (seen?.status === 'open') return 'known';
      const rev = (seen?.rev ?? 0) + 1;
      const change = changeFor(`finding/${findingId}/${rev}`, 'audit.anomaly_detected', why, {
        correlationId: `finding-${findingId}`,
      });
      const fields = {
        findingId,
        finding: finding as unknown as Attribute,
        status: 'open',
        foundAt: seen?.foundAt ?? why.at,
        changedAt: why.at,
        changedBy: why.actor,
        listPk: LIST,
        listSk: `${new Date(why.at).toISOString()}#${findingId}`,
      };
      const written = await table.write([
        {
          kind: 'put',
          item: { ...newItem(findingKey(findingId), change, fields), rev },
          condition:
            seen === undefined ? absent('pk') : all(equals('rev', seen.rev), equals('status', 'closed')),
        },
      ]);
      // Otherwise another check has opened it at this moment, or my own answer was lost.
      return written.ok ? 'opened' : 'known';
    },
    async close(findingId, why) {
      const seen = await get(findingId);
      if (seen?.status !== 'open') return false;
      const change = changeFor(`finding/${findingId}/${seen.rev + 1}`, 'audit.finding_closed', why, {
        correlationId: `finding-${findingId}`,
      });
      const set: [Path, Attribute][] = [
        [['status'], 'closed'],
        [['changedAt'], why.at],
        [['changedBy'], why.actor],
        [['reason'], why.reason],
        [['change'], change as unknown as Attribute],
      ];
      const written = await table.write([
        {
          kind: 'update',
          key: findingKey(findingId),
          update: { set, add: [['rev', 1]] },
          condition: all(equals('rev', seen.rev), equals('status', 'open')),
        },
      ]);
      if (written.ok) return true;
      const stands = written.failed[0]?.item;
      if ((stands?.['change'] as { id?: string } | undefined)?.id === change.id) return true;
      if (stands?.['status'] === 'closed') return false;
      throw new StoreUnavailableError(`finding ${findingId} is being changed by others`);
    },
    async list(limit) {
      const { items } = await table.query({ pk: LIST, index: 'list', newestFirst: true, limit });
      const found: StoredFinding[] = [];
      for (let at = 0; at < items.length; at += READS_AT_ONCE) {
        const read = await Promise.all(items.slice(at, at + READS_AT_ONCE).map((key) => table.get(key)));
        found.push(...read.flatMap((item) => (item === undefined ? [] : [readFinding(item)])));
      }
      return found;
    },
  };
}

function readFinding(item: Item): StoredFinding {
  const { findingId, finding, status, foundAt, changedAt, changedBy, reason, rev } = item;
  return StoredFinding.parse({
    findingId,
    finding,
    status,
    foundAt,
    changedAt,
    changedBy,
    ...(reason === undefined ? {} : { reason }),
    rev,
  });
}
