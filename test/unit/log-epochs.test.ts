import { verifyLog } from '../../cli/audit/verify-log';
import { closedBefore } from '../../shared/contracts/closed-before';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { verifyChain } from '../../shared/domain/audit-chain';
import { entryText, GENESIS_LINK, type StoredEntry, saysSeq } from '../../shared/domain/audit-entry';
import { epochKey } from '../../shared/domain/keys';
import { checkpointName } from '../../shared/domain/tlog/seal-layout';
import { parseNote, verifyNote } from '../../shared/domain/tlog/signed-note';
import { verifierKey } from '../../shared/domain/tlog/verifier-key';
import { auditProofs } from '../../shared/stores/audit-proofs';
import { entryKey, epochRowKey, headKey } from '../../shared/stores/audit-rows';
import { checkpointKey } from '../../shared/stores/checkpoint-store';
import { epochClosings } from '../../shared/stores/epoch-closings';
import { type AuditBench, auditBench, signerOf, tamper } from '../support/audit-bench';
import { allOf } from '../support/audit-scenario';
import { LOG_NAME, sealLog, testSigner } from '../support/sealed-log';

const MISSION = { pk: 'MISSION#01K2Z8WQX3M5N7P9R1T3V5W7ZZ', sk: 'MISSION' };

async function append(bench: AuditBench, entries: number): Promise<void> {
  for (let n = 0; n < entries; n += 1) await bench.change(MISSION, { n });
  await bench.stream();
}

/** As `decide` orders it. */
async function order(bench: AuditBench, epoch: number): Promise<void> {
  const closings = epochClosings(bench.state);
  await closings.close(epoch, await closings.last(), { actor: 'root', reason: 'why not', at: 1 });
}

/** Two epochs of 20 and 5 entries, sealed to their ends. */
async function twoEpochs(): Promise<AuditBench> {
  const bench = auditBench();
  await append(bench, 20);
  await bench.seal();
  await order(bench, 1);
  await bench.stream();
  await append(bench, 4);
  await bench.seal();
  return bench;
}

const bodiesOf = async (bench: AuditBench) =>
  (await allOf(bench.log.entries(0))).map(({ leaf }) => readAuditBody(leaf));

describe('the order to close an epoch', () => {
  it('is the first entry of the next one, and says what the closed one was', async () => {
    const bench = await twoEpochs();
    const entries = await allOf(bench.log.entries(0));
    const old = await verifyChain(entries.slice(0, 20), { rootsAt: [20] });
    const root = Buffer.from(old.roots?.get(20) ?? []).toString('hex');
    const bodies = await bodiesOf(bench);
    expect(bodies[20]).toMatchObject({
      event: 'audit.epoch_closed',
      actor: 'root',
      reason: 'why not',
      seq: 20,
      closes: { origin: `${LOG_NAME}/1`, base: 0, size: 20, root },
    });
    expect(bodies.filter(({ closes }) => closes !== undefined)).toHaveLength(1);
    expect(await bench.log.epochs()).toEqual([
      { epoch: 1, base: 0 },
      { epoch: 2, base: 20 },
    ]);
    const leaves = await verifyChain(entries.slice(20), {
      from: { seq: 20, link: entries[19]?.link ?? GENESIS_LINK },
      beginsTree: true,
      head: await bench.log.head(),
      rootsAt: [5],
    });
    expect(leaves).toMatchObject({ verified: 5, range: (await bench.log.head()).range });
  });

  it('keeps what ends the canonical text, so that no reader has to parse it for its number', async () => {
    const [opening] = await allOf((await twoEpochs()).log.entries(20, 21));
    const { leaf } = opening as StoredEntry;
    expect(entryText(leaf)).toMatch(/,"closes":\{"base":0,.*,"seq":20,"sequencedAt":\d+,"v":1\}$/);
    expect(saysSeq(leaf, 20)).toBe(true);
    expect(closedBefore(leaf)?.size).toBe(20);
  });

  it('splits the batch that it comes in, however often that batch is delivered', async () => {
    const bench = auditBench();
    for (let n = 0; n < 3; n += 1) await bench.change(MISSION, { n });
    await order(bench, 1);
    for (let n = 0; n < 60; n += 1) await bench.change(MISSION, { n });
    const records = [...bench.records];
    await bench.stream();
    bench.records.push(...records.slice(0, 30));
    await bench.stream();
    expect(await bench.log.epochs()).toEqual([
      { epoch: 1, base: 0 },
      { epoch: 2, base: 3 },
    ]);
    expect((await verifyLog({ log: bench.log })).problems).toEqual([]);
  });

  it('closes nothing while there is nothing, nor when nobody can be named for it', async () => {
    const bench = auditBench();
    await order(bench, 1);
    await bench.stream();
    expect(await bench.log.epochs()).toHaveLength(1);
    await append(bench, 3);
    const item = await bench.state.get(epochKey);
    await bench.state.write([{ kind: 'put', item: { ...item, ...epochKey, epoch: 7 } as never }]);
    await bench.stream();
    expect(await bench.log.epochs()).toHaveLength(1);
    expect((await bodiesOf(bench)).at(-1)).toMatchObject({ fault: 'CHANGE_NOT_NEW' });
  });

  it('whose record is lost closes the epoch when it is filled in, once', async () => {
    const bench = auditBench();
    await append(bench, 3);
    await bench.check();
    await bench.stream();
    await order(bench, 1);
    const late = [...bench.records];
    bench.records.length = 0;
    bench.pass(16 * 60_000);
    const { fillIn } = bench.checking.sequencer;
    expect(await fillIn([epochKey])).toMatchObject([{ rev: 1, lost: 0 }]);
    bench.records.push(...late);
    await bench.stream();
    expect((await bench.log.epochs()).length).toBe(2);
    expect((await verifyLog({ log: bench.log })).problems).toEqual([]);
  });

  it('is met by a head from before there were epochs', async () => {
    const bench = auditBench();
    await append(bench, 5);
    await tamper(bench.audit, headKey('grace'), ({ epoch: _epoch, base: _base, ...row }) => row as never);
    expect(await bench.log.head()).toMatchObject({ epoch: 1, base: 0, size: 5 });
    await order(bench, 1);
    await bench.stream();
    expect(await bench.log.head()).toMatchObject({ epoch: 2, base: 5, size: 6 });
  });
});

