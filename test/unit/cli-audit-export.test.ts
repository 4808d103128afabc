import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../cli/audit/check';
import type { EvidenceFile } from '../../shared/contracts/evidence-file';
import { grace, graceJson, scratch } from '../support/memory-io';
import { type SealedLog, testSigner } from '../support/sealed-log';
import { sealSavedRun } from '../support/sealed-run';

interface Verified {
  readonly of: string;
  readonly verified: boolean;
  readonly firstBad: number | null;
  readonly checks: readonly Check[];
}

const { cwd, remove } = scratch();
const signer = testSigner();
let sealed: SealedLog;
let exported: EvidenceFile;
beforeAll(async () => {
  await grace(cwd, ['demo', '--json']);
  sealed = await sealSavedRun(cwd, signer);
  await grace(cwd, ['audit', 'export', await contractOf('reboot-rds-on-connections'), 'evidence.json']);
  exported = JSON.parse(readFileSync(join(cwd, 'evidence.json'), 'utf8'));
});
afterAll(remove);

async function contractOf(playbook: string): Promise<string> {
  const { value } = await graceJson<{ contractId: string; playbook: string }[]>(cwd, ['contract', 'list']);
  return value.find((one) => one.playbook === playbook)?.contractId ?? '';
}

const verify = (...args: string[]) => graceJson<Verified>(cwd, ['audit', 'verify', ...args]);
const statusesOf = ({ checks }: Verified) =>
  Object.fromEntries(checks.map(({ code, status }) => [code, status]));

describe('an exported contract', () => {
  it('is everything that an outsider needs, in short and in full', () => {
    const { summary } = exported;
    expect(summary).toMatchObject({ status: 'resolved', verdict: 'met', quorum: 1 });
    expect(Object.values(summary.votes as object)).toMatchObject([
      { decision: 'approve', planHash: summary.planHash },
    ]);
    expect(summary.fields).not.toEqual([]);
    expect(summary.steps).toMatchObject([{ action: 'aws.rds_reboot', state: 'DONE' }]);
    expect(summary.snapshots).toHaveLength(1);
    expect(exported.items.map(({ sk }) => sk)).toEqual(
      expect.arrayContaining(['CONTRACT', 'PLAN', 'OUTCOME']),
    );
    expect(exported.entries.every(({ proof }) => proof !== undefined)).toBe(true);
    expect(exported.checkpoint).toBe(sealed.checkpoints.at(-1)?.note);
  });

  it('verifies by itself, and says that the key is the operator’s word', async () => {
    const { code, value } = await verify('evidence.json');
    expect([code, value.of, value.verified]).toEqual([0, 'export', true]);
    expect(statusesOf(value)).toEqual({
      INCLUSION: 'ok',
      SIGNATURES: 'ok',
      KEY: 'not_checkable',
      HISTORY: 'ok',
      DOCUMENTS: 'ok',
      PLAN: 'ok',
      VOTES: 'ok',
      SNAPSHOT: 'ok',
      SUMMARY: 'ok',
    });
  });

  it('verifies with the key that an auditor has, and not with another', async () => {
    expect(statusesOf((await verify('evidence.json', '--key', signer.vkey)).value)['KEY']).toBe('ok');
    const { code, value } = await verify('evidence.json', '--key', testSigner().vkey);
    expect([code, statusesOf(value)['SIGNATURES']]).toEqual([1, 'failed']);
  });

  type Forgery = (file: EvidenceFile) => EvidenceFile;
  const item =
    (sk: string, change: (text: string) => string): Forgery =>
    (file) => ({
      ...file,
      items: file.items.map((one) => (one.sk === sk ? { ...one, text: change(one.text) } : one)),
    });
  const forgeries: [what: string, code: string, forge: Forgery][] = [
    [
      'an entry',
      'INCLUSION',
      (file) => ({
        ...file,
        entries: file.entries.map((one, n) =>
          n === 2 ? { ...one, entry: (file.entries[1] as { entry: string }).entry } : one,
        ),
      }),
    ],
    [
      'a hash of a proof',
      'INCLUSION',
      (file) => ({
        ...file,
        entries: file.entries.map((one) => ({ ...one, proof: [...(one.proof ?? [])].reverse() })),
      }),
    ],
    [
      'a proof taken out',
      'INCLUSION',
      (file) => ({ ...file, entries: file.entries.map(({ seq, entry }) => ({ seq, entry })) }),
    ],
    [
      'the checkpoint’s size',
      'SIGNATURES',
      (file) => ({ ...file, checkpoint: file.checkpoint?.replace(/\n(\d+)\n/, '\n1$1\n') ?? '' }),
    ],
    ['an entry left out', 'HISTORY', (file) => ({ ...file, entries: file.entries.toSpliced(2, 1) })],
    [
      'the contract’s status',
      'DOCUMENTS',
      item('CONTRACT', (text) => text.replace('"status":"resolved"', '"status":"rolled_back"')),
    ],
    [
      'a document left out',
      'DOCUMENTS',
      (file) => ({ ...file, items: file.items.filter(({ sk }) => sk !== 'OUTCOME') }),
    ],
    ['the plan', 'PLAN', item('PLAN', (text) => text.replace('aws.rds_reboot', 'aws.rds_delete'))],
    [
      'a vote’s plan',
      'VOTES',
      item('CONTRACT', (text) =>
        text.replace(/("votes":\{.*?"planHash":")\w/, '$1f').replace(/("votes":\{.*?"planHash":"f)\w/, '$10'),
      ),
    ],
    ['the votes', 'VOTES', item('CONTRACT', (text) => text.replace(/"votes":\{.*?\}\}/, '"votes":{}'))],
    [
      'the snapshot',
      'SNAPSHOT',
      (file) => ({
        ...file,
        manifests: file.manifests.map(({ name, text }) => ({ name, text: text.replace('{', '{ ') })),
      }),
    ],
    [
      'what it says in short',
      'SUMMARY',
      (file) => ({ ...file, summary: { ...file.summary, verdict: 'not_met' } }),
    ],
  ];
  it.each(forgeries)('does not verify with %s changed: %s', async (_what, failing, forge) => {
    const changed = forge(exported);
    expect(changed).not.toEqual(exported);
    writeFileSync(join(cwd, 'forged.json'), JSON.stringify(changed));
    const { code, value } = await verify('forged.json');
    expect([code, value.verified, statusesOf(value)[failing]]).toEqual([1, false, 'failed']);
  });

  it('says which entries no checkpoint covers yet', async () => {
    const other = await sealSavedRun(cwd, signer, 90);
    await grace(cwd, ['audit', 'export', exported.contractId, 'early.json']);
    sealed = await sealSavedRun(cwd, signer);
    const { code, value } = await verify('early.json');
    expect(other.checkpoints.at(-1)?.size).toBeLessThan(sealed.checkpoints.at(-1)?.size ?? 0);
    expect([code, statusesOf(value)['INCLUSION']]).toEqual([0, 'not_checkable']);
  });

  it('of a contract that is not there is not made', async () => {
    expect((await grace(cwd, ['audit', 'export', 'NOPE', 'nope.json'])).code).toBe(2);
  });
});

