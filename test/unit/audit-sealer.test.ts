import { sealer } from '../../functions/audit-sealer/audit-sealer';
import { cosignedMessage, encodeCosignature } from '../../shared/domain/tlog/cosignature';
import { checkpointName, cosignedName, KEYS, LATEST_CHECKPOINT } from '../../shared/domain/tlog/seal-layout';
import {
  addSignature,
  encodeNote,
  parseNote,
  signatureOf,
  verifyNote,
} from '../../shared/domain/tlog/signed-note';
import type { NoteSigner, SealWriter } from '../../shared/ports/sealing';
import { auditProofs } from '../../shared/stores/audit-proofs';
import { entryKey, headKey } from '../../shared/stores/audit-rows';
import { checkpointKey, checkpointStore } from '../../shared/stores/checkpoint-store';
import { memorySeal } from '../../shared/stores/memory-seal';
import { auditBench, signerOf, tamper } from '../support/audit-bench';
import { allOf } from '../support/audit-scenario';
import { sealLog, testSigner } from '../support/sealed-log';

const CONTRACT = { pk: 'CONTRACT#01K2Z8WQX3M5N7P9R1T3V5W7Y9', sk: 'CONTRACT' };

/** A log of so many entries, all sequenced. */
async function logOf(entries: number) {
  const bench = auditBench();
  await append(bench, entries);
  return bench;
}

async function append(bench: ReturnType<typeof auditBench>, entries: number) {
  for (let n = 0; n < entries; n += 1) await bench.change(CONTRACT, { n });
  await bench.stream();
}

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');

describe('the sealer', () => {
  it('writes the very tiles, bundles and checkpoints that the formats ask for, call after call', async () => {
    const bench = await logOf(200);
    await bench.seal();
    await append(bench, 400);
    expect(await bench.seal()).toEqual({ size: 600, added: 400 });
    const reference = sealLog(await allOf(bench.log.entries(0)), [200, 600], { signer: bench.signer });
    expect([...bench.sealed.objects.keys()].sort()).toEqual([...reference.objects.keys()].sort());
    for (const [name, bytes] of reference.objects) {
      expect([name, Buffer.compare(bench.sealed.objects.get(name) ?? Buffer.of(), bytes)]).toEqual([name, 0]);
    }
  });

  it('makes proofs possible of every entry', async () => {
    const bench = await logOf(300);
    await bench.seal();
    const proofs = auditProofs({
      log: bench.log,
      checkpoints: (epoch) => checkpointStore(bench.audit, { epoch }),
      sealed: () => bench.sealed,
    });
    for (const seq of [0, 1, 255, 256, 299]) expect((await proofs.proofOf(seq))?.entry.seq).toBe(seq);
    expect(await proofs.proofOf(300)).toBeUndefined();
  });

  it('signs nothing when nothing is new, nor in an empty log', async () => {
    const bench = auditBench();
    expect(await bench.seal()).toEqual({ size: 0, added: 0 });
    await append(bench, 5);
    await bench.seal();
    const asked: string[] = [];
    const counting: NoteSigner = {
      ...signerOf(bench.signer),
      sign: async (note) => Buffer.alloc(64, asked.push(note)),
    };
    expect(await bench.seal({ signers: [counting] })).toEqual({ size: 5, added: 0 });
    expect(asked).toEqual([]);
  });

  it('reads the entries of the tile that is not full and what is new, never the whole log', async () => {
    const bench = await logOf(1030);
    await bench.seal();
    await append(bench, 10);
    const read: [number, number | undefined][] = [];
    const log = {
      head: () => bench.log.head(),
      epochs: () => bench.log.epochs(),
      entries: (from: number, to?: number) => {
        read.push([from, to]);
        return bench.log.entries(from, to);
      },
    };
    await bench.seal({ log });
    expect(read).toEqual([[1024, 1040]]);
  });

  it('signs with both keys while one takes over, and goes on with the new one alone', async () => {
    const bench = await logOf(3);
    await bench.seal();
    const next = testSigner();
    await append(bench, 1);
    await bench.seal({ signers: [signerOf(bench.signer), signerOf(next)] });
    const note = parseNote(text(bench.sealed.objects.get(LATEST_CHECKPOINT)));
    for (const { key } of [bench.signer, next]) expect(verifyNote(note, [key])).toMatchObject({ ok: true });
    expect(text(bench.sealed.objects.get(KEYS))).toBe(`${bench.signer.vkey}\n${next.vkey}\n`);
    await append(bench, 1);
    expect(await bench.seal({ signers: [signerOf(next)] })).toEqual({ size: 5, added: 1 });
    // And once more: whoever has a copy finds the key of every checkpoint in it, also of those of long ago.
    const third = testSigner();
    await append(bench, 1);
    await bench.seal({ signers: [signerOf(next), signerOf(third)] });
    expect(text(bench.sealed.objects.get(KEYS))).toBe(
      [bench.signer, next, third].map(({ vkey }) => `${vkey}\n`).join(''),
    );
  });

  it('writes the list of its keys when there is a new one, and leaves it alone otherwise', async () => {
    const bench = await logOf(3);
    const replaced: string[] = [];
    const sealed: SealWriter = {
      ...bench.sealed,
      replace: async (name, bytes) => {
        replaced.push(name);
        return bench.sealed.replace(name, bytes);
      },
    };
    for (let n = 0; n < 3; n += 1) {
      await bench.seal({ sealed: () => sealed });
      await append(bench, 1);
    }
    expect(replaced.filter((name) => name === KEYS)).toHaveLength(1);
    expect(replaced.filter((name) => name === LATEST_CHECKPOINT)).toHaveLength(3);
  });

  it('leaves the checkpoint alone that another sealer has signed for the same size', async () => {
    const bench = await logOf(3);
    const overtaken = { ...bench.checkpoints, put: async () => false };
    expect(await bench.seal({ checkpoints: () => overtaken })).toEqual({ size: 3, added: 0 });
    expect(bench.sealed.objects.has(LATEST_CHECKPOINT)).toBe(false);
  });
});

