/** Whatever comes: its own code, no effect, nothing of ours in the answer. */
import { createHash, createHmac } from 'node:crypto';
import { contractStore } from '../../shared/stores/contract-store';
import { type ApiBench, apiBench, type Call } from '../support/api-bench';

let bench: ApiBench;
let contractId: string;
let planHash: string;
beforeAll(async () => {
  bench = await apiBench({ settings: { api: { burst: 5000 } } });
  const { json } = await bench.call('listApprovals');
  ({ contractId, planHash } = json.data[0].contract);
}, 120_000);
afterAll(() => bench.close());

/** Nothing of what was sent changed anything. */
afterEach(async () => {
  const contract = await contractStore(bench.ports.state).get(contractId);
  expect([contract?.status, contract?.approval?.votes]).toEqual(['awaiting_approval', {}]);
});

const approve = (call: Call = {}) =>
  bench.call('approve', { params: { contractId }, body: { planHash, reason: 'r' }, ...call });
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('tokens', () => {
  const claimed = async (claims: object) => bench.served.issuer.tokenFor('anna', { claims: claims as never });

  test('none, or something that is none', async () => {
    expect(await approve({ as: null })).toMatchObject({ status: 401, code: 'TOKEN_MISSING' });
    expect(await approve({ token: 'abc' })).toMatchObject({ status: 401, code: 'TOKEN_MALFORMED' });
    expect(await approve({ token: 'e30.e30.' })).toMatchObject({ code: 'TOKEN_ALGORITHM' });
    expect(await approve({ token: `${'x'.repeat(8_100)}.e30.e30` })).toMatchObject({ status: 401 });
  });

  test('expired', async () => {
    const issuedAt = Math.floor(Date.now() / 1000) - 7_200;
    const token = await bench.served.issuer.tokenFor('anna', { issuedAt });
    expect(await approve({ token })).toMatchObject({ status: 401, code: 'TOKEN_EXPIRED' });
  });

  test('one that never ends, and one that has not begun', async () => {
    expect(await approve({ token: await claimed({ exp: undefined }) })).toMatchObject({
      code: 'TOKEN_MALFORMED',
    });
    const nbf = Math.floor(Date.now() / 1000) + 3_600;
    expect(await approve({ token: await claimed({ nbf }) })).toMatchObject({ code: 'TOKEN_NOT_YET_VALID' });
  });

  test('without a signature, or signed with the public key as if it were a secret', async () => {
    const [, payload] = (await claimed({})).split('.');
    for (const alg of ['none', 'None', 'HS256']) {
      const head = `${encoded({ alg, typ: 'JWT' })}.${payload}`;
      const key = Buffer.from(bench.served.issuer.keys());
      const signature = alg === 'HS256' ? createHmac('sha256', key).update(head).digest('base64url') : '';
      expect(await approve({ token: `${head}.${signature}` })).toMatchObject({
        status: 401,
        code: 'TOKEN_ALGORITHM',
      });
    }
  });

  test('whose claims were changed after it was signed', async () => {
    const [head, payload, signature] = (await claimed({})).split('.');
    const claims = JSON.parse(Buffer.from(payload as string, 'base64url').toString());
    const token = `${head}.${encoded({ ...claims, groups: ['administrator'] })}.${signature}`;
    expect(await approve({ token })).toMatchObject({ status: 401, code: 'TOKEN_SIGNATURE' });
  });

  test('signed by a key that the issuer does not publish', async () => {
    const other = await (await import('../../cli/serve/dev-issuer')).createDevIssuer({
      issuer: bench.served.issuer.issuer,
      people: [{ name: 'anna', roles: ['administrator'] }],
      now: Date.now,
    });
    expect(await approve({ token: await other.tokenFor('anna') })).toMatchObject({
      status: 401,
      code: 'TOKEN_SIGNATURE',
    });
  });

  test('of another issuer, for another application, or an ID token', async () => {
    expect(await approve({ token: await claimed({ iss: 'https://evil.example.org' }) })).toMatchObject({
      code: 'TOKEN_ISSUER',
    });
    expect(await approve({ token: await claimed({ client_id: 'other', aud: 'other' }) })).toMatchObject({
      code: 'TOKEN_AUDIENCE',
    });
    expect(await approve({ token: await claimed({ token_use: 'id', aud: 'grace-console' }) })).toMatchObject({
      code: 'TOKEN_USE',
    });
  });

  test('that says more than the directory does, when something is written', async () => {
    const token = await claimed({ sub: 'vera', groups: ['administrator', 'operator'] });
    const pause = await bench.call('setSwitch', { token, body: { paused: true, reason: 'r' } });
    expect(pause).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect((await bench.call('getSwitch')).json.data.paused).toBe(false);
  });
});

