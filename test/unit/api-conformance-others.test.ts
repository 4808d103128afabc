/** Routes of the kill switch, policies, quarantine, learning, errors and the API itself: each documented status, each answer held against the OpenAPI document. */

import { quarantineStore } from '../../shared/stores/quarantine-store';
import type { Call } from '../support/api-bench';
import { everyRouteRefuses, readingAnswers } from '../support/route-conformance';
import { bodyFor, type RoutesBench, routesBench } from '../support/routes-bench';

let bench: RoutesBench;
beforeAll(async () => {
  bench = await routesBench();
}, 120_000);
afterAll(() => bench.close());

describe('reading', () => {
  readingAnswers('others', () => bench);

  test('recommendations rank by what is sure, with the evidence', async () => {
    const { recommendations } = (await bench.call('getRecommendations')).json.data;
    const lows = recommendations.map(({ low }: { low: number }) => low);
    expect(lows).toEqual([...lows].sort((a, b) => b - a));
    const helped = recommendations.find(
      ({ playbook }: { playbook: string }) => playbook === 'reboot-rds-on-connections',
    );
    // Beta(2, 1): mean 2/3, 2.5 % quantile sqrt(0.025).
    expect(helped).toMatchObject({ successes: 1, failures: 0, advice: 'gather_evidence' });
    expect(helped.mean).toBeCloseTo(2 / 3, 10);
    expect(helped.low).toBeCloseTo(Math.sqrt(0.025), 8);
  });
});

describe('writing', () => {
  test('the switch is set by whoever saw how it stands', async () => {
    const stands = await bench.call('getSwitch');
    const set = await bench.call('setSwitch', {
      body: { paused: true, reason: 'maintenance' },
      headers: { 'if-match': stands.headers['etag'] as string },
    });
    expect(set.json.data).toMatchObject({ paused: true, reason: 'maintenance' });
    expect(
      await bench.call('setSwitch', {
        body: { paused: false, reason: 'r' },
        headers: { 'if-match': stands.headers['etag'] as string },
      }),
    ).toMatchObject({ status: 412 });
    expect(
      (await bench.call('setSwitch', { body: { paused: false, reason: 'over' } })).json.data.paused,
    ).toBe(false);
  });

  test('what is held in quarantine is listed with its findings, and released once, by a person', async () => {
    const id = 'ab'.repeat(20);
    const finding = {
      code: 'SHELL_INJECTION',
      path: 'error.attributes.id',
      excerpt: 'i-0; rm',
      why: 'w',
    } as const;
    await quarantineStore(bench.ports.state).put(
      {
        id,
        code: finding.code,
        message: 'm',
        excerpt: '{}',
        receivedAt: Date.now(),
        findings: [finding],
        body: '{}',
      },
      { actor: 'sentinel', reason: finding.code, at: Date.now() },
    );
    const held = await bench.call('listQuarantine');
    expect(held.json.data).toMatchObject([{ id, status: 'held', releasable: true, findings: [finding] }]);
    expect((await bench.call('getQuarantined', { params: { id } })).headers['etag']).toBe('"1"');
    const release: Call = { params: { id }, body: { reason: 'looked at it' } };
    expect(await bench.call('releaseQuarantined', { as: 'vera', ...release })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await bench.call('releaseQuarantined', release)).status).toBe(202);
    expect(await bench.call('releaseQuarantined', release)).toMatchObject({
      status: 409,
      code: 'ALREADY_RELEASED',
    });
  });

  test('an error is taken in once by its key: the same event, whatever the answer’s way back does', async () => {
    const call: Call = { ...bodyFor('postEvent'), headers: { 'idempotency-key': 'reported-once' } };
    const sent = await bench.call('postEvent', call);
    expect(sent.status).toBe(202);
    expect((await bench.call('postEvent', call)).json.data).toEqual(sent.json.data);
  });
});

everyRouteRefuses('others', () => bench);