describe('nothing is lost or signed twice', () => {
  /** Dies at the n-th call of anything that it reaches, before or after the call took effect. */
  function dying(at: number, when: 'before' | 'after') {
    let calls = 0;
    return <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name, receiver) => {
          const method: unknown = Reflect.get(target, name, receiver);
          if (typeof method !== 'function' || name === 'entries') return method;
          return async (...args: unknown[]) => {
            const dies = calls++ === at;
            if (dies && when === 'before') throw new Error('process ended');
            const answer: unknown = await Reflect.apply(method, target, args);
            if (dies) throw new Error('process ended');
            return answer;
          };
        },
      });
  }

  it.each(['before', 'after'] as const)('when the sealer is cut %s any of its calls', async (when) => {
    const clean = await logOf(300);
    await clean.seal();
    const wanted = [...clean.sealed.objects.keys()].sort();
    let cuts = 0;
    for (let at = 0; ; at += 1) {
      const bench = await logOf(300);
      const die = dying(at, when);
      const { log, checkpoints, sealed, signers } = bench.sealing;
      const over = {
        log: die(log),
        checkpoints: (epoch: number) => die(checkpoints(epoch)),
        sealed: (epoch: number) => die(sealed(epoch)),
        signers: signers.map(die),
      };
      const died = await bench.seal(over).then(
        () => false,
        () => true,
      );
      await bench.seal();
      expect([at, [...bench.sealed.objects.keys()].sort()]).toEqual([at, wanted]);
      expect(bench.sealed.objects.get(LATEST_CHECKPOINT)).toEqual(
        Buffer.from((await bench.checkpoints.list(1))[0]?.note ?? ''),
      );
      expect(await bench.open()).toEqual([]);
      if (!died) break;
      cuts += 1;
    }
    // Head, rows, four tiles and bundles of 300 entries and a level above, key, signature, row, copies.
    expect(cuts).toBeGreaterThan(12);
  });

  it('when several sealers run at once while the log grows', async () => {
    const bench = await logOf(100);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([bench.seal(), append(bench, 60), bench.seal(), bench.seal()]);
    }
    await bench.seal();
    const notes = await bench.checkpoints.list(100);
    const entries = await allOf(bench.log.entries(0));
    const sizes = notes.map(({ size }) => size);
    const reference = sealLog(entries, sizes, { signer: bench.signer });
    expect(sizes[0]).toBe(400);
    expect(new Set(sizes).size).toBe(sizes.length);
    for (const { size, note } of notes) {
      expect(note).toBe(reference.checkpoints.find((one) => one.size === size)?.note);
    }
  });
});

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
    await append(bench, 5);
    expect(await bench.seal()).toEqual({ size: 300, added: 0, refused: 'FORK_REFUSED' });
    await bench.seal();
    const found = await bench.findings.list(10);
    expect(found.map(({ finding }) => [finding.kind, finding.seq])).toEqual([['FORK_REFUSED', 280]]);
    expect(bench.counted).toContain('grace_audit_findings_total');
    expect((await bench.checkpoints.list(9)).map(({ size }) => size)).toEqual([300]);
  });

  it('a new entry that was edited', async () => {
    const bench = await sealedLog();
    await append(bench, 5);
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
    await append(bench, 5);
    const log = { ...bench.log, entries: (from: number) => bench.log.entries(from, 303) };
    expect(await bench.seal({ log })).toMatchObject({ size: 300, refused: 'FORK_REFUSED' });
    const [found] = await bench.findings.list(1);
    expect(found?.finding).toMatchObject({ kind: 'FORK_REFUSED', seq: 303 });
  });

  it('a log that was rewritten under a full tile, whose entries are not read any more', async () => {
    const honest = await sealedLog(256);
    await append(honest, 4);
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
    await append(other, 3);
    bench.audit.load(other.audit.items());
    expect(await bench.seal()).toMatchObject({ refused: 'FORK_REFUSED' });
  });

  it('a head whose tree is another than its entries make', async () => {
    const bench = await sealedLog(300);
    await append(bench, 4);
    await tamper(bench.audit, headKey('grace'), (row) => ({
      ...row,
      range: String(row['range']).replace(/^./, 'B'),
    }));
    expect(await bench.seal()).toMatchObject({ refused: 'FORK_REFUSED' });
  });

  it('a checkpoint of somebody else’s key, of another log, or that is none', async () => {
    for (const forge of ['key', 'origin', 'size', 'text'] as const) {
      const bench = await sealedLog(20);
      await append(bench, 5);
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
      await append(bench, 1);
      expect(await bench.seal({ sealed: () => sealed })).toMatchObject({ refused });
    }
  });

  it('a name that holds other bytes already', async () => {
    const bench = await sealedLog(20);
    await append(bench, 1);
    const sealed = memorySeal(new Map([...bench.sealed.objects, ['tile/entries/000.p/21', Buffer.of(1)]]));
    expect(await bench.seal({ sealed: () => sealed })).toMatchObject({ refused: 'SEAL_DIFFERS' });
    expect((await bench.checkpoints.list(9)).map(({ size }) => size)).toEqual([20]);
  });

  it('a name that another checkpoint lies under already', async () => {
    const bench = await sealedLog(20);
    await append(bench, 1);
    const planted: [string, Uint8Array] = [checkpointName(21), Buffer.from('grace/other\n')];
    const sealed = memorySeal(new Map([...bench.sealed.objects, planted]));
    const sealing = { sealed: () => sealed };
    for (let n = 0; n < 2; n += 1)
      expect(await bench.seal(sealing)).toMatchObject({ refused: 'SEAL_DIFFERS' });
    const found = await bench.findings.list(10);
    expect(found.map(({ finding }) => finding.kind)).toEqual(['SEAL_DIFFERS']);
    // The newest that others read stays the one before.
    expect(text(await sealed.read(LATEST_CHECKPOINT))).toContain('\n20\n');
  });
});

