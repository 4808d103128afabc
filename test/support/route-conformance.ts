import { apiDeps } from '../../cli/simulator/api-ports';
import { api } from '../../functions/api/api';
import type { ApiRequest } from '../../shared/contracts/api/http';
import type { Route } from '../../shared/contracts/api/route';
import { ROUTES, type RouteName } from '../../shared/contracts/api/routes';
import { StoreUnavailableError } from '../../shared/stores/errors';
import type { Call } from './api-bench';
import { asker, bodyFor, failing, type RoutesBench } from './routes-bench';

/** The routes of the API are tried in four files, so that none of them goes through all. */
export type RouteGroup = 'verification' | 'deciding' | 'audit' | 'others';

const DECIDING = /^\/api\/governance\/(approvals|delegations|reviews)/;

function groupOf(name: RouteName): RouteGroup {
  const { tag, path } = ROUTES[name];
  if (tag === 'verification' || tag === 'audit') return tag;
  return DECIDING.test(path) ? 'deciding' : 'others';
}

const namesOf = (group: RouteGroup): RouteName[] =>
  (Object.keys(ROUTES) as RouteName[]).filter((name) => groupOf(name) === group);

/** Each route that reads shows something. Before what is there is used up. */
export function readingAnswers(group: RouteGroup, bench: () => RoutesBench): void {
  const reading = namesOf(group).filter((name) => ROUTES[name].method === 'GET' && name !== 'getQuarantined');
  test.each(reading)('%s answers what is documented', async (name) => {
    const params = await bench().paramsOf(name);
    expect((await bench().call(name, { as: asker(name), params })).status).toBe(200);
  });
}

/** What every route refuses; and, last in a file, that every status that is documented was produced in it. */
export function everyRouteRefuses(group: RouteGroup, benchOf: () => RoutesBench): void {
  const NAMES = namesOf(group);
  let bench: RoutesBench;
  beforeAll(() => {
    bench = benchOf();
  });

  describe('what every route refuses', () => {
    test.each(NAMES)('%s', async (name) => {
      const route: Route = ROUTES[name];
      const params = await bench.paramsOf(name);
      const well: Call = { as: asker(name), params, ...bodyFor(name) };
      const code = async (call: Call) => (await bench.call(name, { ...well, ...call })).code;
      expect(await code({ as: null })).toBe('TOKEN_MISSING');
      expect(await code({ query: 'nonsense=1' })).toBe('INVALID_PARAMETER');
      expect(await code({ headers: { 'x-long': 'x'.repeat(10_000) } })).toBe('HEADERS_TOO_LARGE');
      const stranger = await bench.served.issuer.tokenFor('vera', { claims: { sub: 'mallory', groups: [] } });
      expect(await code({ token: stranger })).toBe('FORBIDDEN');
      expect(
        (await bench.answeredWith(name, { limiter: { waitSeconds: () => 3 } })).headers['retry-after'],
      ).toBe('3');
      const failed = async (error: Error) => bench.answeredWith(name, failing(error));
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
      expect(bench.judged(name, await api({ ...request, caller }, deps)).code).toBe(
        'IDEMPOTENCY_IN_PROGRESS',
      );
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

    const conditional = NAMES.filter((name) => 'ifMatch' in ROUTES[name] && 'params' in ROUTES[name]);
    if (conditional.length > 0)
      test.each(conditional)('%s of another revision than was read is refused', async (name) => {
        const call = { as: asker(name), params: await bench.paramsOf(name), ...bodyFor(name) };
        const at = (etag: string) => bench.call(name, { ...call, headers: { 'if-match': etag } });
        expect(await at('"999"')).toMatchObject({ status: 412, code: 'REV_CHANGED' });
        expect(await at('W/"1"')).toMatchObject({ status: 400, code: 'INVALID_HEADER' });
      });

    test.each(NAMES.filter((name) => 'body' in ROUTES[name]))('%s has an example of a body here', (name) => {
      expect(bodyFor(name).body).toBeDefined();
    });
  });

  test('every documented status of every route was produced above', () => {
    const { documented, seen } = bench.conformance;
    const missing = documented().filter(
      (each) => NAMES.includes(each.split(' ')[0] as RouteName) && !seen().has(each),
    );
    expect(missing).toEqual([]);
  });
}
