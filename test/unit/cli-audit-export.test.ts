import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../cli/audit/check';
import { loadRun, saveRun } from '../../cli/backend/saved-run';
import type { EvidenceFile } from '../../shared/contracts/evidence-file';
import { FORGERIES } from '../support/forged-exports';
import { grace, graceJson, scratch } from '../support/memory-io';
import { testSigner } from '../support/sealed-log';
import { sealSavedRun } from '../support/sealed-run';

interface Verified {
  readonly of: string;
  readonly verified: boolean;
  readonly firstBad: number | null;
  readonly checks: readonly Check[];
}

const { cwd, remove } = scratch();
let vkey: string;
/** Signed checkpoints of the run, oldest first. */
let checkpoints: readonly string[];
let exported: EvidenceFile;
beforeAll(async () => {
  await grace(cwd, ['demo', '--json']);
  const seal = join(cwd, '.grace/seal/epoch-1');
  vkey = readFileSync(join(seal, 'keys'), 'utf8').trim();
  const names = readdirSync(join(seal, 'checkpoints')).sort();
  checkpoints = names.map((name) => readFileSync(join(seal, 'checkpoints', name), 'utf8'));
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
    expect(exported.checkpoint).toBe(checkpoints.at(-1));
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
      POLICY: 'ok',
      VOTES: 'ok',
      SNAPSHOT: 'ok',
      SUMMARY: 'ok',
    });
  });

  it('names the entry in which any byte was changed, whatever is left of its body', async () => {
    const [entry] = exported.entries.slice(2);
    const bytes = Buffer.from(entry?.entry ?? '', 'base64');
    for (let at = 0; at < bytes.length; at += 23) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      const entries = exported.entries.map((one) =>
        one.seq === entry?.seq ? { ...one, entry: changed.toString('base64') } : one,
      );
      writeFileSync(join(cwd, 'changed.json'), JSON.stringify({ ...exported, entries }));
      const { code, value } = await verify('changed.json', '--key', vkey);
      expect([at, code, value.firstBad]).toEqual([at, 1, entry?.seq]);
      expect(statusesOf(value)).toMatchObject({ INCLUSION: 'failed', SIGNATURES: 'ok', PLAN: 'ok' });
    }
  });

  it('verifies with the key that an auditor has, and not with another', async () => {
    expect(statusesOf((await verify('evidence.json', '--key', vkey)).value)['KEY']).toBe('ok');
    const { code, value } = await verify('evidence.json', '--key', testSigner().vkey);
    expect([code, statusesOf(value)['SIGNATURES']]).toEqual([1, 'failed']);
  });

  it.each(FORGERIES)('does not verify with %s changed: %s', async (_what, failing, forge) => {
    const changed = forge(exported);
    expect(changed).not.toEqual(exported);
    writeFileSync(join(cwd, 'forged.json'), JSON.stringify(changed));
    const { code, value } = await verify('forged.json');
    expect([code, value.verified, statusesOf(value)[failing]]).toEqual([1, false, 'failed']);
  });

  it('says which entries no checkpoint covers yet', async () => {
    const early = scratch();
    saveRun(early.cwd, loadRun(cwd));
    await sealSavedRun(early.cwd, testSigner(), 100);
    await grace(early.cwd, ['audit', 'export', exported.contractId, join(cwd, 'early.json')]);
    early.remove();
    const { code, value } = await verify('early.json');
    expect([code, statusesOf(value)['INCLUSION']]).toEqual([0, 'not_checkable']);
  });

  describe('for who has kept a checkpoint', () => {
    const origin = () => exported.checkpoint?.split('\n')[0] ?? '';
    const keep = (note = '') => writeFileSync(join(cwd, 'kept'), note);
    const exportSince = () =>
      grace(cwd, ['audit', 'export', exported.contractId, 'since.json', '--since', 'kept']);
    const keptStatus = async (file: string) => {
      const { code, value } = await verify(file, '--since', 'kept');
      return [code, statusesOf(value)['KEPT_CHECKPOINT']];
    };

    it('proves that the log begins with it', async () => {
      keep(checkpoints[0]);
      expect((await exportSince()).code).toBe(0);
      expect(await keptStatus('since.json')).toEqual([0, 'ok']);
    });

    it('says that it cannot tell where it was made without it, but for the very same one', async () => {
      keep(checkpoints[0]);
      expect(await keptStatus('evidence.json')).toEqual([0, 'not_checkable']);
      keep(checkpoints.at(-1));
      expect(await keptStatus('evidence.json')).toEqual([0, 'ok']);
    });

    it('does not hold for another history, or with another proof', async () => {
      keep(checkpoints[0]);
      await exportSince();
      const made: EvidenceFile = JSON.parse(readFileSync(join(cwd, 'since.json'), 'utf8'));
      const [size, root] = [(checkpoints[0] ?? '').split('\n')[1], (checkpoints[1] ?? '').split('\n')[2]];
      keep((checkpoints[0] ?? '').replace(/\n\d+\n.*\n/, `\n${size}\n${root}\n`));
      expect(await keptStatus('since.json')).toEqual([1, 'failed']);
      keep(checkpoints[0]);
      const consistency = (made.consistency ?? []).map((one) => ({ ...one, proof: one.proof.slice(1) }));
      writeFileSync(join(cwd, 'since.json'), JSON.stringify({ ...made, consistency }));
      expect(await keptStatus('since.json')).toEqual([1, 'failed']);
      const unreadable = (made.consistency ?? []).map((one) => ({ ...one, proof: ['!'] }));
      writeFileSync(join(cwd, 'since.json'), JSON.stringify({ ...made, consistency: unreadable }));
      expect((await keptStatus('since.json'))[0]).toBe(1);
    });

    it('is not made where the log cannot be shown to begin with it', async () => {
      keep('no checkpoint');
      expect(await exportSince()).toMatchObject({ code: 2, err: expect.stringContaining('kept') });
      keep(checkpoints[0]?.replace(origin(), 'grace/other'));
      expect(await exportSince()).toMatchObject({ code: 1, err: expect.stringContaining('grace/other') });
      keep(checkpoints[0]?.replace(/\n\d+\n/, '\n99999\n'));
      expect(await exportSince()).toMatchObject({ code: 1, err: expect.stringContaining('99999') });
      keep(checkpoints[0]?.replace(/\n\d+\n/, '\n3\n'));
      expect(await exportSince()).toMatchObject({ code: 1, err: expect.stringContaining('kept one of 3') });
    });
  });

  it('of a contract that is not there is not made', async () => {
    expect((await grace(cwd, ['audit', 'export', 'NOPE', 'nope.json'])).code).toBe(2);
  });
});

