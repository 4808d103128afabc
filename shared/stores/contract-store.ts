import type { Contract } from '../contracts/contract';
import { Plan } from '../contracts/plan';
import { peopleOf } from '../domain/approval';
import { contractKey, lockKey, outcomeKey, planKey, poolKey, waitingKey } from '../domain/keys';
import { planTextHash } from '../domain/plan-hash';
import type { ContractStore, EndParts, Held, Reason, StoredPlan } from '../ports/contract-store';
import { PlanUnreadableError } from '../ports/errors';
import type { Attribute, Condition, Item, Path, Table, Write } from '../ports/table';
import { type ContractWrite, changeOf } from './contract-move';
import { readContract, settleContract } from './contract-settle';
import { spokenBy } from './delegation-store';
import { withoutIds } from './item-writes';
import { absent, after, all, any, atMost, contains, equals, exists, not } from './when';

/** Shards of the indexes: enough that one of them never limits the table. */
export const SHARDS = 4;

/** Contracts and all that belongs to them, on the state table. Every change is one conditional write. */
export function contractStore(table: Table): ContractStore {
  const read = (contractId: string) => readContract(table, contractId);

  const settle = (write: ContractWrite, others: readonly Write[] = []) =>
    settleContract(table, write, others);

  const readPlan = async (contractId: string): Promise<StoredPlan> => {
    const item = await table.get(planKey(contractId));
    const text = item?.['text'];
    if (typeof text !== 'string') throw new PlanUnreadableError(contractId, 'there is no plan text');
    const hash = planTextHash(text);
    try {
      return { text, plan: Plan.parse(JSON.parse(text)), hash };
    } catch (cause) {
      throw new PlanUnreadableError(contractId, 'the stored text is not a plan', { cause });
    }
  };

  return {
    get: read,
    plan: readPlan,

    async planIfReadable(contractId) {
      try {
        return await readPlan(contractId);
      } catch (error) {
        if (error instanceof PlanUnreadableError) return undefined;
        throw error;
      }
    },

    async story(contractId) {
      const page = await table.query({ pk: contractKey(contractId).pk });
      return page.items;
    },

    async open(limit) {
      const pages = await Promise.all(
        shards().map((shard) => table.query({ pk: `OPEN#${shard}`, index: 'open', limit })),
      );
      return idsOf(
        pages.flatMap((page) => page.items),
        'openSk',
      ).slice(0, limit);
    },

    async list(limit) {
      const pages = await Promise.all(
        shards().map((shard) =>
          table.query({ pk: `CONTRACT#${shard}`, index: 'list', newestFirst: true, limit }),
        ),
      );
      return idsOf(
        pages.flatMap((page) => page.items),
        'listSk',
      )
        .reverse()
        .slice(0, limit);
    },

    move: (contract, to, why, patch = {}) =>
      settle({ contract, to, why, patch: { reason: why.reason, ...patch } }),
    amend(contract, event, why, patch) {
      const callback = patch.approval?.callback ?? contract.approval?.callback;
      const isDue = callback?.due === true && callback.deliveredAt === undefined;
      // An ended contract stays on the reaper's list only while its decision is still to be delivered.
      return settle({
        contract,
        event,
        why,
        patch: isDue ? { ...patch, ...openList(contract) } : patch,
        keepOpen: isDue,
      });
    },

    openApproval(contract, approval, waitingTargetKey, why) {
      const waiting: Write = {
        kind: 'put',
        item: {
          ...waitingKey(waitingTargetKey, contract.playbook),
          contractId: contract.contractId,
          missionId: contract.missionId,
        },
        condition: any(absent('pk'), equals('contractId', contract.contractId)),
      };
      return settle({ contract, to: 'awaiting_approval', why, patch: { approval, reason: why.reason } }, [
        waiting,
      ]);
    },

    vote(contract, vote, to, why) {
      const voted: Path = ['approval', 'votes', vote.subject];
      const { decision, planHash, by } = vote;
      const entry = {
        decision,
        at: why.at,
        planHash,
        reason: why.reason,
        ...(by === undefined ? {} : { by }),
      };
      const move: ContractWrite = {
        contract,
        ...(to === undefined ? { event: 'approval.vote' } : { to, event: 'approval.granted' }),
        why,
        by: peopleOf(vote).join('/'),
        voice: vote.subject,
        nested: [
          [voted, entry],
          ...(to === undefined ? [] : [[['approval', 'callback', 'due'], true] as [Path, Attribute]]),
        ],
        conditions: [
          equals('status', 'awaiting_approval'),
          after('approval.expiresAt', why.at),
          equals('planHash', vote.planHash),
          absent('approval.replanSince'),
          exists('approval.excluded'),
          not(contains('approval.excluded', vote.subject)),
          ...(by === undefined ? [] : [not(contains('approval.excluded', by))]),
          { op: 'absent', path: voted },
        ],
      };
      return settle(move, spokenBy(vote, why.at));
    },

    async end(contract, to, why, parts) {
      const outcome: Write = outcomeWrite(contract, why, parts);
      const waiting: Write[] =
        parts.waiting === undefined
          ? []
          : [{ kind: 'delete', key: waitingKey(parts.waiting.targetKey, parts.waiting.playbook) }];
      // What was held is read now; what is no longer this contract's is left alone.
      const held: Write[] = [];
      for (const lock of parts.held) {
        const item = await table.get(lockKey(lock.targetKey));
        if (item?.['owner'] === contract.contractId) held.push(lockEnd(contract, to, why, lock, item));
      }
      const pool = await table.get(poolKey);
      const holders = pool?.['holders'];
      if (holders instanceof Set && holders.has(contract.contractId)) {
        held.push({ kind: 'update', key: poolKey, update: { exclude: [['holders', contract.contractId]] } });
      }
      return settle(
        {
          contract,
          to,
          why,
          ...(parts.event === undefined ? {} : { event: parts.event }),
          ...(parts.closing === undefined ? {} : { closing: parts.closing }),
          ...(parts.callbackDue ? { keepOpen: true } : {}),
          ...(parts.denial === undefined
            ? {}
            : { by: peopleOf(parts.denial).join('/'), voice: parts.denial.subject }),
          patch: { reason: why.reason, policy: parts.policy },
          ...timely(to, parts, why.at),
          ...nestedOf(parts, why),
        },
        [outcome, ...waiting, ...held, ...(parts.denial === undefined ? [] : spokenBy(parts.denial, why.at))],
      );
    },
  };
}

