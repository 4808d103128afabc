import { Delegation } from '../contracts/approval-items';
import type { Change } from '../contracts/change';
import type { Voice } from '../domain/approval';
import { delegationKey } from '../domain/keys';
import type { DelegationStore } from '../ports/approvals';
import type { Attribute, Condition, Item, Path, Table, Write } from '../ports/table';
import { changeFor } from './item-writes';
import { absent, after, all, equals } from './when';

/**
 * Power by delegation is a condition of the write that uses it: this person, not revoked, not at its end. Nothing
 * for who speaks for themselves.
 */
export function spokenBy({ subject, by }: Voice, now: number): Write[] {
  if (by === undefined) return [];
  const condition: Condition = all(equals('delegate', by), after('until', now), absent('revokedAt'));
  return [{ kind: 'check', key: delegationKey(subject), condition }];
}

/** One item a person: who may speak for them, and until when. */
export function delegationStore(table: Table): DelegationStore {
  const read = async (delegator: string): Promise<Delegation | undefined> => {
    const item = await table.get(delegationKey(delegator));
    return item === undefined ? undefined : delegationOf(item);
  };
  /** Also where an earlier answer was lost: then the condition fails on my own change. */
  const written = async (change: Change, write: Write): Promise<boolean> => {
    const result = await table.write([write]);
    return result.ok || (result.failed[0]?.item?.['change'] as Change | undefined)?.id === change.id;
  };
  return {
    of: read,

    async list(limit) {
      const page = await table.query({ pk: LIST, index: 'list', newestFirst: true, limit });
      const found = await Promise.all(page.items.map(({ pk }) => read(pk.slice('DELEGATION#'.length))));
      return found.filter((delegation) => delegation !== undefined);
    },

    async give({ delegator, delegate, until }, why) {
      const seen = await read(delegator);
      const rev = seen?.rev ?? 0;
      const id = `delegation/${rev}/${until}/${delegator}/${delegate}`;
      const change = {
        ...changeFor(id, 'approval.delegated', why, { correlationId: delegator.slice(0, 128) }),
        delegate: { to: delegate, until },
      };
      const set: [Path, Attribute][] = [
        [['delegator'], delegator],
        [['delegate'], delegate],
        [['givenAt'], why.at],
        [['until'], until],
        [['schemaVersion'], 1],
        [['listPk'], LIST],
        [['listSk'], `${new Date(why.at).toISOString()}#${delegator}`.slice(0, 1024)],
        [['change'], change as unknown as Attribute],
      ];
      const isWritten = await written(change, {
        kind: 'update',
        key: delegationKey(delegator),
        update: { set, add: [['rev', 1]], remove: [['revokedAt']] },
        condition: seen === undefined ? absent('pk') : equals('rev', rev),
      });
      return isWritten ? { delegator, delegate, givenAt: why.at, until, rev: rev + 1 } : undefined;
    },

    async revoke(delegator, why) {
      const seen = await read(delegator);
      if (seen === undefined) return undefined;
      const id = `delegation/${seen.rev}/revoked/${delegator}`;
      const change = {
        ...changeFor(id, 'approval.delegation_revoked', why, { correlationId: delegator.slice(0, 128) }),
        delegate: { to: seen.delegate, until: why.at },
      };
      const isWritten = await written(change, {
        kind: 'update',
        key: delegationKey(delegator),
        update: {
          set: [
            [['revokedAt'], why.at],
            [['change'], change as unknown as Attribute],
          ],
          add: [['rev', 1]],
        },
        condition: all(equals('rev', seen.rev), absent('revokedAt'), after('until', why.at)),
      });
      return isWritten ? { ...seen, revokedAt: why.at, rev: seen.rev + 1 } : undefined;
    },
  };
}

/** People delegate rarely: one partition of the index holds them all. */
const LIST = 'DELEGATIONS';

function delegationOf(item: Item): Delegation {
  const { delegator, delegate, givenAt, until, revokedAt, rev } = item;
  return Delegation.parse({ delegator, delegate, givenAt, until, revokedAt, rev });
}
