/** The simulator's server over HTTP, as a browser sees it; and that its issuer is nobody's but this machine's. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ServedRun, serve } from '../../cli/serve/server';
import { Settings } from '../../shared/contracts/settings';
import { controlStore } from '../../shared/stores/control-store';

const audience = { tell: () => {}, isPending: () => false, show: async () => {} };
const cwd = mkdtempSync(join(tmpdir(), 'grace-serve-'));
let served: ServedRun;
beforeAll(async () => {
  served = await serve({ cwd, port: 0, audience, incidents: false });
}, 120_000);
afterAll(async () => {
  await served.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** Authorization code with PKCE, as the console does it. */
async function signIn(person: string, change: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: 'grace-console',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    state: 'a-state-of-its-own',
    redirect_uri: `${served.origin}/`,
    person,
    ...change,
  });
  const authorized = await fetch(`${served.issuer.issuer}/authorize?${asked}`, { redirect: 'manual' });
  return { authorized, verifier };
}
const exchange = (code: string, verifier: string) =>
  fetch(`${served.issuer.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'grace-console',
      code,
      code_verifier: verifier,
      redirect_uri: `${served.origin}/`,
    }),
  });

describe('signing in', () => {
  test('by authorization code with PKCE gives a token that the API believes, once', async () => {
    const { authorized, verifier } = await signIn('anna');
    const back = new URL(authorized.headers.get('location') as string);
    expect(back.searchParams.get('state')).toBe('a-state-of-its-own');
    const code = back.searchParams.get('code') as string;
    const { access_token: token, id_token: idToken } = (await (
      await exchange(code, verifier)
    ).json()) as Record<string, string>;
    const me = async (bearer: string | undefined) =>
      (await fetch(`${served.origin}/api/me`, { headers: { authorization: `Bearer ${bearer}` } })).json();
    expect(await me(token)).toMatchObject({
      data: { subject: `${served.issuer.issuer}#anna`, roles: ['approver', 'operator'] },
    });
    expect(await me(idToken)).toMatchObject({ code: 'TOKEN_USE' });
    expect((await exchange(code, verifier)).status).toBe(400);
  });

  test('fails with another verifier, another client, or a way back that leaves this machine', async () => {
    const { authorized } = await signIn('anna');
    const code = new URL(authorized.headers.get('location') as string).searchParams.get('code') as string;
    expect((await exchange(code, 'another')).status).toBe(400);
    for (const change of [
      { client_id: 'other' },
      { redirect_uri: 'https://evil.example.org/' },
      { code_challenge_method: 'plain' },
      { state: 'short' },
    ]) {
      expect((await signIn('anna', change)).authorized.status).toBe(400);
    }
  });

  test('says who there is to be, without a script', async () => {
    const { authorized } = await signIn('nobody');
    const page = await authorized.text();
    expect(page).toContain('>anna</a>');
    expect(page).not.toContain('<script');
  });

  test('is described where OpenID clients look', async () => {
    const found = await fetch(`${served.issuer.issuer}/.well-known/openid-configuration`);
    expect(await found.json()).toMatchObject({
      issuer: served.issuer.issuer,
      code_challenge_methods_supported: ['S256'],
    });
  });
});

describe('signing out', () => {
  const leave = (asked: Record<string, string>) =>
    fetch(`${served.issuer.issuer}/logout?${new URLSearchParams(asked)}`, { redirect: 'manual' });

  test('leads back to the application that asked', async () => {
    const back = `${served.origin}/`;
    const left = await leave({ client_id: 'grace-console', post_logout_redirect_uri: back });
    expect([left.status, left.headers.get('location')]).toEqual([302, back]);
  });

  test.each([
    ['another machine', { client_id: 'grace-console', post_logout_redirect_uri: 'https://evil.invalid/' }],
    ['no address', { client_id: 'grace-console', post_logout_redirect_uri: 'javascript:alert(1)' }],
    ['another application', { client_id: 'other', post_logout_redirect_uri: 'http://127.0.0.1/' }],
    ['nowhere', { client_id: 'grace-console' }],
  ])('leads to %s never', async (_, asked) => {
    const left = await leave(asked);
    expect([left.status, left.headers.get('location')]).toEqual([200, null]);
  });
});