describe('grace audit verify', () => {
  it('of a saved run looks at its table, its checkpoints and its sealed copies', async () => {
    for (const place of [[], ['.grace']]) {
      const { code, value } = await verify(...place, '--key', vkey);
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
    const { code, value } = await verify('.grace/seal', '--key', vkey);
    expect([code, value.of, value.verified]).toEqual([0, 'sealed copies', true]);
    expect(statusesOf(value)['STATE_TABLE']).toBe('not_checkable');
  });

  it('holds a log to a checkpoint that was kept', async () => {
    writeFileSync(join(cwd, 'kept'), checkpoints[0] ?? '');
    const kept = await verify('--since', 'kept');
    expect([kept.code, statusesOf(kept.value)['KEPT_CHECKPOINT']]).toEqual([0, 'ok']);
    writeFileSync(join(cwd, 'kept'), (checkpoints[0] ?? '').replace(/\n(\d+)\n/, '\n$17\n'));
    const other = await verify('--since', 'kept');
    expect([other.code, statusesOf(other.value)['KEPT_CHECKPOINT']]).toEqual([1, 'failed']);
    expect((await grace(cwd, ['audit', 'verify', '--since', 'nothing'])).code).toBe(2);
  });

  it('of a dump checks the checkpoints that it took along', async () => {
    await grace(cwd, ['audit', 'dump', 'log.jsonl']);
    const { code, value } = await verify('log.jsonl', '--key', vkey);
    expect([code, value.of]).toEqual([0, 'dump']);
    expect(statusesOf(value)).toMatchObject({ CHECKPOINTS: 'ok', SIGNATURES: 'ok', KEY: 'ok', TAIL: 'ok' });
  });

  it('of a proof in a file of its own', async () => {
    await grace(cwd, ['audit', 'proof', '7', 'seven.tlog-proof']);
    const { code, value } = await verify('seven.tlog-proof', '--key', vkey);
    expect([code, value.of, statusesOf(value)]).toEqual([
      0,
      'proof',
      { INCLUSION: 'ok', SIGNATURES: 'ok', KEY: 'ok' },
    ]);
    const text = readFileSync(join(cwd, 'seven.tlog-proof'), 'utf8');
    writeFileSync(join(cwd, 'seven.tlog-proof'), text.replace('index 7', 'index 8'));
    expect((await verify('seven.tlog-proof', '--key', vkey)).code).toBe(1);
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
