/** How the API and the command tell of the epochs of the log. */

import { logEpochs } from '../../functions/api/log-epochs';
import { epochKey } from '../../shared/domain/keys';
import { entryKey, epochRowKey } from '../../shared/stores/audit-rows';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import { epochClosings } from '../../shared/stores/epoch-closings';
import { auditBench, tamper } from '../support/audit-bench';

const MISSION = { pk: 'MISSION#01K2Z8WQX3M5N7P9R1T3V5W7ZZ', sk: 'MISSION' };

function epochBench() {
  const bench = auditBench();
  const closings = epochClosings(bench.state);
  return {
    ...bench,
    closings,
    async append(entries: number): Promise<void> {
      for (let n = 0; n < entries; n += 1) await bench.change(MISSION, { n });
      await bench.stream();
    },
    /** As `decide` orders it. */
    order: async (epoch: number, reason: string) =>
      closings.close(epoch, await closings.last(), {
        actor: 'root',
        reason,
        at: bench.checking.clock.now(),
      }),
    list: (limit = 50) =>
      logEpochs(limit, {
        audit: bench.log,
        checkpointsOf: (epoch) => checkpointStore(bench.audit, { epoch }),
        closings,
      }),
  };
}

describe('the epochs of a log', () => {
  test('of one that nobody has closed are one, which is open; of an empty log too', async () => {
    const { list, append, seal } = epochBench();
    const open = {
      epoch: 1,
      status: 'open',
      from: 0,
      closedBy: null,
      reason: null,
      closedAt: null,
      root: null,
    };
    expect(await list()).toEqual([{ ...open, entries: 0, signed: 0 }]);
    await append(3);
    await seal();
    await append(2);
    expect(await list()).toEqual([{ ...open, entries: 5, signed: 3 }]);
  });

  test('say that one is closing from the order on, and that it is closed once the log has the order', async () => {
    const { list, append, order, stream, pass } = epochBench();
    await append(4);
    await order(1, 'a key may be known');
    const ordered = '2026-01-05T12:00:00.000Z';
    expect(await list()).toEqual([
      {
        ...{ epoch: 1, status: 'closing', from: 0, entries: 4, signed: 0 },
        ...{ closedBy: 'root', reason: 'a key may be known', closedAt: ordered, root: null },
      },
    ]);
    pass(2_000);
    await stream();
    expect(await list()).toMatchObject([
      { epoch: 2, status: 'open', from: 4, entries: 1, closedBy: null },
      {
        ...{
          epoch: 1,
          status: 'closed',
          from: 0,
          entries: 4,
          closedBy: 'root',
          reason: 'a key may be known',
        },
        ...{ closedAt: '2026-01-05T12:00:02.000Z', root: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
  });

  test('are told of newest first, as many as were asked for', async () => {
    const { list, append, order, stream } = epochBench();
    await append(2);
    for (const epoch of [1, 2, 3]) {
      await order(epoch, `the ${epoch}.`);
      await stream();
    }
    expect((await list()).map(({ epoch, reason }) => [epoch, reason])).toEqual([
      [4, null],
      [3, 'the 3.'],
      [2, 'the 2.'],
      [1, 'the 1.'],
    ]);
    expect((await list(2)).map(({ epoch }) => epoch)).toEqual([4, 3]);
  });

  test('believe the entry that begins the next one, not the row of the order', async () => {
    const { list, append, order, stream, state } = epochBench();
    await append(2);
    await order(1, 'as it was');
    await stream();
    await tamper(state, epochKey, (row) => ({ ...row, by: 'somebody else', reason: 'forged' }));
    expect((await list())[1]).toMatchObject({ closedBy: 'root', reason: 'as it was' });
  });

  test('name nobody where the row of an epoch leads to the entry that closes another', async () => {
    const { list, append, order, stream, audit } = epochBench();
    await append(2);
    for (const epoch of [1, 2]) {
      await order(epoch, `the ${epoch}.`);
      await stream();
    }
    await tamper(audit, epochRowKey('grace', 2), (row) => ({ ...row, base: 3 }));
    expect((await list()).map(({ epoch, closedBy, reason }) => [epoch, closedBy, reason])).toEqual([
      [3, null, null],
      [2, null, null],
      [1, null, null],
    ]);
  });

  test('name nobody where the entry after an epoch does not close it', async () => {
    const { list, append, order, stream, audit } = epochBench();
    await append(2);
    await order(1, 'as it was');
    await stream();
    const ordinary = await audit.get(entryKey('grace', 1));
    await tamper(audit, entryKey('grace', 2), (row) => ({ ...ordinary, pk: row.pk, sk: row.sk, seq: 2 }));
    expect((await list())[1]).toMatchObject({ epoch: 1, status: 'closed', closedBy: null, root: null });
  });
});