describe('decisions', () => {
  test('on another plan', async () => {
    expect(await approve({ body: { planHash: 'a'.repeat(64), reason: 'r' } })).toMatchObject({
      status: 409,
      code: 'PLAN_CHANGED',
    });
  });

  test('on a contract that there is not, and on one that is none of theirs: the same answer', async () => {
    const none = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const unknown = await approve({ as: 'vera', params: { contractId: none } });
    const foreign = await approve({ as: 'vera' });
    const shape = ({ json, status }: typeof unknown, id: string) => {
      const { correlationId, ...rest } = json;
      return JSON.stringify([status, rest]).replaceAll(id, 'ID');
    };
    expect(unknown).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(shape(foreign, contractId)).toBe(shape(unknown, none));
  });

  test.each([
    ['no reason', { reason: '' }],
    ['a blank reason', { reason: '   ' }],
    ['a control character in the reason', { reason: 'a\u0007b' }],
    ['a reason that is too long', { reason: 'x'.repeat(1025) }],
    ['a hash that is none', { planHash: 'A'.repeat(64) }],
    ['a field too many', { decision: 'approve' }],
  ])('%s', async (_name, change) => {
    const answer = await approve({ body: { planHash, reason: 'r', ...change } });
    expect([422, 400]).toContain(answer.status);
    expect(answer.json.errors?.length ?? 1).toBeGreaterThan(0);
  });

  test('a reason of a megabyte, and another content type', async () => {
    expect(await approve({ body: { planHash, reason: 'x'.repeat(1_000_000) } })).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
    });
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/json; charset=utf-16',
      '',
    ]) {
      expect(await approve({ headers: { 'content-type': type } })).toMatchObject({ status: 415 });
    }
  });

  test.each([
    ['a key twice', `{"planHash":"${'a'.repeat(64)}","reason":"r","reason":"s"}`],
    ['a prototype', '{"__proto__":{"reason":"r"}}'],
    ['an array', '[]'],
    ['deep brackets', `{"reason":${'['.repeat(5_000)}`],
    ['text after it', '{} {}'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')],
  ])('JSON with %s', async (_name, body) => {
    expect((await approve({ body })).status).toBeGreaterThanOrEqual(400);
  });
});

