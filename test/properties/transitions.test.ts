import fc from 'fast-check';
import type { Contract } from '../../shared/contracts/contract';
import { EVENT_OF_STATUS } from '../../shared/domain/event-types';
import {
  ENDS,
  ENDS_WITHOUT_EFFECT,
  isEnd,
  mayMove,
  STATUSES,
  type Status,
  sourcesOf,
  TRANSITIONS,
} from '../../shared/domain/transitions';
import { memoryBench, why } from '../support/stores-bench';

const anyStatus = fc.constantFrom(...STATUSES);
/** A contract begins as planned; nothing moves there. */
const anyTarget = fc.constantFrom(...STATUSES.filter((status) => status !== 'planned'));

function reachableFrom(start: Status): Set<Status> {
  const seen = new Set<Status>([start]);
  for (const status of seen) for (const next of TRANSITIONS[status]) seen.add(next);
  return seen;
}

describe('the transition table', () => {
  test('reaches every status from planned, and an end from every status', () => {
    expect([...reachableFrom('planned')].sort()).toEqual([...STATUSES].sort());
    for (const status of STATUSES) expect([...reachableFrom(status)].some(isEnd)).toBe(true);
  });
  test('has ends without a way out, and no way round in a circle', () => {
    for (const end of ENDS) expect(TRANSITIONS[end]).toEqual([]);
    for (const status of STATUSES)
      for (const next of TRANSITIONS[status]) expect(reachableFrom(next).has(status)).toBe(false);
  });
  test('lets nothing happen without the gate: an effect is only in what was executing', () => {
    const past: Status[] = ['verifying', 'resolved', 'rolling_back', 'rolled_back', 'needs_person'];
    for (const status of past)
      expect(sourcesOf(status).every((from) => reachableFrom('executing').has(from))).toBe(true);
    for (const end of ENDS_WITHOUT_EFFECT) expect(isEnd(end)).toBe(true);
    expect(sourcesOf('executing')).toEqual(['approved']);
  });
  test('has its sources as the inverse of its moves, and an event for each status', () => {
    for (const from of STATUSES)
      for (const to of STATUSES) expect(sourcesOf(to).includes(from)).toBe(mayMove(from, to));
    for (const status of STATUSES) expect(EVENT_OF_STATUS[status]).toBeDefined();
  });
});

describe('the database condition that is derived from the table', () => {
  /** A contract with an approval request whose time has come, put into `status` by hand. */
  async function standing(status: Status) {
    const bench = memoryBench();
    const { approval } = await bench.awaiting();
    bench.clock.set(approval?.expiresAt ?? 0);
    const key = { pk: 'CONTRACT#C1', sk: 'CONTRACT' };
    await bench.table.write([{ kind: 'update', key, update: { set: [[['status'], status]] } }]);
    return { bench, contract: (await bench.contracts.get('C1')) as Contract };
  }

  test('lets a move through exactly when the table does', async () => {
    await fc.assert(
      fc.asyncProperty(anyStatus, anyTarget, async (from, to) => {
        const { bench, contract } = await standing(from);
        const result = await bench.contracts.move(contract, to, why('TEST'));
        expect(result.ok).toBe(mayMove(from, to));
        expect((await bench.contracts.get('C1'))?.status).toBe(mayMove(from, to) ? to : from);
      }),
      { numRuns: 250 },
    );
  });

  test('lets nothing be planned a second time', async () => {
    for (const from of STATUSES) {
      const { bench, contract } = await standing(from);
      await expect(bench.contracts.move(contract, 'planned', why('TEST'))).rejects.toThrow();
    }
  });

  test('lets an end through exactly when the table does, also without the rev', async () => {
    await fc.assert(
      fc.asyncProperty(anyStatus, fc.constantFrom(...ENDS), fc.boolean(), async (from, to, closing) => {
        const { bench, contract } = await standing(from);
        const outcome = {
          contractId: 'C1',
          missionId: contract.missionId,
          playbook: contract.playbook,
          tier: contract.tier,
          status: to,
          reason: 'TEST',
          fields: [],
          effects: 0,
          result: { ok: false, status: 'failure' as const, error_resolved: false, metrics: {} },
          createdAt: 0,
          endedAt: 0,
        };
        const seen = closing ? { ...contract, rev: contract.rev + 7 } : contract;
        const result = await bench.contracts.end(seen, to, why('TEST', bench.clock.now()), {
          outcome,
          held: [],
          closing,
        });
        expect(result.ok).toBe(mayMove(from, to));
      }),
      { numRuns: 150 },
    );
  });
});
