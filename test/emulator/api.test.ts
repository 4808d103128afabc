import { createHash, randomBytes } from 'node:crypto';
import {
  AdminRemoveUserFromGroupCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenSubject } from '../../cli/backend/access-token';
import { SHIPPED_POLICIES } from '../../cli/policies/policy-directory';
import { loadPolicies } from '../../cli/policies/run-cases';
import { serveEmulator } from '../../cli/serve/emulator-server';
import { makeInstance, targetClients } from '../../cli/up/make-targets';
import type { ApiResponse } from '../../shared/contracts/api/http';
import type { RouteName } from '../../shared/contracts/api/routes';
import type { Contract } from '../../shared/contracts/contract';
import { FUNCTIONS } from '../../shared/names';
import { apiConformance } from '../support/api-conformance';
import { type DeployedGrace, deployedGrace } from '../support/deployed-grace';
import { type Asking, type EmulatorApi, emulatorApi } from '../support/emulator-api';
import { broughtUp } from '../support/emulator-run';
import { eventually } from '../support/eventually';
import { jsonOf, runGrace } from '../support/run-grace';

/** The deployed API, as people of the deployed user pool reach it: gateway, authorizer, `api` and `decide`. */
const PEOPLE = [
  { name: 'api-anna', roles: ['approver'] },
  { name: 'api-ben', roles: ['approver'] },
  { name: 'api-olga', roles: ['operator'] },
  { name: 'api-paul', roles: ['auditor'] },
  { name: 'api-vera', roles: ['viewer'] },
] as const;
type Name = (typeof PEOPLE)[number]['name'];
const OTHER_PLAN = '0'.repeat(64);
jest.setTimeout(120_000);

const { faults } = apiConformance();
let grace: DeployedGrace;
let api: EmulatorApi;
let tokens: Record<Name, string>;
/** Of what `api-olga` reported through the API: a reboot that people are asked about. */
let waiting: Contract;

const as = (name: Name, asking: Asking = {}): Asking => ({ token: tokens[name], ...asking });
const subject = (name: Name): string => tokenSubject(tokens[name]);
const dataOf = <T>({ status, body }: ApiResponse): T => {
  if (status >= 300) throw new Error(`${status}: ${body}`);
  return (JSON.parse(body) as { data: T }).data;
};
const codeOf = ({ body }: ApiResponse): string => (JSON.parse(body) as { code: string }).code;
const vote = (name: Name, planHash: string, headers?: Asking['headers']) =>
  api.ask(
    `/api/governance/approvals/${waiting.contractId}/approve`,
    as(name, { body: { planHash, reason: 'a test' }, ...(headers === undefined ? {} : { headers }) }),
  );
/** The answer, once it is seen to be as the OpenAPI document has it. */
const documented = async (route: RouteName, answer: Promise<ApiResponse>): Promise<ApiResponse> => {
  const given = await answer;
  expect([route, faults(route, given)]).toEqual([route, []]);
  return given;
};

beforeAll(async () => {
  const up = broughtUp();
  grace = deployedGrace(up);
  api = await emulatorApi(up, PEOPLE);
  const signedIn = await Promise.all(PEOPLE.map(async ({ name }) => [name, await api.token(name)] as const));
  tokens = Object.fromEntries(signedIn) as typeof tokens;
  const clients = targetClients(up.endpoint);
  const instance = await makeInstance(clients, { name: 'api-instance' });
  clients.close();
  const error = {
    name: 'DeadlockError',
    service: 'tests',
    message: 'no answer',
    attributes: { instance_id: instance },
  };
  const reported = await documented(
    'postEvent',
    api.ask('/api/events', as('api-olga', { body: error, headers: { 'idempotency-key': 'api-test-1' } })),
  );
  waiting = await grace.awaiting(dataOf<{ eventId: string }>(reported).eventId);
});

afterAll(() => grace?.close());