describe('paths, methods and parameters', () => {
  const raw = async (method: string, path: string) => {
    const token = await bench.served.issuer.tokenFor('anna');
    const answer = await fetch(`${bench.served.origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    return {
      status: answer.status,
      code: ((await answer.json()) as { code?: string }).code,
      headers: answer.headers,
    };
  };

  test.each(['approve%20', 'APPROVE%00', 'Approve', 'approve/', 'approve%2f', 'approve;x=1', '..%2fapprove'])(
    '%s is no decision',
    async (word) => {
      const { status, code } = await raw('POST', `/api/governance/approvals/${contractId}/${word}`);
      expect([status, code]).toEqual([404, 'UNKNOWN_ROUTE']);
    },
  );

  test('GET never votes', async () => {
    const { status, code, headers } = await raw('GET', `/api/governance/approvals/${contractId}/approve`);
    expect([status, code, headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', 'POST']);
  });

  test.each(['0', '101', '1000000000', '-1', '1e2', '0x10', ' 5', '5.5', '', 'ten'])(
    'a page of %j',
    async (limit) => {
      const answer = await bench.call('listContracts', { query: `limit=${encodeURIComponent(limit)}` });
      expect(answer).toMatchObject({
        status: 400,
        code: 'INVALID_PARAMETER',
        json: { errors: [{ field: 'limit' }] },
      });
    },
  );

  test('a parameter twice', async () => {
    expect(await bench.call('listContracts', { query: 'limit=1&limit=2' })).toMatchObject({
      code: 'INVALID_PARAMETER',
    });
  });

  test('an idempotency key that is none, or is used for another request', async () => {
    const key = { 'idempotency-key': 'the key of one event' };
    expect(await approve({ headers: key })).toMatchObject({ status: 400, code: 'INVALID_HEADER' });
    const body = { service: 's', name: 'NothingWeKnow', message: 'm', attributes: {} };
    const headers = { 'idempotency-key': 'one-event-only' };
    expect((await bench.call('postEvent', { body, headers })).status).toBe(202);
    expect(await bench.call('postEvent', { body: { ...body, message: 'n' }, headers })).toMatchObject({
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  test('the same key of somebody else is another key', async () => {
    const body = { service: 's', name: 'NothingWeKnow', message: 'm', attributes: {} };
    const headers = { 'idempotency-key': 'shared-by-chance' };
    const ids = await Promise.all(
      ['anna', 'olga'].map(
        async (as) => (await bench.call('postEvent', { as, body, headers })).json.data.eventId,
      ),
    );
    expect(new Set(ids).size).toBe(2);
  });
});

describe('every answer', () => {
  test('says nothing of how Grace is made, and may be kept, framed and sniffed by nobody', async () => {
    for (const answer of [await approve({ token: 'a.b.c' }), await bench.call('listContracts')]) {
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
      expect(JSON.stringify(answer.json)).not.toMatch(/node_modules|\.ts:|at Object/);
    }
  });

  test('carries the correlation id that was given, where that is plain', async () => {
    const of = async (given: string) =>
      (await bench.call('getMe', { headers: { 'x-correlation-id': given } })).json.meta.correlationId;
    expect(await of('my-request.1')).toBe('my-request.1');
    expect(await of('<script>')).not.toContain('<');
  });

  test('may be read by pages of the origins that the settings name, and no others', async () => {
    const { api } = await import('../../functions/api/api');
    const { apiDeps } = await import('../../cli/simulator/api-ports');
    const deps = apiDeps(bench.ports);
    const settings = {
      ...deps.settings,
      api: { ...deps.settings.api, origins: ['https://console.example.org'] },
    };
    const asked = async (origin: string, method = 'GET') =>
      (
        await api(
          {
            method,
            path: '/api/me',
            query: {},
            headers: { origin },
            body: Buffer.alloc(0),
            caller: { kind: 'nobody', code: 'TOKEN_MISSING' },
          },
          { ...deps, settings },
        )
      ).headers;
    expect((await asked('https://console.example.org'))['access-control-allow-origin']).toBe(
      'https://console.example.org',
    );
    expect((await asked('https://evil.example.org'))['access-control-allow-origin']).toBeUndefined();
    const preflight = await asked('https://console.example.org', 'OPTIONS');
    expect(preflight['access-control-allow-headers']).toContain('Authorization');
    expect(preflight['access-control-allow-credentials']).toBeUndefined();
  });

  test('the page of the documentation runs no script and loads nothing', async () => {
    const page = await fetch(`${bench.served.origin}/api/docs`);
    const html = await page.text();
    expect(html).toContain('/api/governance/approvals/{contractId}/approve');
    expect(html).not.toMatch(/<script|onload=|https?:\/\//);
    const style = /<style>(.*)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
  });
});