describe('what a witness has signed', () => {
  async function cosigned(kind: 'cosignature' | 'note' = 'cosignature') {
    const bench = await logOf(20);
    await bench.seal();
    const witness = testSigner('example.org/witness', kind);
    const [{ note } = { note: '' }] = await bench.checkpoints.list(1);
    const { text: own } = parseNote(note);
    const at = 1_767_600_000;
    const signature = encodeCosignature({ at, signature: witness.sign(cosignedMessage(own, at)) });
    const signed = addSignature(note, signatureOf(witness.key, signature));
    const take = (given: string, witnesses = [witness.vkey]) =>
      sealer({ cosigned: given }, { ...bench.sealing, witnesses });
    return { bench, witness, note, signed, take };
  }

  it('is kept beside the tiles, once, and holds for whoever has the witness’s key', async () => {
    const { bench, witness, signed, take } = await cosigned();
    const taken = { ok: true, size: 20, witnesses: ['example.org/witness'] };
    expect(await take(signed)).toEqual(taken);
    expect(await take(signed)).toEqual(taken);
    const kept = parseNote(text(bench.sealed.objects.get(cosignedName(20, witness.key.id))));
    expect(verifyNote(kept, [witness.key, bench.signer.key])).toMatchObject({
      ok: true,
      verified: [{ key: bench.signer.key }, { key: witness.key, cosignedAt: 1_767_600_000 }],
    });
  });

  it('is not taken of a witness that is not named, of a wrong signature, of another checkpoint, or of no note', async () => {
    const { bench, witness, note, signed, take } = await cosigned();
    expect(await take(signed, [])).toEqual({ ok: false, code: 'NO_KNOWN_WITNESS' });
    expect(await take(signed, [testSigner('example.org/witness', 'cosignature').vkey])).toMatchObject({
      ok: false,
    });
    const wrong = encodeCosignature({ at: 1, signature: witness.sign('something else') });
    const forged = addSignature(note, signatureOf(witness.key, wrong));
    expect(await take(forged)).toEqual({ ok: false, code: 'NO_KNOWN_WITNESS' });
    const other = signed.replace('\n20\n', '\n19\n');
    expect(await take(other)).toEqual({ ok: false, code: 'NOT_OUR_CHECKPOINT' });
    // Of the same size, and of another tree.
    const forked = parseNote(note).text.replace(/\n20\n.*\n/, `\n20\n${'A'.repeat(43)}=\n`);
    expect(forked).not.toBe(parseNote(note).text);
    const at = encodeCosignature({ at: 2, signature: witness.sign(cosignedMessage(forked, 2)) });
    const ofFork = encodeNote({ text: forked, signatures: [signatureOf(witness.key, at)] });
    expect(await take(ofFork)).toEqual({ ok: false, code: 'NOT_OUR_CHECKPOINT' });
    expect(await take('no note')).toEqual({ ok: false, code: 'NOT_A_NOTE' });
    expect([...bench.sealed.objects.keys()].filter((name) => name.startsWith('cosigned/'))).toEqual([]);
  });
});
