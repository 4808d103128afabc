import { generateKeyPairSync } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Check } from '../../cli/audit/check';
import { parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { cosignedName } from '../../shared/domain/tlog/seal-layout';
import { parseNote } from '../../shared/domain/tlog/signed-note';
import { parseKey } from '../../shared/domain/tlog/verifier-key';
import { grace, graceJson, scratch } from '../support/memory-io';
import { onPython, runPython, VERIFIER } from '../support/python';
import { writeObjects } from '../support/sealed-run';

const GUIDE = readFileSync(resolve(__dirname, '../../docs/auditors/README.md'), 'utf8');
/** What its blocks show, in order. */
const COMMANDS = [...GUIDE.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
);

const { cwd, remove } = scratch();
const given: Record<string, string> = { COPY: '.grace/seal' };
beforeAll(async () => {
  await grace(cwd, ['demo', '--json']);
  const { value } = await graceJson<{ contractId: string }[]>(cwd, ['contract', 'list']);
  given['CONTRACT'] = value[0]?.contractId ?? '';
  given['VKEY'] = (await grace(cwd, ['audit', 'keys'])).out;
  writeFileSync(join(cwd, 'kept'), `${(await grace(cwd, ['audit', 'checkpoint'])).out}\n`);
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(cwd, 'witness.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
}, 240_000);
afterAll(remove);

const wordsOf = (command: string): string[] => command.split(' ').map((word) => given[word] ?? word);

describe('the auditor’s guide', () => {
  const ours = COMMANDS.filter((command) => command.startsWith('npx grace '));

  test('shows commands of both verifiers, and nothing else', () => {
    const theirs = COMMANDS.filter((command) => command.startsWith('python3 docs/auditors/verify.py '));
    expect([ours.length, theirs.length]).toEqual([10, 3]);
    expect(COMMANDS).toHaveLength(13);
  });

  // In order: later ones read what earlier ones write.
  test.each(ours)('%s', async (command) => {
    const { code, out } = await grace(cwd, wordsOf(command).slice(2));
    expect({ code, out: code === 0 ? '' : out }).toEqual({ code: 0, out: '' });
  });
});

onPython('the auditor’s guide, in Python', (python) => {
  test.each(COMMANDS.filter((command) => command.startsWith('python3 ')))('%s', (command) => {
    const [, , ...args] = wordsOf(command);
    const files = args.map((arg) => (arg.startsWith('--') || arg === given['VKEY'] ? arg : join(cwd, arg)));
    expect(runPython(python(), [VERIFIER, ...files]).code).toBe(0);
  });
});

describe('a witness', () => {
  const WITNESS = [
    'audit',
    'witness',
    '.grace/seal',
    '--name',
    'example.org/witness',
    '--private-key',
    'witness.pem',
  ];
  const statusOf = (checks: readonly Check[]) => checks.find(({ code }) => code === 'WITNESSES')?.status;

  test('signs what continues the checkpoint that was kept, for others to insist on', async () => {
    const { code, value } = await graceJson<{ note: string; vkey: string }>(cwd, [
      ...WITNESS,
      '--since',
      'kept',
    ]);
    expect(code).toBe(0);
    const before = await graceJson<{ checks: Check[] }>(cwd, [
      'audit',
      'verify',
      '.grace/seal',
      '--key',
      value.vkey,
    ]);
    expect([before.code, statusOf(before.value.checks)]).toEqual([1, 'failed']);
    const { size } = parseCheckpoint(parseNote(value.note).text);
    const name = cosignedName(size, parseKey(value.vkey).id);
    writeObjects(join(cwd, 'cosigned'), new Map([[name, Buffer.from(value.note)]]));
    cpSync(join(cwd, 'cosigned'), join(cwd, '.grace/seal/epoch-1'), { recursive: true });
    const after = await graceJson<{ checks: Check[] }>(cwd, [
      'audit',
      'verify',
      '.grace/seal',
      '--key',
      value.vkey,
    ]);
    expect([after.code, statusOf(after.value.checks)]).toEqual([0, 'ok']);
  });

  test('does not sign what does not hold', async () => {
    writeFileSync(join(cwd, 'other'), readFileSync(join(cwd, 'kept'), 'utf8').replace(/\n(\d+)\n/, '\n7\n'));
    const { code, out } = await grace(cwd, [...WITNESS, '--since', 'other']);
    expect([code, out]).toEqual([1, expect.stringContaining('KEPT_CHECKPOINT')]);
  });

  test('needs a key of Ed25519, and something that is sealed', async () => {
    writeObjects(join(cwd, 'bare'), new Map([['keys', Buffer.from('')]]));
    expect((await grace(cwd, [...WITNESS.with(2, 'bare')])).code).toBe(2);
    writeFileSync(join(cwd, 'no.pem'), 'no key');
    expect((await grace(cwd, [...WITNESS.with(-1, 'no.pem')])).code).toBe(2);
  });
});
