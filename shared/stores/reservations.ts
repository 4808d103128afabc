import * as z from 'zod/mini';
import { budgetKey, lockKey, poolKey, targetPk, waitingKey } from '../domain/keys';
import type { LockResult, LockState, Reservations } from '../ports/contract-store';
import type { Item, Path, Table } from '../ports/table';
import { changeId } from './item-writes';
import { absent, all, any, before, contains, equals, not, smaller } from './when';

const Lock = z.object({
  owner: z.optional(z.string()),
  leaseUntil: z.number(),
  cooldownUntil: z.number(),
  fence: z.number(),
  frozenBy: z.optional(z.string()),
});

interface WantedLock {
  readonly targetKey: string;
  readonly contractId: string;
  readonly now: number;
  readonly leaseUntil: number;
}

/** Invocations of one contract that may take its lock at the same moment. */
const TRIES = 5;

/** Locks, pool and budgets: leases and counters, each changed in place by one conditional write. */
export function reservations(table: Table): Reservations {
  const readLock = async (targetKey: string): Promise<LockState | undefined> => {
    const item = await table.get(lockKey(targetKey));
    return item === undefined ? undefined : lockState(item);
  };

  /**
   * `mine_already`: it was taken for this contract while we looked. That may be our own write, whose answer
   * was lost, or another invocation; only one more fence tells the two apart.
   */
  const tryLock = async (wanted: WantedLock): Promise<LockResult | 'mine_already'> => {
    const { targetKey, contractId, now, leaseUntil } = wanted;
    const seen = await readLock(targetKey);
    const fence = (seen?.fence ?? 0) + 1;
    const set: [Path, string | number][] = [
      [['owner'], contractId],
      [['leaseUntil'], leaseUntil],
      [['cooldownUntil'], leaseUntil],
      [['fence'], fence],
    ];
    const free = all(before('leaseUntil', now), before('cooldownUntil', now));
    const unchanged = seen === undefined ? absent('fence') : equals('fence', seen.fence);
    const result = await table.write([
      {
        kind: 'update',
        key: lockKey(targetKey),
        update: { set },
        condition: any(
          absent('pk'),
          all(absent('frozenBy'), any(equals('owner', contractId), free), unchanged),
        ),
      },
    ]);
    if (result.ok) return { ok: true, fence };
    const item = result.failed[0]?.item;
    const lock = item === undefined ? undefined : lockState(item);
    if (lock?.frozenBy !== undefined) return { ok: false, code: 'FROZEN', until: Number.MAX_SAFE_INTEGER };
    if (lock?.owner === contractId) return 'mine_already';
    if (lock !== undefined && lock.leaseUntil < now && lock.cooldownUntil >= now) {
      return { ok: false, code: 'COOLDOWN', until: lock.cooldownUntil };
    }
    return { ok: false, code: 'BUSY', until: lock?.leaseUntil ?? now };
  };

  return {
    lock: readLock,

    async takePool(contractId, size) {
      const result = await table.write([
        {
          kind: 'update',
          key: poolKey,
          update: { include: [['holders', contractId]] },
          condition: all(
            any(absent('holders'), smaller('holders', size)),
            not(contains('holders', contractId)),
          ),
        },
      ]);
      if (result.ok) return 'taken';
      const holders = result.failed[0]?.item?.['holders'];
      return holders instanceof Set && holders.has(contractId) ? 'taken' : 'full';
    },

    async releasePool(contractId) {
      await table.write([
        {
          kind: 'update',
          key: poolKey,
          update: { exclude: [['holders', contractId]] },
          condition: contains('holders', contractId),
        },
      ]);
    },

    async poolHolders() {
      const holders = (await table.get(poolKey))?.['holders'];
      return holders instanceof Set ? [...holders].sort() : [];
    },

    async takeLock(targetKey, contractId, now, leaseUntil) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const taken = await tryLock({ targetKey, contractId, now, leaseUntil });
        if (taken !== 'mine_already') return taken;
      }
      return { ok: false, code: 'BUSY', until: leaseUntil };
    },

    async releaseLock({ targetKey, fence, cooldownUntil }, contractId) {
      const released = await table.write([
        {
          kind: 'update',
          key: lockKey(targetKey),
          update: {
            set: [
              [['leaseUntil'], 0],
              [['cooldownUntil'], cooldownUntil],
            ],
            remove: [['owner']],
          },
          condition: all(equals('owner', contractId), equals('fence', fence)),
        },
      ]);
      return released.ok;
    },

    async unfreeze({ targetKey, frozenBy }, why) {
      const released = await table.write([
        {
          kind: 'update',
          key: lockKey(targetKey),
          update: {
            remove: [['frozenBy'], ['frozenAt']],
            set: [
              [['leaseUntil'], 0],
              [['cooldownUntil'], 0],
            ],
          },
          condition: equals('frozenBy', frozenBy),
        },
        {
          kind: 'put',
          item: {
            pk: targetPk(targetKey),
            sk: `RELEASE#${why.at}`,
            schemaVersion: 1,
            rev: 1,
            targetKey,
            change: {
              id: changeId(targetKey, 'release', why.at),
              event: 'target.released',
              actor: why.actor,
              reason: why.reason,
              correlationId: targetKey.slice(0, 128),
              at: why.at,
            },
          },
          condition: absent('pk'),
        },
      ]);
      return released.ok;
    },

    async waiting(targetKey, playbook) {
      const item = await table.get(waitingKey(targetKey, playbook));
      if (item === undefined) return undefined;
      return { contractId: String(item['contractId']), missionId: String(item['missionId']) };
    },

    async isBudgetLeft(playbook, max, seconds, now) {
      const item = await table.get(budgetKey(playbook, Math.floor(now / (seconds * 1000))));
      const used = item?.['used'];
      return typeof used !== 'number' || used < max;
    },
  };
}

function lockState(item: Item): LockState {
  const lock = Lock.parse(item);
  const { leaseUntil, cooldownUntil, fence } = lock;
  return { owner: lock.owner, leaseUntil, cooldownUntil, fence, frozenBy: lock.frozenBy };
}
