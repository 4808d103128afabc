/** Every route of the API, every documented status, each answer held against the OpenAPI document. */

import { apiDeps } from '../../cli/simulator/api-ports';
import { api } from '../../functions/api/api';
import type { ApiDeps } from '../../functions/api/deps';
import type { ApiRequest } from '../../shared/contracts/api/http';
import type { Route } from '../../shared/contracts/api/route';
import { ROUTES, type RouteName } from '../../shared/contracts/api/routes';
import { targetPk } from '../../shared/domain/keys';
import { parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { verifyInclusion } from '../../shared/domain/tlog/merkle-proof';
import { parseNote } from '../../shared/domain/tlog/signed-note';
import { StoreUnavailableError } from '../../shared/stores/errors';
import { findingStore } from '../../shared/stores/finding-store';
import { quarantineStore } from '../../shared/stores/quarantine-store';
import { type ApiBench, apiBench, type Call } from '../support/api-bench';

let bench: ApiBench;
/** As it stood when the tests began: they use up what waits. */
let first: Known;
beforeAll(async () => {
  bench = await apiBench({ settings: { api: { burst: 5000 } } });
  first = await waiting();
}, 120_000);
afterAll(() => bench.close());

const NAMES = Object.keys(ROUTES) as RouteName[];
const READING = NAMES.filter((name) => ROUTES[name].method === 'GET');
const WRITING = NAMES.filter((name) => 'body' in ROUTES[name]);
/** Auditors read the log; everything else is well asked by anna. */
const asker = (name: RouteName): string => {
  if (name === 'closeEpoch') return 'carla';
  return ROUTES[name].tag === 'audit' ? 'paul' : 'anna';
};

interface Known {
  readonly contractId: string;
  readonly planHash: string;
  readonly missionId: string;
  readonly rev: number;
}
async function waiting(index = 0): Promise<Known> {
  const { json } = await bench.call('listApprovals');
  const { contractId, planHash, missionId, rev } = json.data[index].contract;
  return { contractId, planHash, missionId, rev };
}
/** A contract that ended with a snapshot and a value to go back to. */
async function scaled(): Promise<string> {
  const { json } = await bench.call('listContracts', {
    query: 'playbook=scale-out-on-errors&status=rolled_back',
  });
  return json.data[0].contractId;
}

/** Parameters with which each route has something to show. */
async function paramsOf(name: RouteName): Promise<Call['params']> {
  const { contractId, missionId } = first;
  switch (name) {
    case 'getSnapshot':
    case 'restoreSnapshot':
    case 'rollbackContract':
      return { contractId: await scaled(), n: 0 };
    case 'getMission':
      return { missionId };
    case 'getProof':
      return { seq: 0 };
    default:
      return { contractId, id: 'f'.repeat(40) };
  }
}

/** The same request, answered with other dependencies. */
async function answeredWith(name: RouteName, change: Partial<ApiDeps>) {
  const request = await bench.request(name, {
    as: asker(name),
    params: (await paramsOf(name)) ?? {},
    ...bodyFor(name),
  });
  const caller: ApiRequest['caller'] = {
    kind: 'person',
    token: 'unused',
    person: { subject: 'somebody', roles: ['operator', 'auditor'] },
  };
  const directory = { withRole: async () => [], person: async () => caller.person };
  const deps = { ...apiDeps(bench.ports), directory, ...change };
  return bench.judged(name, await api({ ...request, caller }, deps));
}

function bodyFor(name: RouteName): { body?: unknown } {
  switch (name) {
    case 'setSwitch':
      return { body: { paused: false, reason: 'test' } };
    case 'postEvent':
      return { body: { service: 'shop', name: 'SomethingElse', message: 'm', attributes: {} } };
    case 'delegate':
      return { body: { to: 'bob', until: new Date(Date.now() + 7_200_000).toISOString(), reason: 'leave' } };
    default:
      if (!('body' in ROUTES[name])) return {};
      return {
        body:
          'params' in ROUTES[name] && ROUTES[name].path.includes('/approvals/')
            ? { planHash: 'a'.repeat(64), reason: 'r' }
            : name === 'closeEpoch'
              ? { epoch: 1, reason: 'r' }
              : { reason: 'r' },
      };
  }
}

/** Whatever is asked of it fails so. */
function failing(error: Error): Partial<ApiDeps> {
  const fails = () => {
    throw error;
  };
  const broken = new Proxy({}, { get: () => () => Promise.reject(error) }) as never;
  const all: (keyof ApiDeps)[] = [
    'contracts',
    'listings',
    'missions',
    'playbooks',
    'control',
    'quarantine',
    'delegations',
    'reviews',
    'evidence',
    'audit',
    'proofs',
    'checkpoints',
    'decider',
    'errors',
    'capabilities',
    'directory',
    'findings',
    'activity',
  ];
  // Some routes ask nobody; whether one may call at all is asked for each.
  return { ...Object.fromEntries(all.map((name) => [name, broken])), limiter: { waitSeconds: fails } };
}

describe('reading', () => {
  test.each(READING.filter((name) => name !== 'getQuarantined'))(
    '%s answers what is documented',
    async (name) => {
      const { status } = await bench.call(name, { as: asker(name), params: (await paramsOf(name)) ?? {} });
      expect(status).toBe(200);
    },
  );

  test('a contract is shown whole: plan with what changes, steps, snapshots, measurements, expected against actual, timeline', async () => {
    const { json, headers } = await bench.call('getContract', { params: { contractId: await scaled() } });
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
    const rows = (await bench.call('listContracts', { query: 'limit=100' })).json.data as Known[];
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
    const { json } = await bench.call('getSnapshot', { params: { contractId: await scaled(), n: 0 } });
    expect(json.data).toMatchObject({ intact: true, targets: [{ facts: { desired_capacity: 4 } }] });
  });

  test('pages of a list hold every contract once, whatever their size', async () => {
    const whole = (await bench.call('listContracts')).json.data.map(({ contractId }: Known) => contractId);
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const { json } = await bench.call('listContracts', { query: `limit=2${cursor}` });
      expect(json.data.length).toBeLessThanOrEqual(2);
      paged.push(...json.data.map(({ contractId }: Known) => contractId));
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
    const { missionId, contractId } = await waiting();
    const { json } = await bench.call('listContracts', { query: `missionId=${missionId}` });
    expect(json.data.map((one: Known) => one.contractId)).toEqual([contractId]);
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

  test('entries of the log come with the bytes that their links are of', async () => {
    const { json } = await bench.call('listEntries', { as: 'paul', query: 'limit=3&from=0' });
    const { createHash } = await import('node:crypto');
    for (const { bytes, link } of json.data.entries) {
      const leaf = Buffer.concat([Buffer.from([0]), Buffer.from(bytes, 'base64')]);
      expect(createHash('sha256').update(leaf).digest('hex')).toBe(link);
    }
    expect(json.data.entries.map(({ seq }: { seq: number }) => seq)).toEqual([0, 1, 2]);
    const next = await bench.call('listEntries', { as: 'paul', query: `limit=2&cursor=${json.meta.next}` });
    expect(next.json.data.entries.map(({ seq }: { seq: number }) => seq)).toEqual([3, 4]);
  });

  test('activity is counted by the hour and by the part of Grace that acted', async () => {
    const hours = (await bench.call('getActivity', { as: 'paul', query: 'hours=3' })).json.data;
    expect(hours.length).toBeGreaterThan(1);
    // Counted up to the last check, which an hour that has just begun has not had yet.
    const hourBefore = (ms: number) => new Date(Date.now() - ms).toISOString().slice(0, 13);
    expect([hourBefore(0), hourBefore(3600_000)]).toContain(hours.at(-1).hour);
    const entries = hours.flatMap(({ activity }: { activity: object }) => Object.values(activity));
    expect(entries.reduce((sum: number, count: number) => sum + count, 0)).toBeGreaterThan(50);
    expect(await bench.call('getActivity', { as: 'paul', query: 'hours=1000' })).toMatchObject({
      code: 'INVALID_PARAMETER',
    });
  });

  test('a proof leads from an entry to the newest signed checkpoint, and holds', async () => {
    const { proof, checkpoint, entry } = (await bench.call('getProof', { as: 'paul', params: { seq: 3 } }))
      .json.data;
    const { root } = parseCheckpoint(parseNote(checkpoint.note).text);
    const holds = verifyInclusion({
      index: 3,
      size: checkpoint.size,
      leafHash: Buffer.from(entry.link, 'hex'),
      proof: proof.map((hash: string) => Buffer.from(hash, 'base64')),
      root,
    });
    expect(holds).toBe(true);
    const listed = await bench.call('listCheckpoints', { as: 'paul', query: 'limit=1' });
    expect(listed.json.data).toEqual([checkpoint]);
  });

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

  test('a part that does not answer is named in health, and is no crash', async () => {
    const error = Object.assign(new Error('secret detail'), { name: 'StoreUnavailableError' });
    const { json, status } = await answeredWith('getHealth', { audit: failing(error).audit as never });
    expect(status).toBe(200);
    expect(json.data.status).toBe('degraded');
    expect(json.data.parts.filter(({ status: one }: { status: string }) => one === 'failed')).toEqual([
      { name: 'audit log', status: 'failed', detail: 'StoreUnavailableError', affects: expect.any(String) },
    ]);
    expect(JSON.stringify(json)).not.toContain('secret detail');
  });
});

describe('writing', () => {
  test('approve: once by its key, however often it is sent; another request under the key is refused', async () => {
    const { contractId, planHash, rev } = await waiting();
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
    const { contractId, planHash } = await waiting();
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
    const { contractId, planHash } = await waiting();
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
    const { contractId, planHash } = await waiting();
    const authTime = Math.floor(Date.now() / 1000) - 1_800;
    const token = await bench.served.issuer.tokenFor('emma', { claims: { auth_time: authTime } });
    const stale: Call = { token, params: { contractId }, body: { planHash, reason: 'site is down' } };
    expect(await bench.call('breakGlass', stale)).toMatchObject({ status: 401, code: 'REAUTHENTICATE' });
  });

  test('emma breaks the glass, and somebody else reviews it', async () => {
    const { contractId, planHash } = await waiting();
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

  test('carla closes an epoch of the audit log, and nobody closes it again', async () => {
    const close = (as: string, epoch: number) =>
      bench.call('closeEpoch', { as, body: { epoch, reason: 'an incident' } });
    expect(await close('anna', 1)).toMatchObject({ status: 403 });
    expect(await close('carla', 2)).toMatchObject({ status: 409, code: 'EPOCH_NOT_OPEN' });
    expect(await close('carla', 1)).toMatchObject({ status: 202, json: { data: { epoch: 1 } } });
    expect(await close('carla', 1)).toMatchObject({ status: 202 });
    expect(await close('carla', 0)).toMatchObject({ status: 422, code: 'BODY_INVALID' });
  });

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

  test('a restore is asked for as an event, whose requester has no vote on it', async () => {
    const contractId = await scaled();
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

  test('a finding says what it means and what to do, and is closed once, with a reason', async () => {
    const found = { kind: 'SEQ_GAP', pk: '', sk: '', seq: 4, detail: 'entry 4 is missing' } as const;
    const at = Date.now();
    await findingStore(bench.ports.state).open(found, { actor: 'audit-check', reason: 'SEQ_GAP', at });
    const [open] = (await bench.call('listFindings', { as: 'paul' })).json.data;
    expect(open).toMatchObject({
      status: 'open',
      kind: 'SEQ_GAP',
      seq: 4,
      means: 'Entries are missing inside the log.',
      todo: expect.stringContaining('CloudTrail'),
    });
    const close: Call = { as: 'paul', params: { id: open.findingId }, body: { reason: 'our own test' } };
    expect((await bench.call('closeFinding', close)).json.data.status).toBe('closed');
    expect(await bench.call('closeFinding', close)).toMatchObject({ status: 404 });
    const [closed] = (await bench.call('listFindings', { as: 'paul' })).json.data;
    expect(closed).toMatchObject({ status: 'closed', reason: 'our own test' });
  });

  test('an error is taken in once by its key: the same event, whatever the answer’s way back does', async () => {
    const call: Call = { ...bodyFor('postEvent'), headers: { 'idempotency-key': 'reported-once' } };
    const sent = await bench.call('postEvent', call);
    expect(sent.status).toBe(202);
    expect((await bench.call('postEvent', call)).json.data).toEqual(sent.json.data);
  });

  test('an administrator calls a request off, and has a fresh plan made of another', async () => {
    const off = await waiting();
    const cancelled = await bench.call('cancel', {
      as: 'carla',
      params: { contractId: off.contractId },
      body: { planHash: off.planHash, reason: 'not needed' },
    });
    expect(cancelled.json.data).toMatchObject({ status: 'cancelled' });
    const other = await waiting();
    const replanned = await bench.call('replan', {
      as: 'carla',
      params: { contractId: other.contractId },
      body: { planHash: other.planHash, reason: 'look again' },
    });
    expect(replanned).toMatchObject({ status: 200, json: { data: { status: 'awaiting_approval' } } });
  });

  test('a withdrawal is answered with how the request stands', async () => {
    const stands = { ok: true, status: 'awaiting_approval', approvals: 0, quorum: 2 } as const;
    const { json } = await answeredWith('withdraw', { decider: { decide: async () => stands } });
    expect(json.data).toEqual({
      contractId: first.contractId,
      status: 'awaiting_approval',
      approvals: 0,
      quorum: 2,
    });
  });

  test.each(NAMES.filter((name) => 'ifMatch' in ROUTES[name] && 'params' in ROUTES[name]))(
    '%s of another revision than was read is refused',
    async (name) => {
      const call = { as: asker(name), params: (await paramsOf(name)) ?? {}, ...bodyFor(name) };
      const at = (etag: string) => bench.call(name, { ...call, headers: { 'if-match': etag } });
      expect(await at('"999"')).toMatchObject({ status: 412, code: 'REV_CHANGED' });
      expect(await at('W/"1"')).toMatchObject({ status: 400, code: 'INVALID_HEADER' });
    },
  );

  test('a snapshot whose document is gone, or is none, is said to be unreadable', async () => {
    for (const get of [async () => undefined, async () => 'not json', async () => '{}']) {
      const { code } = await answeredWith('getSnapshot', { evidence: { put: async () => {}, get } });
      expect(code).toBe('SNAPSHOT_UNREADABLE');
    }
  });
});

describe('what every route refuses', () => {
  test.each(NAMES)('%s', async (name) => {
    const route: Route = ROUTES[name];
    const params = (await paramsOf(name)) ?? {};
    const well: Call = { as: asker(name), params, ...bodyFor(name) };
    const code = async (call: Call) => (await bench.call(name, { ...well, ...call })).code;
    expect(await code({ as: null })).toBe('TOKEN_MISSING');
    expect(await code({ query: 'nonsense=1' })).toBe('INVALID_PARAMETER');
    expect(await code({ headers: { 'x-long': 'x'.repeat(10_000) } })).toBe('HEADERS_TOO_LARGE');
    const stranger = await bench.served.issuer.tokenFor('vera', { claims: { sub: 'mallory', groups: [] } });
    expect(await code({ token: stranger })).toBe('FORBIDDEN');
    expect((await answeredWith(name, { limiter: { waitSeconds: () => 3 } })).headers['retry-after']).toBe(
      '3',
    );
    const failed = async (error: Error) => answeredWith(name, failing(error));
    expect((await failed(new StoreUnavailableError('no store'))).code).toBe('UNAVAILABLE');
    const crashed = await failed(new TypeError('x is not a function at /srv/api.js:1'));
    expect(crashed.code).toBe('INTERNAL');
    expect(JSON.stringify(crashed.json)).not.toMatch(/not a function|api\.js/);
    if (route.body === undefined) {
      expect(await code({ body: { a: 1 } })).toBe('BODY_UNEXPECTED');
      return;
    }
    expect(await code({ headers: { 'content-type': 'application/x-www-form-urlencoded' } })).toBe(
      'UNSUPPORTED_MEDIA_TYPE',
    );
    expect(await code({ body: `{"reason":"${'x'.repeat(70_000)}"}` })).toBe('BODY_TOO_LARGE');
    expect(await code({ body: '{"reason":' })).toBe('BODY_NOT_JSON');
    expect(await code({ body: `{"reason":${'['.repeat(20)}${']'.repeat(20)}}` })).toBe('BODY_NOT_JSON');
    expect(await code({ body: { unknown: true } })).toBe('BODY_INVALID');
    const busy = {
      begin: async () => ({ kind: 'in_progress' as const }),
      finish: async () => {},
      abandon: async () => {},
    };
    const request = await bench.request(name, { ...well, headers: { 'idempotency-key': 'under-way' } });
    const caller: ApiRequest['caller'] = {
      kind: 'person',
      token: 't',
      person: { subject: 's', roles: ['operator', 'auditor', 'administrator'] },
    };
    const deps = {
      ...apiDeps(bench.ports),
      directory: { withRole: async () => [], person: async () => caller.person },
      idempotency: busy,
    };
    expect(bench.judged(name, await api({ ...request, caller }, deps)).code).toBe('IDEMPOTENCY_IN_PROGRESS');
    if (!route.machines) {
      const machine: ApiRequest['caller'] = {
        kind: 'machine',
        person: { subject: 'arn', roles: ['operator', 'auditor'] },
      };
      expect(bench.judged(name, await api({ ...request, caller: machine }, deps)).code).toBe(
        'PERSON_REQUIRED',
      );
    }
  });

  test.each(NAMES.filter((name) => 'params' in ROUTES[name]))(
    '%s of what there is not, or of a strange id',
    async (name) => {
      const nothing = {
        contractId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
        missionId: 'none',
        id: 'e'.repeat(40),
        n: 7,
        seq: 999_999,
      };
      expect((await bench.call(name, { as: asker(name), params: nothing, ...bodyFor(name) })).code).toBe(
        'NOT_FOUND',
      );
      const strange = { contractId: '..%2F..%2Fetc', missionId: '..%2F..', id: '%00', n: '-1', seq: '1e9' };
      expect((await bench.call(name, { as: asker(name), params: strange, ...bodyFor(name) })).code).toBe(
        'INVALID_PARAMETER',
      );
    },
  );

  test.each(WRITING)('%s has an example of a body here', (name) => {
    expect(bodyFor(name).body).toBeDefined();
  });
});

test('every documented status of every route was produced above', () => {
  const missing = bench.conformance.documented().filter((each) => !bench.conformance.seen().has(each));
  expect(missing).toEqual([]);
});