describe('whoever calls the deployed API', () => {
  it('is turned away at the gateway without a token, and with one that somebody changed', async () => {
    const forged = `${tokens['api-vera'].slice(0, -8)}AAAAAAAA`;
    expect((await api.ask('/api/me')).status).toBe(401);
    // This gateway knows no responses of our own, so that the deny stays its 403.
    expect((await api.ask('/api/me', { token: forged })).status).toBe(403);
  });

  it('is known by an access token of the user pool, with the roles of their groups', async () => {
    const me = await documented('getMe', api.ask('/api/me', as('api-anna')));
    expect(dataOf(me)).toMatchObject({ subject: subject('api-anna'), roles: ['approver'], kind: 'person' });
    const { meta } = JSON.parse(me.body) as { meta: { correlationId: string } };
    expect(me.headers['x-correlation-id']).toBe(meta.correlationId);
  });

  it('reads what needs no token without one', async () => {
    const { status, body } = await api.ask('/api/openapi.json');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ openapi: '3.1.0' });
    expect((await api.ask('/api/docs')).status).toBe(200);
  });

  it('is told that the parts answer, and what there is', async () => {
    const health = await documented('getHealth', api.ask('/api/verification/health', as('api-vera')));
    expect(dataOf(health)).toMatchObject({ status: 'ok' });
    const list = await documented('listContracts', api.ask('/api/verification/contracts', as('api-vera')));
    const ids = dataOf<{ contractId: string }[]>(list).map(({ contractId }) => contractId);
    expect(ids).toContain(waiting.contractId);
    const page = await documented(
      'listContracts',
      api.ask('/api/verification/contracts?limit=1', as('api-vera')),
    );
    expect(dataOf<unknown[]>(page).length).toBeLessThanOrEqual(1);
  });

  it('is told which field is wrong, and that a role is missing', async () => {
    const wrong = await documented(
      'listContracts',
      api.ask('/api/verification/contracts?limit=0', as('api-vera')),
    );
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'INVALID_PARAMETER']);
    expect(wrong.body).toContain('"field":"limit"');
    const forbidden = await documented('listEntries', api.ask('/api/audit/entries', as('api-vera')));
    expect([forbidden.status, codeOf(forbidden)]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('the command line on an emulator', () => {
  const command = (...args: string[]) => runGrace([...args, '--stack', broughtUp().stack, '--json']);

  it('hands out a token that the API takes, and none of somebody whom the pool does not know', async () => {
    const { token } = jsonOf(await command('token', '--as', 'api-vera'));
    expect((await api.ask('/api/me', { token: String(token) })).status).toBe(200);
    expect(await command('token', '--as', 'nobody-there')).toMatchObject({ code: 2, out: '' });
  });

  it('lists the policies that the deployed function decides by, which are those that the API shows', async () => {
    const listed = jsonOf(await command('policy', 'list', '--on', 'emulator', '--as', 'api-vera'));
    const shown = await documented('listPolicies', api.ask('/api/governance/policies', as('api-vera')));
    expect(listed).toMatchObject({ version: loadPolicies(SHIPPED_POLICIES).version });
    expect(dataOf(shown)).toMatchObject(listed);
  });

  it('decides as somebody of the pool, who is refused like anybody', async () => {
    const refused = await command('approve', waiting.contractId, '--on', 'emulator', '--as', 'api-vera');
    expect(jsonOf(refused)).toMatchObject({ ok: false, code: 'NOT_FOUND', principal: subject('api-vera') });
  });
});

describe('a request for approval', () => {
  it('asks the members of the group, by the pool', () => {
    expect(waiting).toMatchObject({ status: 'awaiting_approval', tier: 2 });
    expect(waiting.approval?.eligible).toEqual(
      expect.arrayContaining([subject('api-anna'), subject('api-ben')]),
    );
    expect(waiting.approval?.eligible).not.toContain(subject('api-vera'));
  });

  it('is nobody’s to decide who is not asked, for another plan, or no longer in the group', async () => {
    const stranger = await documented('approve', vote('api-vera', waiting.planHash));
    expect([stranger.status, codeOf(stranger)]).toEqual([404, 'NOT_FOUND']);
    const other = await documented('approve', vote('api-anna', OTHER_PLAN));
    expect([other.status, codeOf(other)]).toEqual([409, 'PLAN_CHANGED']);
    await removeFromGroup('api-ben', 'approver');
    const former = await documented('approve', vote('api-ben', waiting.planHash));
    expect([former.status, codeOf(former)]).toEqual([403, 'FORBIDDEN']);
    expect((await grace.contracts.get(waiting.contractId))?.status).toBe('awaiting_approval');
  });

  it('is no easier to decide past the API: the deciding function reads the token itself', async () => {
    const told = (token: string) =>
      grace.invoke(FUNCTIONS.decide, {
        contractId: waiting.contractId,
        decision: 'approve',
        planHash: waiting.planHash,
        reason: 'a test',
        proof: { token },
      });
    const forged = `${tokens['api-anna'].slice(0, -8)}AAAAAAAA`;
    expect(await told(forged)).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' });
    expect(await told(tokens['api-ben'])).toMatchObject({ ok: false });
    expect((await grace.contracts.get(waiting.contractId))?.status).toBe('awaiting_approval');
  });

  it('is approved by a member with their own token, once, and the action goes on', async () => {
    const key = { 'idempotency-key': 'api-test-2' };
    const agreed = await documented('approve', vote('api-anna', waiting.planHash, key));
    expect(dataOf(agreed)).toMatchObject({ status: 'approved', approvals: 1, quorum: 1 });
    const again = await documented('approve', vote('api-anna', waiting.planHash, key));
    expect([again.status, again.body]).toEqual([agreed.status, agreed.body]);
    const contract = await eventually(
      'the reboot to be sent',
      async () => {
        const now = await grace.contracts.get(waiting.contractId);
        return now?.status === 'verifying' ? now : undefined;
      },
      30_000,
    );
    expect(contract.approval?.votes[subject('api-anna')]).toMatchObject({ decision: 'approve' });
  });

  it('is in the audit log with who agreed', async () => {
    const entries = await eventually(
      'the entry of the approval',
      async () => {
        const path = `/api/audit/entries?contractId=${waiting.contractId}`;
        const listed = await documented('listEntries', api.ask(path, as('api-paul')));
        const found = dataOf<{ entries: { event: string; actor: string }[] }>(listed).entries;
        return found.some(({ actor }) => actor === subject('api-anna')) ? found : undefined;
      },
      30_000,
    );
    expect(entries.map(({ actor }) => actor)).not.toContain(subject('api-vera'));
    expect((await grace.auditReport()).problems).toEqual([]);
  });
});

describe('the console on this machine, before a stack on an emulator', () => {
  it('signs in with a token of the user pool, which the deployed API believes', async () => {
    const { endpoint, stack } = broughtUp();
    const served = await serveEmulator({ endpoint, stack, port: 0, people: PEOPLE });
    const issuer = `${served.origin}/issuer`;
    try {
      const config = await fetch(`${served.origin}/config.json`);
      expect(await config.json()).toMatchObject({ issuer, deployment: stack, place: 'emulator' });
      const token = await signIn(served.origin, 'api-vera');
      const me = await fetch(`${served.origin}/api/me`, { headers: { authorization: `Bearer ${token}` } });
      expect(await me.json()).toMatchObject({ data: { subject: subject('api-vera'), roles: ['viewer'] } });
      expect((await fetch(`${served.origin}/api/me`)).status).toBe(401);
      // Of the emulator only the API is handed on.
      expect((await fetch(`${served.origin}/_localstack/health`)).status).toBe(404);
    } finally {
      served.close();
    }
  });
});

/** Authorization code with PKCE, as the console does it. Answers the access token. */
async function signIn(origin: string, person: Name): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: 'grace-console',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    state: 'a-state-of-its-own',
    redirect_uri: `${origin}/`,
    person,
  });
  const authorized = await fetch(`${origin}/issuer/authorize?${asked}`, { redirect: 'manual' });
  const back = new URL(authorized.headers.get('location') ?? '', origin);
  const given = await fetch(`${origin}/issuer/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'grace-console',
      code: back.searchParams.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: `${origin}/`,
    }),
  });
  return ((await given.json()) as { access_token: string }).access_token;
}

async function removeFromGroup(name: Name, GroupName: string): Promise<void> {
  const [, claims = ''] = tokens[name].split('.');
  const { username } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { username: string };
  const client = new CognitoIdentityProviderClient({});
  const UserPoolId = api.pool.userPoolId;
  await client.send(new AdminRemoveUserFromGroupCommand({ UserPoolId, Username: username, GroupName }));
  client.destroy();
}
