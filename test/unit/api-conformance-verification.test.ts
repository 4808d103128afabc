/** Routes of contracts, missions, snapshots and of how Grace stands: each documented status, each answer held against the OpenAPI document. */

import { targetPk } from '../../shared/domain/keys';
import type { Call } from '../support/api-bench';
import { everyRouteRefuses, readingAnswers } from '../support/route-conformance';
import { failing, type RoutesBench, routesBench, type Waiting } from '../support/routes-bench';

let bench: RoutesBench;
beforeAll(async () => {
  bench = await routesBench();
}, 120_000);
afterAll(() => bench.close());

describe('reading', () => {
  readingAnswers('verification', () => bench);

  test('a contract is shown whole: plan with what changes, steps, snapshots, measurements, expected against actual, timeline', async () => {
    const { json, headers } = await bench.call('getContract', {
      params: { contractId: await bench.scaled() },
    });
    const { plan, steps, snapshots, measurements, outcome, timeline, rev } = json.data;
    expect(plan).toMatchObject({ unchanged: true, changes: [{ field: 'desired_capacity', from: 4, to: 6 }] });
    expect(steps.map((step: { direction: string }) => step.direction)).toEqual(['back', 'forward']);
    expect(snapshots).toHaveLength(1);
    expect(measurements.length).toBeGreaterThan(0);
    expect(outcome).toMatchObject({ status: 'rolled_back', verdict: 'not_met' });
    expect(outcome.fields[0]).toMatchObject({
      verdict: expect.any(String),
      expected: expect.any(String),
      actual: expect.any(String),
    });
    expect(timeline.at(-1).link).toMatch(/^[0-9a-f]{64}$/);
    expect(headers['etag']).toBe(`"${rev}"`);
  });

  test('a contract shows what policies said of it last, and nothing where they were not asked', async () => {
    const rows = (await bench.call('listContracts', { query: 'limit=100' })).json.data as Waiting[];
    const said = await Promise.all(
      rows.map(async ({ contractId }) => {
        const { json } = await bench.call('getContract', { params: { contractId } });
        return [json.data.status, json.data.tier, json.data.policy];
      }),
    );
    const allowed = { decision: 'ALLOWED', by: ['tier-1-by-itself'] };
    expect(said).toContainEqual(['resolved', 1, allowed]);
    expect(said).toContainEqual(['observed', 1, allowed]);
    expect(said).toContainEqual(['awaiting_approval', 2, null]);
  });

  test('a snapshot is what was taken', async () => {
    const { json } = await bench.call('getSnapshot', { params: { contractId: await bench.scaled(), n: 0 } });
    expect(json.data).toMatchObject({ intact: true, targets: [{ facts: { desired_capacity: 4 } }] });
  });

  test('pages of a list hold every contract once, whatever their size', async () => {
    const whole = (await bench.call('listContracts')).json.data.map(({ contractId }: Waiting) => contractId);
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const { json } = await bench.call('listContracts', { query: `limit=2${cursor}` });
      expect(json.data.length).toBeLessThanOrEqual(2);
      paged.push(...json.data.map(({ contractId }: Waiting) => contractId));
      if (json.meta.next === undefined) break;
      cursor = `&cursor=${json.meta.next}`;
    }
    expect(paged).toEqual(whole);
    expect(whole.length).toBeGreaterThan(6);
  });

  test('benchmarks, of which a contract has several, are paged in the middle of one', async () => {
    const whole = (await bench.call('listBenchmarks', { query: 'limit=100' })).json.data;
    const paged: unknown[] = [];
    for (let cursor = ''; ; ) {
      const { json } = await bench.call('listBenchmarks', { query: `limit=1${cursor}` });
      paged.push(...json.data);
      if (json.meta.next === undefined) break;
      cursor = `&cursor=${json.meta.next}`;
    }
    expect(paged).toEqual(whole);
  });

  test('a filter by mission gives its contracts, and a cursor of it is of no other list', async () => {
    const { missionId, contractId } = await bench.waiting();
    const { json } = await bench.call('listContracts', { query: `missionId=${missionId}` });
    expect(json.data.map((one: Waiting) => one.contractId)).toEqual([contractId]);
    const other = await bench.call('listContracts', { query: 'limit=1' });
    const foreign = await bench.call('listMissions', { query: `cursor=${other.json.meta.next}` });
    expect(foreign).toMatchObject({ status: 400, code: 'INVALID_CURSOR' });
  });

  test('a cursor that was edited is none', async () => {
    const { next } = (await bench.call('listContracts', { query: 'limit=1' })).json.meta;
    const [at, skip, check] = JSON.parse(Buffer.from(next, 'base64url').toString());
    const edited = Buffer.from(JSON.stringify([at.replace('2026', '2025'), skip, check])).toString(
      'base64url',
    );
    expect(await bench.call('listContracts', { query: `cursor=${edited}` })).toMatchObject({
      status: 400,
      code: 'INVALID_CURSOR',
    });
  });

  test('a part that does not answer is named in health, and is no crash', async () => {
    const error = Object.assign(new Error('secret detail'), { name: 'StoreUnavailableError' });
    const { json, status } = await bench.answeredWith('getHealth', { audit: failing(error).audit as never });
    expect(status).toBe(200);
    expect(json.data.status).toBe('degraded');
    expect(json.data.parts.filter(({ status: one }: { status: string }) => one === 'failed')).toEqual([
      { name: 'audit log', status: 'failed', detail: 'StoreUnavailableError', affects: expect.any(String) },
    ]);
    expect(JSON.stringify(json)).not.toContain('secret detail');
  });

  test('a snapshot whose document is gone, or is none, is said to be unreadable', async () => {
    for (const get of [async () => undefined, async () => 'not json', async () => '{}']) {
      const { code } = await bench.answeredWith('getSnapshot', { evidence: { put: async () => {}, get } });
      expect(code).toBe('SNAPSHOT_UNREADABLE');
    }
  });
});