describe('the stream', () => {
  const open = (headers: Record<string, string>) =>
    fetch(`${served.origin}/api/approvals/stream`, { headers });

  test('tells who is signed in what happens while it is open, and goes on after the last id', async () => {
    const authorization = `Bearer ${await served.issuer.tokenFor('anna')}`;
    const until = async (response: Response, wanted: string) => {
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      let text = '';
      while (!text.includes(wanted)) text += Buffer.from((await reader.read()).value ?? []).toString();
      await reader.cancel();
      return text;
    };
    const first = await open({ authorization });
    expect([first.status, first.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    const ready = await until(first, 'event: ready');
    const [, lastEventId = ''] = /id: (\d+)/.exec(ready) ?? [];

    const { state, ports } = served.live.run.deployment;
    const why = { actor: 'test', reason: 'STOP', at: ports.clock.now() };
    await controlStore(state).set(true, why);
    const told = await until(await open({ authorization, 'last-event-id': lastEventId }), 'event: control');
    expect(told).toMatch(/"kind":"control","seq":\d+,"at":"[^"]+","event":"control.paused"/);
    await controlStore(state).set(false, why);
  });

  test('is nobody’s without a token that the authorizer believes', async () => {
    const refused = await open({ authorization: 'Bearer x.y.z' });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect((await open({})).status).toBe(401);
  });
});

describe('the development issuer', () => {
  const ROOT = resolve(__dirname, '../..');
  const files = (folder: string): string[] =>
    readdirSync(join(ROOT, folder)).flatMap((name) => {
      const path = join(folder, name);
      return statSync(join(ROOT, path)).isDirectory() ? files(path) : path.endsWith('.ts') ? [path] : [];
    });

  test('is reached by nothing that is deployed', () => {
    const reaching = ['infra', 'functions', 'shared', 'web']
      .filter((folder) => existsSync(join(ROOT, folder)))
      .flatMap(files)
      .filter((path) => /from '[^']*(cli\/|dev-issuer|jose)/.test(readFileSync(join(ROOT, path), 'utf8')));
    expect(reaching).toEqual([]);
  });

  test.each([
    () => served.issuer.issuer,
    () => 'http://issuer.example.com',
    () => 'https://localhost/issuer',
    () => 'https://127.0.0.1',
    () => 'https://2130706433',
    () => 'https://[::1]/',
    () => 'https://issuer.localhost',
    () => 'https://issuer.internal',
    () => 'https://user@issuer.example.com',
    () => 'https://issuer',
  ])('is none that settings take: case %#', (issuer) => {
    const read = Settings.safeParse({ signIn: { issuer: issuer(), audience: 'grace' } });
    expect(read.success).toBe(false);
  });

  test('while an issuer with a public name is one', () => {
    expect(
      Settings.safeParse({ signIn: { issuer: 'https://login.grace-corp.com/t1', audience: 'grace' } })
        .success,
    ).toBe(true);
  });
});

describe('the server', () => {
  test('streams notices to whoever has signed in, and to nobody else', async () => {
    const stream = `${served.origin}/api/approvals/stream`;
    expect(await (await fetch(stream)).json()).toMatchObject({ code: 'TOKEN_MISSING' });
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${await served.issuer.tokenFor('anna')}` };
    const answer = await fetch(stream, { headers, signal: leaving.signal });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const { value } = (await answer.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toContain('event: ready');
    leaving.abort();
  });

  test('listens on this machine only, and says so when its port is taken', async () => {
    expect(served.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const port = Number(new URL(served.origin).port);
    await expect(serve({ cwd, port, audience })).rejects.toThrow(`port ${port} is taken`);
  });

  test('lets an incident begin, whose clock is the wall’s', () => {
    served.live.begin('errors-scale-out-helps');
    expect(Math.abs(served.live.run.kernel.now() - Date.now())).toBeLessThan(2_000);
    expect(() => served.live.begin('no such incident')).toThrow('no such incident');
  });
});