/** Whoever thinks that it is time, or not yet: the request itself has to say so. A veto has until the gate. */
function timely(
  to: Contract['status'],
  { denial }: EndParts,
  now: number,
): { conditions?: readonly Condition[] } {
  if (to === 'expired') return { conditions: [atMost('approval.expiresAt', now)] };
  if (denial === undefined) return {};
  return { conditions: [any(equals('status', 'approved'), after('approval.expiresAt', now))] };
}

function nestedOf(parts: EndParts, why: Reason): { nested?: (readonly [Path, Attribute])[] } {
  const nested: (readonly [Path, Attribute])[] = [];
  // The whole map: of a veto after a delivered approval, that delivery must not count as its own.
  if (parts.callbackDue) nested.push([['approval', 'callback'], { due: true }]);
  if (parts.denial) {
    const { subject, planHash, by } = parts.denial;
    nested.push([
      ['approval', 'votes', subject],
      { decision: 'deny', at: why.at, planHash, reason: why.reason, ...(by === undefined ? {} : { by }) },
    ]);
  }
  return nested.length === 0 ? {} : { nested };
}

function outcomeWrite(contract: Contract, why: Reason, parts: EndParts): Write {
  const change = changeOf({
    contract,
    event: 'outcome.recorded',
    why,
    ...(parts.closing ? { closing: true } : {}),
  });
  const item = {
    ...outcomeKey(contract.contractId),
    schemaVersion: 1,
    rev: 1,
    change: withoutIds(change),
    ...parts.outcome,
  };
  return { kind: 'put', item: item as unknown as Item, condition: absent('pk') };
}

/** Freezes the target when a person is needed, else gives the lock back and begins the cooldown. */
function lockEnd(contract: Contract, to: Contract['status'], why: Reason, lock: Held, item: Item): Write {
  const mine = all(equals('owner', contract.contractId), equals('fence', item['fence'] as number));
  const key = lockKey(lock.targetKey);
  if (to === 'needs_person') {
    const set: [Path, Attribute][] = [
      [['frozenBy'], contract.contractId],
      [['frozenAt'], why.at],
      [['leaseUntil'], 0],
    ];
    return { kind: 'update', key, update: { set, remove: [['owner']] }, condition: mine };
  }
  const set: [Path, Attribute][] = [
    [['leaseUntil'], 0],
    [['cooldownUntil'], lock.cooldownUntil],
  ];
  return { kind: 'update', key, update: { set, remove: [['owner']] }, condition: mine };
}

/** The reaper's worklist: sharded by the id's last character. */
export function openList(contract: { readonly contractId: string; readonly createdAt: number }): {
  openPk: string;
  openSk: string;
} {
  const shard = contract.contractId.charCodeAt(contract.contractId.length - 1) % SHARDS;
  return {
    openPk: `OPEN#${shard}`,
    openSk: `${new Date(contract.createdAt).toISOString()}#${contract.contractId}`,
  };
}

const shards = (): number[] => Array.from({ length: SHARDS }, (_, shard) => shard);

function idsOf(items: readonly Item[], sortKey: string): string[] {
  return items
    .map((item) => ({ sort: String(item[sortKey]), id: item.pk.slice('CONTRACT#'.length) }))
    .sort((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0))
    .map((entry) => entry.id);
}
