import { wrapPort } from '../../../../cli/simulator/invocation';
import { createKernel } from '../../../../cli/simulator/kernel';
import { Contract } from '../../../../shared/contracts/contract';
import { contractKey, lockKey } from '../../../../shared/domain/keys';
import type { Table } from '../../../../shared/ports/table';
import { ledger } from '../../../../shared/stores/ledger';
import { createMemoryTable } from '../../../../shared/stores/memory-table';
import { reservations } from '../../../../shared/stores/reservations';
import { BENCH_INCIDENTS } from '../../../support/faults/bench-incidents';
import { type Row, type RowCase, same } from './row';
import { haltAt } from './tampering';

const TARGET = 'autoscaling:group:eu-west-1:123456789012:web';
const START = Date.UTC(2026, 0, 5);
const LEASE = 600_000;

type Weaken = (table: Table) => Table;

/** Contenders for one lock on a slow table, then what a holder may still do whose lease is over. */
export async function frozenAndStale(contenders = 500, weaken: Weaken = (table) => table): Promise<Row> {
  const kernel = createKernel({ startMs: START, seed: 7 });
  const memory = createMemoryTable({ clock: kernel });
  const invocation = {
    id: 1,
    functionName: 'bench',
    stateName: undefined,
    contractId: undefined,
    attempt: 1,
  };
  const slow = wrapPort('state', weaken(memory), [1, 40], {
    kernel,
    random: kernel.fork('latency'),
    invocation,
    faults: {},
    counter: { calls: 0 },
  });
  const contending = reservations(slow);
  const holders: { contractId: string; fence: number }[] = [];
  const contend = async (contractId: string): Promise<void> => {
    const taken = await contending.takeLock(TARGET, contractId, kernel.now(), kernel.now() + LEASE);
    if (taken.ok) holders.push({ contractId, fence: taken.fence });
  };
  for (let n = 0; n < contenders; n += 1) kernel.schedule(n % 50, () => contend(`c${n}`), 'contender');
  await kernel.run();
  const cases: RowCase[] = [same(`${contenders} contenders, holders`, holders.length, 1)];

  const first = holders[0] ?? { contractId: '', fence: 0 };
  const now = START + 2 * LEASE;
  const locks = reservations(weaken(memory));
  const next = await locks.takeLock(TARGET, 'next', now, now + LEASE);
  cases.push(same('once the lease is over, another one takes it', next.ok, true));
  const release = { targetKey: TARGET, fence: first.fence, cooldownUntil: 0 };
  const released = await locks.releaseLock(release, first.contractId);
  const held = await locks.lock(TARGET);
  cases.push(same('a stale release is refused', [released, held?.owner], [false, 'next']));
  const olderTake = { targetKey: TARGET, fence: (held?.fence ?? 0) - 1, cooldownUntil: 0 };
  cases.push(
    same(
      "so is that of an older take of the holder's own",
      [await locks.releaseLock(olderTake, 'next'), (await locks.lock(TARGET))?.owner],
      [false, 'next'],
    ),
  );
  await memory.write([
    {
      kind: 'update',
      key: lockKey(TARGET),
      update: {
        set: [
          [['frozenBy'], 'next'],
          [['leaseUntil'], 0],
          [['cooldownUntil'], 0],
        ],
        remove: [['owner']],
      },
    },
  ]);
  const thaw = await locks.takeLock(TARGET, 'later', now + LEASE, now + 2 * LEASE);
  cases.push(same('nobody takes a frozen one', thaw.ok ? 'taken' : thaw.code, 'FROZEN'));
  cases.push(await staleGate(weaken));
  return { name: `${contenders} contenders for one lock; a stale holder; a frozen target`, cases };
}

/** A contract that lost its lock to another one writes nothing: not at the gate. */
async function staleGate(weaken: Weaken): Promise<RowCase> {
  const stage = await haltAt(BENCH_INCIDENTS.scaleHelps, 'approved');
  const memory = stage.deployment.state;
  const table = weaken(memory);
  const contractId = stage.contracts()[0]?.contractId ?? '';
  const contract = Contract.parse(await memory.get(contractKey(contractId)));
  const now = stage.kernel.now();
  const mine = await reservations(memory).takeLock(TARGET, contractId, now, now + 1000);
  const fence = mine.ok ? mine.fence : 0;
  await reservations(memory).takeLock(TARGET, 'other', now + 2000, now + LEASE);
  const answer = await ledger(table).gate({
    contract,
    planHash: contract.planHash,
    step: {
      n: 0,
      direction: 'forward',
      action: 'aws.scale_instances',
      targetKey: TARGET,
      intended: {},
      prior: {},
      fence,
      clientToken: 'any',
    },
    locks: [{ targetKey: TARGET, fence }],
    budget: { playbook: contract.playbook, max: 3, seconds: 3600 },
    why: { actor: 'bench', reason: 'STALE', at: now + 2000 },
  });
  return same(
    "a stale holder's write at the gate is refused",
    answer.ok ? 'passed' : answer.code,
    'LOCK_LOST',
  );
}