describe('the sealer, at a closing', () => {
  it('seals the old epoch to its end, then the new one below a place of its own', async () => {
    const bench = auditBench();
    await append(bench, 300);
    await bench.seal();
    await append(bench, 20);
    await order(bench, 1);
    await bench.stream();
    await append(bench, 260);
    expect(await bench.seal()).toEqual({ size: 261, added: 261 });
    const entries = await allOf(bench.log.entries(0));
    for (const [epoch, part, sizes] of [
      [1, entries.slice(0, 320), [300, 320]],
      [2, entries.slice(320), [261]],
    ] as const) {
      const origin = `${LOG_NAME}/${epoch}`;
      const reference = sealLog(part, sizes, { signer: bench.signer, origin });
      const sealed = (bench.sealing.sealed(epoch) as typeof bench.sealed).objects;
      const names = [...reference.objects.keys()].filter((name) => name.startsWith('tile/'));
      expect([...sealed.keys()].filter((name) => name.startsWith('tile/')).sort()).toEqual(names.sort());
      for (const name of names) expect([name, sealed.get(name)]).toEqual([name, reference.objects.get(name)]);
    }
    const last = Buffer.from(bench.sealed.objects.get(checkpointName(320)) ?? []).toString();
    expect(last).toMatch(new RegExp(`^${LOG_NAME}/1\n320\n`));
    // The finished epoch is not looked at again.
    await append(bench, 1);
    const read: number[] = [];
    const entriesOf: typeof bench.log.entries = (from, to) => {
      read.push(from);
      return bench.log.entries(from, to);
    };
    await bench.seal({ log: { ...bench.log, entries: entriesOf } });
    expect(read).toEqual([320 + 256]);
  });

  it('goes on with the new epoch where the old one is refused; the finding stands', async () => {
    const bench = auditBench();
    await append(bench, 20);
    await bench.seal();
    await tamper(bench.audit, entryKey('grace', 12), (row) => ({
      ...row,
      body: String(row['body']).replace('GATE', 'FAKE'),
    }));
    expect(await bench.seal()).toMatchObject({ refused: 'FORK_REFUSED' });
    await order(bench, 1);
    await bench.stream();
    await append(bench, 3);
    expect(await bench.seal()).toEqual({ size: 4, added: 4 });
    await append(bench, 1);
    expect(await bench.seal()).toEqual({ size: 5, added: 1 });
    expect(await bench.open()).toEqual(['FORK_REFUSED']);
    const report = await verifyLog({ log: bench.log });
    expect(report).toMatchObject({ firstBad: 12, verified: 12 });
    expect(report.checks).toContainEqual(expect.objectContaining({ code: 'CHAIN', epoch: 2, status: 'ok' }));
  });

  it('signs the new epoch with the new key alone, where the old key is to sign nothing more', async () => {
    const bench = auditBench();
    await append(bench, 5);
    await bench.seal();
    const next = testSigner();
    const signers = [signerOf(next)];
    expect(await bench.seal({ signers })).toMatchObject({ refused: 'CHECKPOINT_FORGED' });
    await order(bench, 1);
    await bench.stream();
    expect(await bench.seal({ signers })).toEqual({ size: 1, added: 1 });
    await append(bench, 1);
    expect(await bench.seal({ signers })).toEqual({ size: 2, added: 1 });
    const [newest] = await bench.sealing.checkpoints(2).list(1);
    const key = verifierKey(`${LOG_NAME}/2`, 'note', next.key.publicKey);
    expect(verifyNote(parseNote(newest?.note ?? ''), [key])).toMatchObject({ ok: true, unverified: [] });
  });

  it('signs nothing of an epoch that no entry opens', async () => {
    const bench = auditBench();
    await append(bench, 20);
    bench.audit.load([{ ...epochRowKey('grace', 2), epoch: 2, base: 12 }]);
    expect(await bench.seal()).toEqual({ size: 0, added: 0, refused: 'FORK_REFUSED' });
  });

  it('does not sign the end of an epoch that was closed as another tree', async () => {
    const bench = auditBench();
    await append(bench, 10);
    await bench.seal();
    await append(bench, 10);
    await tamper(bench.audit, headKey('grace'), (row) => ({
      ...row,
      range: String(row['range']).replace(/^./, 'B'),
    }));
    await order(bench, 1);
    await bench.stream();
    expect(await bench.seal()).toEqual({ size: 1, added: 1 });
    expect((await bench.checkpoints.list(9)).map(({ size }) => size)).toEqual([10]);
    const { checks } = await verifyLog({ log: bench.log });
    expect(checks).toContainEqual(expect.objectContaining({ code: 'EPOCH_LINK', status: 'failed' }));
  });
});

