import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceFile } from '../../shared/contracts/evidence-file';
import { bothVerifiers, statusesOf } from '../support/both-verifiers';
import { FORGERIES } from '../support/forged-exports';
import { grace, graceJson, scratch } from '../support/memory-io';
import { onPython } from '../support/python';

const { cwd, remove } = scratch();
afterAll(remove);

onPython('the verifier in Python', (python) => {
  const both = bothVerifiers(python, cwd);

  describe('of an export', () => {
    let vkey: string;
    let exported: EvidenceFile;
    beforeAll(async () => {
      await grace(cwd, ['demo', '--json']);
      vkey = readFileSync(join(cwd, '.grace/seal/epoch-1/keys'), 'utf8').trim();
      const { value } = await graceJson<{ contractId: string; playbook: string }[]>(cwd, [
        'contract',
        'list',
      ]);
      for (const { contractId } of value)
        await grace(cwd, ['audit', 'export', contractId, `${contractId}.json`]);
      const id = value.find(({ playbook }) => playbook === 'reboot-rds-on-connections')?.contractId;
      exported = JSON.parse(readFileSync(join(cwd, `${id}.json`), 'utf8'));
    }, 240_000);

    test('agrees that each contract of a run holds', async () => {
      const { value } = await graceJson<{ contractId: string }[]>(cwd, ['contract', 'list']);
      expect(value.length).toBeGreaterThanOrEqual(4);
      for (const { contractId } of value) {
        const { theirs, ours } = await both(`${contractId}.json`, '--key', vkey);
        expect([theirs.code, statusesOf(theirs.said)]).toEqual([0, statusesOf(ours.said)]);
      }
    });

    test.each(FORGERIES)('agrees on %s changed: %s', async (_what, failing, forge) => {
      writeFileSync(join(cwd, 'forged.json'), JSON.stringify(forge(exported)));
      const { theirs, ours } = await both('forged.json', '--key', vkey);
      expect([theirs.code, ours.code]).toEqual([1, 1]);
      expect(statusesOf(theirs.said)).toEqual(statusesOf(ours.said));
      expect(statusesOf(ours.said)[failing]).toBe('failed');
    });
  });

  test('agrees on what an export proves of a checkpoint that was kept', async () => {
    const seal = join(cwd, '.grace/seal/epoch-1/checkpoints');
    const notes = readdirSync(seal).map((name) => readFileSync(join(seal, name), 'utf8'));
    writeFileSync(join(cwd, 'kept'), notes[0] ?? '');
    const { value } = await graceJson<{ contractId: string }[]>(cwd, ['contract', 'list']);
    const id = value[0]?.contractId ?? '';
    expect((await grace(cwd, ['audit', 'export', id, 'since.json', '--since', 'kept'])).code).toBe(0);
    for (const [file, note, status] of [
      ['since.json', notes[0], 'ok'],
      [`${id}.json`, notes[0], 'not_checkable'],
      [`${id}.json`, notes.at(-1), 'ok'],
      ['since.json', notes[0]?.replace(/\n([A-Za-z0-9+/]{43}=)\n/, `\n${'A'.repeat(43)}=\n`), 'failed'],
      ['since.json', notes[0]?.replace('grace/', 'other/'), 'failed'],
    ] as const) {
      writeFileSync(join(cwd, 'kept'), note ?? '');
      const { theirs, ours } = await both(file, '--since', 'kept');
      expect(statusesOf(theirs.said)).toEqual(statusesOf(ours.said));
      expect(statusesOf(ours.said)['KEPT_CHECKPOINT']).toBe(status);
      expect(theirs.code).toBe(ours.code);
    }
  });

  test('agrees on a contract whose entries are of two epochs, and on what is done to the file', async () => {
    const instance = 'i-0a1b2c3d4e5f60718';
    const target = `ec2:instance:us-east-1:123456789012:${instance}`;
    await grace(cwd, ['release', target, '--reason', 'looked']);
    const hang = ['--name', 'WorkerHangError', '--attribute', `instance_id=${instance}`];
    await grace(cwd, ['emit', '--for', 'application', '--service', 'ledger', ...hang]);
    const { value } = await graceJson<{ contractId: string }[]>(cwd, ['approvals', 'list']);
    const id = value[0]?.contractId ?? '';
    const kept = (await grace(cwd, ['audit', 'checkpoint'])).out;
    writeFileSync(join(cwd, 'kept'), `${kept}\n`);
    expect((await grace(cwd, ['audit', 'close-epoch', '--reason', 'a test'])).code).toBe(0);
    expect((await grace(cwd, ['deny', id, '--reason', 'no', '--as', 'alice'])).code).toBe(0);
    expect((await grace(cwd, ['audit', 'export', id, 'two.json', '--since', 'kept'])).code).toBe(0);
    const file = JSON.parse(readFileSync(join(cwd, 'two.json'), 'utf8')) as EvidenceFile;
    expect(file.earlier).toHaveLength(1);
    const [first] = file.earlier ?? [];
    const opening = file.opening as NonNullable<EvidenceFile['opening']>;
    const cases: [EvidenceFile, string, string][] = [
      [file, '2 EPOCH_LINK', 'ok'],
      [{ ...file, opening: undefined }, '2 EPOCH_LINK', 'failed'],
      [{ ...file, opening: { ...opening, seq: opening.seq - 1 } }, '2 EPOCH_LINK', 'failed'],
      [{ ...file, opening: { ...opening, proof: opening.proof.slice(1) } }, '2 EPOCH_LINK', 'failed'],
      [{ ...file, earlier: undefined }, 'INCLUSION', 'failed'],
      [{ ...file, earlier: [{ ...first, checkpoint: file.checkpoint ?? '' }] }, '2 EPOCH_LINK', 'failed'],
    ];
    for (const [changed, check, status] of cases) {
      writeFileSync(join(cwd, 'two.json'), JSON.stringify(changed));
      const { theirs, ours } = await both('two.json', '--since', 'kept');
      expect(statusesOf(theirs.said)).toEqual(statusesOf(ours.said));
      expect([theirs.code, theirs.said.firstBad]).toEqual([ours.code, ours.said.firstBad]);
      expect([check, statusesOf(ours.said)[check]]).toEqual([check, status]);
    }
  }, 120_000);
});
