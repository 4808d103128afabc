import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { firstLoadOf } from '../support/console-build';

/** What a browser has to load before anything can be seen, as it is built for people. */
const ROOT = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'grace-web-'));

const KB = 1024;
const gzipped = (path: string): number => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length;
const assets = (): string[] => readdirSync(join(folder, 'assets')).map((name) => `assets/${name}`);
const firstLoad = (): readonly string[] => firstLoadOf(folder);
const sum = (paths: readonly string[]): number => paths.reduce((total, path) => total + gzipped(path), 0);

beforeAll(() => {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', 'web', '--outDir', folder, '--logLevel', 'silent'], {
    cwd: ROOT,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the built console', () => {
  test('loads at most 650 KB gzipped at first, and all of its pages together are no more than that', () => {
    expect(firstLoad().length).toBeGreaterThan(3);
    expect(sum(['index.html', ...assets()])).toBeLessThan(650 * KB);
  });

  test('of which at most 150 KB are ours and React', () => {
    const ours = firstLoad().filter((path) => !path.includes('/cloudscape-'));
    expect(ours.length).toBeGreaterThanOrEqual(2);
    expect(sum(ours)).toBeLessThan(150 * KB);
  });

  test('keeps what is not needed at three in the morning for later', () => {
    const later = assets().filter((path) => !firstLoad().includes(path));
    for (const page of ['audit', 'learning', 'policies', 'deployment', 'delegations']) {
      expect(later).toContainEqual(expect.stringContaining(`/${page}-page-`));
    }
  });

  test('has nothing inline that the policy would refuse, and asks no other host for anything', () => {
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    for (const path of assets().filter((name) => name.endsWith('.css'))) {
      expect(readFileSync(join(folder, path), 'utf8')).not.toMatch(/@import|url\(/);
    }
  });

  test('holds no way to turn text into markup or code of our own', () => {
    const ours = assets().filter((path) => /\.js$/.test(path) && !/\/(cloudscape|vendor)-/.test(path));
    expect(ours.length).toBeGreaterThan(10);
    const text = ours.map((path) => readFileSync(join(folder, path), 'utf8')).join('\n');
    expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
  });
});