describe('the check, at a closing', () => {
  /** But for the mission's contract, which is not there in these logs. */
  const openIn = async (bench: AuditBench) => (await bench.open()).filter((kind) => kind !== 'ORPHAN');

  it('compares each epoch with its own copies and finds nothing', async () => {
    const bench = await twoEpochs();
    await bench.check();
    await bench.stream();
    const { sealed, opened } = await bench.check(true);
    expect(sealed).toBeGreaterThanOrEqual(25);
    expect(opened).toEqual([]);
    expect(await openIn(bench)).toEqual([]);
  });

  it('finds an opening entry that names another tree than was signed', async () => {
    const bench = await twoEpochs();
    const [checkpoint] = await bench.checkpoints.list(1);
    const note = (checkpoint?.note ?? '').replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`);
    bench.audit.load([{ ...checkpointKey('grace', 20), size: 20, note }]);
    await bench.check(true);
    expect(await openIn(bench)).toEqual(['EPOCH_LINK']);
  });

  it('finds an opening where no epoch begins', async () => {
    const bench = await twoEpochs();
    await bench.check();
    // The row that says where the second one begins was deleted.
    const log = { ...bench.log, epochs: async () => [{ epoch: 1, base: 0 }] };
    await bench.check(true, { log });
    expect(await openIn(bench)).toContain('EPOCH_LINK');
  });

  it('finds an epoch that was closed with fewer entries than were signed', async () => {
    const bench = await twoEpochs();
    bench.audit.load([
      {
        ...checkpointKey('grace', 21),
        size: 21,
        note: (await bench.checkpoints.list(1))[0]?.note.replace('\n20\n', '\n21\n') ?? '',
      },
    ]);
    await bench.check(true);
    expect(await openIn(bench)).toContain('EPOCH_LINK');
  });
});

it('any entry is proven under the checkpoint of its own epoch', async () => {
  const bench = await twoEpochs();
  const { log, checkpoints, sealed } = bench.sealing;
  const proofs = auditProofs({ log: log as never, checkpoints, sealed });
  for (const [seq, epoch, index] of [
    [0, 1, 0],
    [19, 1, 19],
    [20, 2, 0],
    [24, 2, 4],
  ] as const) {
    const found = await proofs.proofOf(seq);
    expect(found).toMatchObject({ index, entry: { seq } });
    expect(found?.checkpoint.note).toMatch(new RegExp(`^${LOG_NAME}/${epoch}\n`));
  }
  expect(await proofs.proofOf(25)).toBeUndefined();
});
