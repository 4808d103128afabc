import { checkpointName, LATEST_CHECKPOINT } from '../../shared/domain/tlog/seal-layout';
import type { SealWriter } from '../../shared/ports/sealing';
import { entryKey, headKey } from '../../shared/stores/audit-rows';
import { checkpointKey } from '../../shared/stores/checkpoint-store';
import { memorySeal } from '../../shared/stores/memory-seal';
import { auditBench, tamper } from '../support/audit-bench';
import { allOf } from '../support/audit-scenario';
import { appendEntries, CONTRACT, logOf, textOf } from '../support/growing-log';
import { sealLog, testSigner } from '../support/sealed-log';

describe('a log that does not continue what was signed is refused, once, and found', () => {
  async function sealedLog(entries = 300) {
    const bench = await logOf(entries);
    await bench.seal();
    return bench;
  }
  const edited = (row: object) =>
    ({ ...row, body: (row as { body: string }).body.replace('GATE', 'FAKE') }) as never;

  it('a sealed entry that was edited', async () => {
    const bench = await sealedLog();
    await tamper(bench.audit, entryKey('grace', 280), edited);
    await appendEntries(bench, 5);
    expect(await bench.seal()).toEqual({ size: 300, added: 0, refused: 'FORK_REFUSED' });
    await bench.seal();
    const found = await bench.findings.list(10);
    expect(found.map(({ finding }) => [finding.kind, finding.seq])).toEqual([['FORK_REFUSED', 280]]);
    expect(bench.counted).toContain('grace_audit_findings_total');
    expect((await bench.checkpoints.list(9)).map(({ size }) => size)).toEqual([300]);
  });

  it('a new entry that was edited', async () => {
    const bench = await sealedLog();
    await appendEntries(bench, 5);
    await tamper(bench.audit, entryKey('grace', 302), edited);
    expect(await bench.seal()).toMatchObject({ refused: 'FORK_REFUSED' });
  });

  it('a log that was cut off before its last checkpoint', async () => {
    const bench = await sealedLog();
    const short = await logOf(200);
    const head = await short.audit.get(headKey('grace'));
    bench.audit.load(head === undefined ? [] : [head]);
    expect(await bench.seal()).toMatchObject({ size: 300, refused: 'FORK_REFUSED' });
    const [found] = await bench.findings.list(1);
    expect(found?.finding.detail).toBe('the log ends at 200, behind the checkpoint of 300');
  });

  it('new entries that are not all there', async () => {
    const bench = await sealedLog();
    await appendEntries(bench, 5);
    const log = { ...bench.log, entries: (from: number) => bench.log.entries(from, 303) };
    expect(await bench.seal({ log })).toMatchObject({ size: 300, refused: 'FORK_REFUSED' });
    const [found] = await bench.findings.list(1);
    expect(found?.finding).toMatchObject({ kind: 'FORK_REFUSED', seq: 303 });
  });

  it('a log that was rewritten under a full tile, whose entries are not read any more', async () => {
    const honest = await sealedLog(256);
    await appendEntries(honest, 4);
    expect(await honest.seal()).toEqual({ size: 260, added: 4 });
    const bench = await sealedLog(256);
    const other = auditBench();
    for (let n = 0; n < 260; n += 1) await other.change(CONTRACT, { n: -n });
    await other.stream();
    bench.audit.load(other.audit.items());
    expect(await bench.seal()).toMatchObject({ size: 256, refused: 'FORK_REFUSED' });
    const [found] = await bench.findings.list(1);
    expect(found?.finding.seq).toBe(256);
  });

  it('a tail that was rewritten, chain and head', async () => {
    const bench = await sealedLog(300);
    const other = auditBench();
    for (let n = 0; n < 300; n += 1) await other.change(CONTRACT, { n: n < 290 ? n : -n });
    await other.stream();
    await appendEntries(other, 3);
    bench.audit.load(other.audit.items());
    expect(await bench.seal()).toMatchObject({ refused: 'FORK_REFUSED' });
  });

  it('a head whose tree is another than its entries make', async () => {
    const bench = await sealedLog(300);
    await appendEntries(bench, 4);
    await tamper(bench.audit, headKey('grace'), (row) => ({
      ...row,
      range: String(row['range']).replace(/^./, 'B'),
    }));
    expect(await bench.seal()).toMatchObject({ refused: 'FORK_REFUSED' });
  });

  it('a checkpoint of somebody else’s key, of another log, or that is none', async () => {
    for (const forge of ['key', 'origin', 'size', 'text'] as const) {
      const bench = await sealedLog(20);
      await appendEntries(bench, 5);
      const entries = await allOf(bench.log.entries(0));
      const signer = forge === 'key' ? testSigner() : bench.signer;
      const origin = forge === 'origin' ? { origin: 'grace/other/1/eu-west-1/1' } : {};
      const { checkpoints } = sealLog(entries, [forge === 'size' ? 20 : 25], { signer, ...origin });
      const note = forge === 'text' ? 'not a note' : checkpoints[0]?.note;
      bench.audit.load([{ ...checkpointKey('grace', 25), size: 25, note: note ?? '' }]);
      expect([forge, await bench.seal()]).toEqual([
        forge,
        { size: 25, added: 0, refused: 'CHECKPOINT_FORGED' },
      ]);
    }
  });

  it('a sealed tile that is gone, and one that was changed', async () => {
    for (const [damage, refused] of [
      ['gone', 'SEAL_MISSING'],
      ['changed', 'CHECKPOINT_FORGED'],
    ] as const) {
      const bench = await sealedLog(20);
      const objects = new Map(bench.sealed.objects);
      if (damage === 'gone') objects.delete('tile/0/000.p/20');
      else objects.set('tile/0/000.p/20', Buffer.alloc(20 * 32, 7));
      const sealed: SealWriter = memorySeal(objects);
      await appendEntries(bench, 1);
      expect(await bench.seal({ sealed: () => sealed })).toMatchObject({ refused });
    }
  });

  it('a name that holds other bytes already', async () => {
    const bench = await sealedLog(20);
    await appendEntries(bench, 1);
    const sealed = memorySeal(new Map([...bench.sealed.objects, ['tile/entries/000.p/21', Buffer.of(1)]]));
    expect(await bench.seal({ sealed: () => sealed })).toMatchObject({ refused: 'SEAL_DIFFERS' });
    expect((await bench.checkpoints.list(9)).map(({ size }) => size)).toEqual([20]);
  });

  it('a name that another checkpoint lies under already', async () => {
    const bench = await sealedLog(20);
    await appendEntries(bench, 1);
    const planted: [string, Uint8Array] = [checkpointName(21), Buffer.from('grace/other\n')];
    const sealed = memorySeal(new Map([...bench.sealed.objects, planted]));
    const sealing = { sealed: () => sealed };
    for (let n = 0; n < 2; n += 1)
      expect(await bench.seal(sealing)).toMatchObject({ refused: 'SEAL_DIFFERS' });
    const found = await bench.findings.list(10);
    expect(found.map(({ finding }) => finding.kind)).toEqual(['SEAL_DIFFERS']);
    // The newest that others read stays the one before.
    expect(textOf(await sealed.read(LATEST_CHECKPOINT))).toContain('\n20\n');
  });
});