describe('grace audit verify', () => {
  it('of a saved run looks at its table, its checkpoints and its sealed copies', async () => {
    for (const place of [[], ['.grace']]) {
      const { code, value } = await verify(...place, '--key', signer.vkey);
      expect(code).toBe(0);
      const all = [
        'CHAIN',
        'TIME',
        'HISTORY',
        'STATE_TABLE',
        'CHECKPOINTS',
        'SIGNATURES',
        'KEY',
        'TAIL',
        'SEALED_COPIES',
      ];
      expect(statusesOf(value)).toEqual(Object.fromEntries(all.map((check) => [check, 'ok'])));
    }
  });

  it('of the sealed copies alone needs nothing else', async () => {
    const { code, value } = await verify('.grace/seal', '--key', signer.vkey);
    expect([code, value.of, value.verified]).toEqual([0, 'sealed copies', true]);
    expect(statusesOf(value)['STATE_TABLE']).toBe('not_checkable');
  });

  it('holds a log to a checkpoint that was kept', async () => {
    writeFileSync(join(cwd, 'kept'), sealed.checkpoints[0]?.note ?? '');
    const kept = await verify('--since', 'kept');
    expect([kept.code, statusesOf(kept.value)['KEPT_CHECKPOINT']]).toEqual([0, 'ok']);
    writeFileSync(join(cwd, 'kept'), (sealed.checkpoints[0]?.note ?? '').replace(/\n(\d+)\n/, '\n$17\n'));
    const other = await verify('--since', 'kept');
    expect([other.code, statusesOf(other.value)['KEPT_CHECKPOINT']]).toEqual([1, 'failed']);
    expect((await grace(cwd, ['audit', 'verify', '--since', 'nothing'])).code).toBe(2);
  });

  it('of a dump checks the checkpoints that it took along', async () => {
    await grace(cwd, ['audit', 'dump', 'log.jsonl']);
    const { code, value } = await verify('log.jsonl', '--key', signer.vkey);
    expect([code, value.of]).toEqual([0, 'dump']);
    expect(statusesOf(value)).toMatchObject({ CHECKPOINTS: 'ok', SIGNATURES: 'ok', KEY: 'ok', TAIL: 'ok' });
  });

  it('of a proof in a file of its own', async () => {
    await grace(cwd, ['audit', 'proof', '7', 'seven.tlog-proof']);
    const { code, value } = await verify('seven.tlog-proof', '--key', signer.vkey);
    expect([code, value.of, statusesOf(value)]).toEqual([
      0,
      'proof',
      { INCLUSION: 'ok', SIGNATURES: 'ok', KEY: 'ok' },
    ]);
    const text = readFileSync(join(cwd, 'seven.tlog-proof'), 'utf8');
    writeFileSync(join(cwd, 'seven.tlog-proof'), text.replace('index 7', 'index 8'));
    expect((await verify('seven.tlog-proof', '--key', signer.vkey)).code).toBe(1);
  });

  it('ends with 2 where there is nothing, or nothing that it knows', async () => {
    writeFileSync(join(cwd, 'empty'), '');
    for (const place of ['nowhere', 'empty', '.'])
      expect((await grace(cwd, ['audit', 'verify', place])).code).toBe(2);
  });

  it('ends with 1 where a file is none of ours', async () => {
    writeFileSync(join(cwd, 'other'), '{"format":"grace.evidence.v1"}');
    const { code, value } = await verify('other');
    expect([code, value.verified]).toEqual([1, false]);
  });

  it('refuses a key that is none', async () => {
    const { code, err } = await grace(cwd, ['audit', 'verify', '--key', 'x']);
    expect([code, err]).toEqual([2, expect.stringContaining('name+id+base64')]);
  });
});
