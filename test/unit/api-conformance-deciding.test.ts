/** Routes by which people decide, delegate and review: each documented status, each answer held against the OpenAPI document. */

import type { Call } from '../support/api-bench';
import { everyRouteRefuses, readingAnswers } from '../support/route-conformance';
import { type RoutesBench, routesBench } from '../support/routes-bench';

let bench: RoutesBench;
beforeAll(async () => {
  bench = await routesBench();
}, 120_000);
afterAll(() => bench.close());

describe('reading', () => {
  readingAnswers('deciding', () => bench);
});

describe('writing', () => {
  test('approve: once by its key, however often it is sent; another request under the key is refused', async () => {
    const { contractId, planHash, rev } = await bench.waiting();
    const call = (reason: string, extra = {}): Call => ({
      params: { contractId },
      body: { planHash, reason },
      headers: { 'idempotency-key': `approve-${contractId}`, ...extra },
    });
    expect(
      await bench.call('approve', { ...call('first'), headers: { 'if-match': `"${rev - 1}"` } }),
    ).toMatchObject({ status: 412, code: 'REV_CHANGED' });
    const first = await bench.call('approve', call('looks right'));
    expect(first).toMatchObject({ status: 200, json: { data: { contractId, approvals: 1, quorum: 1 } } });
    const again = await bench.call('approve', call('looks right'));
    expect(again.json).toEqual(first.json);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await bench.call('approve', call('another reason'))).toMatchObject({
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  test('a deny closes the request', async () => {
    const { contractId, planHash } = await bench.waiting();
    const { json } = await bench.call('deny', {
      as: 'ben',
      params: { contractId },
      body: { planHash, reason: 'not now' },
    });
    expect(json.data.status).toBe('denied');
    const late = await bench.call('approve', {
      params: { contractId },
      body: { planHash, reason: 'too late' },
    });
    expect(late).toMatchObject({ status: 409, code: 'CLOSED' });
  });

  test('a withdrawal, a cancellation and a replan of what is not theirs are refused by the one who decides', async () => {
    const { contractId, planHash } = await bench.waiting();
    for (const name of ['withdraw', 'cancel', 'replan', 'breakGlass'] as const) {
      const { status } = await bench.call(name, {
        as: 'vera',
        params: { contractId },
        body: { planHash, reason: 'r' },
      });
      expect([name, status]).toEqual([name, expect.any(Number)]);
      expect([403, 404, 409]).toContain(status);
    }
  });

  test('the glass is not broken with a sign-in of half an hour ago', async () => {
    const { contractId, planHash } = await bench.waiting();
    const authTime = Math.floor(Date.now() / 1000) - 1_800;
    const token = await bench.served.issuer.tokenFor('emma', { claims: { auth_time: authTime } });
    const stale: Call = { token, params: { contractId }, body: { planHash, reason: 'site is down' } };
    expect(await bench.call('breakGlass', stale)).toMatchObject({ status: 401, code: 'REAUTHENTICATE' });
  });

  test('emma breaks the glass, and somebody else reviews it', async () => {
    const { contractId, planHash } = await bench.waiting();
    const broken = await bench.call('breakGlass', {
      as: 'emma',
      params: { contractId },
      body: { planHash, reason: 'site is down' },
    });
    expect(broken).toMatchObject({ status: 200, json: { data: { contractId } } });
    const { json } = await bench.call('listReviews');
    expect(json.data).toMatchObject([{ contractId, reason: 'site is down' }]);
    const own = await bench.call('closeReview', {
      as: 'emma',
      params: { contractId },
      body: { reason: 'fine' },
    });
    expect(own.status).not.toBe(200);
    const closed = await bench.call('closeReview', {
      as: 'carla',
      params: { contractId },
      body: { reason: 'was right' },
    });
    expect(closed).toMatchObject({ status: 200, json: { data: { contractId } } });
  });

  test('anna lets ben speak for her, and ends it', async () => {
    const { issuer } = bench.served.issuer;
    const until = new Date(Date.now() + 7_200_000).toISOString();
    const given = await bench.call('delegate', { body: { to: `${issuer}#ben`, until, reason: 'on leave' } });
    expect(given).toMatchObject({ status: 200, json: { data: { delegate: `${issuer}#ben` } } });
    expect((await bench.call('listDelegations')).json.data).toHaveLength(1);
    expect((await bench.call('revokeDelegation', { body: { reason: 'back' } })).status).toBe(200);
    expect(
      (await bench.call('revokeDelegation', { body: { reason: 'back' } })).status,
    ).toBeGreaterThanOrEqual(400);
    expect(
      (await bench.call('delegate', { body: { to: `${issuer}#anna`, until, reason: 'r' } })).status,
    ).toBeGreaterThanOrEqual(400);
  });

  test('who speaks for an approver is told so, and sees what waits for them while it holds', async () => {
    const { issuer } = bench.served.issuer;
    const asVera = async () =>
      (await bench.call('listApprovals', { as: 'vera', query: 'mine=true' })).json.data.map(
        ({ mine }: { mine: object }) => mine,
      );
    expect(await asVera()).toEqual([]);
    const until = new Date(Date.now() + 7_200_000).toISOString();
    await bench.call('delegate', { body: { to: `${issuer}#vera`, until, reason: 'on leave' } });
    const [mine] = await asVera();
    expect(mine).toEqual({ mayDecide: true, excluded: false, voted: null, speaksFor: `${issuer}#anna` });
    await bench.call('revokeDelegation', { body: { reason: 'back' } });
    expect(await asVera()).toEqual([]);
  });

  test('an administrator calls a request off, and has a fresh plan made of another', async () => {
    const off = await bench.waiting();
    const cancelled = await bench.call('cancel', {
      as: 'carla',
      params: { contractId: off.contractId },
      body: { planHash: off.planHash, reason: 'not needed' },
    });
    expect(cancelled.json.data).toMatchObject({ status: 'cancelled' });
    const other = await bench.waiting();
    const replanned = await bench.call('replan', {
      as: 'carla',
      params: { contractId: other.contractId },
      body: { planHash: other.planHash, reason: 'look again' },
    });
    expect(replanned).toMatchObject({ status: 200, json: { data: { status: 'awaiting_approval' } } });
  });

  test('a withdrawal is answered with how the request stands', async () => {
    const stands = { ok: true, status: 'awaiting_approval', approvals: 0, quorum: 2 } as const;
    const { json } = await bench.answeredWith('withdraw', { decider: { decide: async () => stands } });
    expect(json.data).toEqual({
      contractId: bench.first.contractId,
      status: 'awaiting_approval',
      approvals: 0,
      quorum: 2,
    });
  });
});

everyRouteRefuses('deciding', () => bench);