describe('writing', () => {
  test('a restore is asked for as an event, whose requester has no vote on it', async () => {
    const contractId = await bench.scaled();
    const asked = await bench.call('rollbackContract', {
      params: { contractId },
      body: { reason: 'as it was' },
    });
    expect(asked).toMatchObject({ status: 202, json: { data: { restores: { desired_capacity: 4 } } } });
    const held = await bench.call('restoreSnapshot', {
      params: { contractId, n: 0 },
      body: { reason: 'as it was' },
    });
    expect(held).toMatchObject({ status: 202, json: { data: { restores: { desired_capacity: 4 } } } });
  });

  test('what has no inverse cannot be restored', async () => {
    const { json } = await bench.call('listContracts', { query: 'playbook=restart-ec2-on-status-check' });
    const { contractId } = json.data.at(-1);
    for (const name of ['rollbackContract', 'restoreSnapshot'] as const) {
      expect(await bench.call(name, { params: { contractId, n: 0 }, body: { reason: 'r' } })).toMatchObject({
        status: 409,
        code: 'NOTHING_TO_RESTORE',
      });
    }
  });

  test('a target that waits for a person is let go of once, by an operator, and what is logged says who and why', async () => {
    const { json } = await bench.call('listContracts', { query: 'status=needs_person' });
    const { contractId } = json.data[0];
    const frozen = async () => (await bench.call('getContract', { params: { contractId } })).json.data.frozen;
    const keys = await frozen();
    expect(keys).toHaveLength(1);
    const release: Call = { params: { contractId }, body: { reason: 'the instance was replaced' } };
    expect(await bench.call('releaseTargets', { as: 'ben', ...release })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await bench.call('releaseTargets', release)).json.data).toEqual({ contractId, released: keys });
    expect(await frozen()).toEqual([]);
    expect(await bench.call('releaseTargets', release)).toMatchObject({ status: 409, code: 'NOT_FROZEN' });
    const { items } = await bench.ports.state.query({ pk: targetPk(keys[0]), skFrom: 'RELEASE#' });
    expect(items.map(({ change }) => change)).toMatchObject([
      { actor: `${bench.served.issuer.issuer}#anna`, reason: 'the instance was replaced' },
    ]);
  });
});

everyRouteRefuses('verification', () => bench);
