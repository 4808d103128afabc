import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextCommands } from '../../cli/up/next-commands';
import { runGrace } from '../support/run-grace';

const folder = mkdtempSync(join(tmpdir(), 'grace-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In an empty folder, with no emulator given. */
const grace = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runGrace(args, { cwd: folder, env: { AWS_ENDPOINT_URL: '', ...env } });

describe('grace up', () => {
  it('says which port is taken and what to do, and ends with 2', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, out, err } = await grace(['up', '--port', String(port)]);
    server.close();
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(`Port ${port} is in use`);
    expect(err).toContain('npm run up -- --port');
  });

  it('says that Python is missing and how to get it, and ends with 2', async () => {
    const { code, err } = await grace(['up', '--port', String(await freePort())], { PATH: folder });
    expect(code).toBe(2);
    expect(err).toContain('needs Python 3.10 or newer');
    expect(err).toContain('Install it');
  });

  it('says that nobody answers at a given endpoint, and ends with 2', async () => {
    const { code, err } = await grace(['up'], { AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}` });
    expect(code).toBe(2);
    expect(err).toContain('unset AWS_ENDPOINT_URL');
  });

  it('refuses a port that is none', async () => {
    expect(await grace(['up', '--port', '70000'])).toMatchObject({ code: 2 });
  });

  it('shows what to do next, with the stack where it has another name', () => {
    const [first] = nextCommands({ stack: 'trial', api: 'http://e', instance: 'i-1' });
    expect(first?.command).toBe('npx grace doctor --on emulator --stack trial');
    const all = nextCommands({ stack: 'grace', api: 'http://e', instance: 'i-1' }).map(
      ({ command }) => command,
    );
    expect(all.at(-1)).toBe('npm run down');
    expect(all.join('\n')).not.toContain('--stack');
  });
});

describe('who somebody is on an emulator and on AWS', () => {
  it('is nobody where no emulator is known: that is said, with what starts one, and ends with 2', async () => {
    const { code, out, err } = await grace(['token', '--as', 'anna']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('npm run up');
  });

  it('is never taken at somebody’s word on AWS', async () => {
    const { code, err } = await grace(['approvals', 'list', '--on', 'aws', '--as', 'anna']);
    expect(code).toBe(2);
    expect(err).toContain('leave --as out');
  });
});

describe('grace down', () => {
  it('is content when nothing runs', async () => {
    expect(await grace(['down'])).toMatchObject({ code: 0, out: expect.stringContaining('Nothing runs') });
  });

  it('is content when nobody answers at a given endpoint', async () => {
    const given = `http://127.0.0.1:${await freePort()}`;
    const { code, out } = await grace(['down'], { AWS_ENDPOINT_URL: given });
    expect(code).toBe(0);
    expect(out).toContain(`No emulator answers at ${given}`);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
