import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consoleFiles } from '../../cli/serve/console-files';
import { ConsoleConfig } from '../../shared/contracts/console';

const folder = mkdtempSync(join(tmpdir(), 'grace-console-'));
const config = ConsoleConfig.parse({
  issuer: 'https://issuer.example/pool',
  clientId: 'console',
  signInOrigins: ['https://login.example'],
  deployment: 'grace',
  place: 'simulator',
});
const file = consoleFiles(config, folder);

beforeAll(() => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'void 0;');
  writeFileSync(join(folder, '..', 'outside.js'), 'void 0;');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(join(folder, '..', 'outside.js'));
});

const policy = (path: string) => file(path)?.headers['content-security-policy'] ?? '';

describe('the files of the console', () => {
  test('the page is served at the root, and asked for again each time', () => {
    expect(file('/')?.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
  });

  test('an asset, whose name holds a hash, is kept', () => {
    expect(file('/assets/main-1a2b.js')?.headers['cache-control']).toContain('immutable');
  });

  test('the configuration says where to sign in, and is never kept', () => {
    const answer = file('/config.json');
    expect(ConsoleConfig.parse(JSON.parse(String(answer?.body)))).toEqual(config);
    expect(answer?.headers['cache-control']).toBe('no-store');
  });

  test.each(['/', '/assets/main-1a2b.js', '/config.json'])(
    '%s: nothing is allowed that is not named',
    (path) => {
      expect(policy(path)).toContain("default-src 'none'");
      expect(policy(path)).not.toMatch(/unsafe|\*|data:|http:/);
      expect(policy(path)).toContain("connect-src 'self' https://issuer.example https://login.example;");
      expect(policy(path)).toContain("frame-ancestors 'none'");
    },
  );

  test.each([
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/assets',
    '/missing.js',
    '/main.ts',
  ])('%s is not there', (path) => {
    expect(file(path)).toBeUndefined();
  });
});

describe('config.json', () => {
  test.each([
    ['an origin with a path', { signInOrigins: ['https://login.example/oauth2'] }],
    [
      'an origin that would end the policy',
      { signInOrigins: ["https://x.example; script-src 'unsafe-inline'"] },
    ],
    ['a field that is not known', { secret: 'x' }],
  ])('%s is refused', (_name, change) => {
    expect(ConsoleConfig.safeParse({ ...config, ...change }).success).toBe(false);
  });
});
