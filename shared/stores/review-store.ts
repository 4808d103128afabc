import { Review } from '../contracts/approval-items';
import type { Contract } from '../contracts/contract';
import { reviewKey } from '../domain/keys';
import type { ReviewStore } from '../ports/approvals';
import type { Reason } from '../ports/contract-store';
import type { Attribute, Condition, Item, Path, Table, Write } from '../ports/table';
import { changeFor, newItem } from './item-writes';
import { absent, all, equals, not } from './when';

const LIST = 'REVIEWS';

/** The review that is opened in the transaction that breaks the glass. */
export function openReview(contract: Contract, why: Reason): Write {
  const { contractId, missionId, correlationId } = contract;
  const change = changeFor(`${contractId}/review`, 'approval.review_opened', why, {
    contractId,
    missionId,
    correlationId,
  });
  const item = newItem(reviewKey(contractId), change, {
    contractId,
    missionId,
    openedBy: why.actor,
    openedAt: why.at,
    reason: why.reason,
    status: 'open',
    listPk: LIST,
    listSk: `${new Date(why.at).toISOString()}#${contractId}`,
  });
  return { kind: 'put', item, condition: absent('pk') };
}

/** Reviews of broken glass. They stay on the list until somebody else has closed them. */
export function reviewStore(table: Table): ReviewStore {
  const read = async (contractId: string): Promise<Review | undefined> => {
    const item = await table.get(reviewKey(contractId));
    return item === undefined ? undefined : reviewOf(item);
  };
  return {
    get: read,

    async open(limit) {
      const page = await table.query({ pk: LIST, index: 'list', limit });
      const found = await Promise.all(page.items.map(({ pk }) => read(pk.slice('REVIEW#'.length))));
      return found.filter((review) => review?.status === 'open').map((review) => review as Review);
    },

    async close(contractId, why) {
      const seen = await read(contractId);
      if (seen === undefined) return undefined;
      const change = changeFor(`${contractId}/review/closed/${why.actor}`, 'approval.review_closed', why, {
        contractId,
        missionId: seen.missionId,
        correlationId: contractId,
      });
      const set: [Path, Attribute][] = [
        [['status'], 'closed'],
        [['closedBy'], why.actor],
        [['closedAt'], why.at],
        [['finding'], why.reason],
        [['change'], change as unknown as Attribute],
      ];
      const isOpen: Condition = all(equals('status', 'open'), not(equals('openedBy', why.actor)));
      const result = await table.write([
        {
          kind: 'update',
          key: reviewKey(contractId),
          update: { set, add: [['rev', 1]], remove: [['listPk'], ['listSk']] },
          condition: isOpen,
        },
      ]);
      const now = await read(contractId);
      return result.ok || (now?.closedBy === why.actor && now.finding === why.reason) ? now : undefined;
    },
  };
}

function reviewOf(item: Item): Review {
  const { contractId, missionId, openedBy, openedAt, reason, status, closedBy, closedAt, finding, rev } =
    item;
  return Review.parse({
    contractId,
    missionId,
    openedBy,
    openedAt,
    reason,
    status,
    closedBy,
    closedAt,
    finding,
    rev,
  });
}
