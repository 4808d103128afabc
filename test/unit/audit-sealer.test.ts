import { KEYS, LATEST_CHECKPOINT } from '../../shared/domain/tlog/seal-layout';
import { parseNote, verifyNote } from '../../shared/domain/tlog/signed-note';
import type { NoteSigner, SealWriter } from '../../shared/ports/sealing';
import { auditProofs } from '../../shared/stores/audit-proofs';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import { auditBench, signerOf } from '../support/audit-bench';
import { allOf } from '../support/audit-scenario';
import { appendEntries, logOf, textOf } from '../support/growing-log';
import { sealLog, testSigner } from '../support/sealed-log';

describe('the sealer', () => {
  it('writes the very tiles, bundles and checkpoints that the formats ask for, call after call', async () => {
    const bench = await logOf(200);
    await bench.seal();
    await appendEntries(bench, 400);
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
    await appendEntries(bench, 5);
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
    await appendEntries(bench, 10);
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
    await appendEntries(bench, 1);
    await bench.seal({ signers: [signerOf(bench.signer), signerOf(next)] });
    const note = parseNote(textOf(bench.sealed.objects.get(LATEST_CHECKPOINT)));
    for (const { key } of [bench.signer, next]) expect(verifyNote(note, [key])).toMatchObject({ ok: true });
    expect(textOf(bench.sealed.objects.get(KEYS))).toBe(`${bench.signer.vkey}\n${next.vkey}\n`);
    await appendEntries(bench, 1);
    expect(await bench.seal({ signers: [signerOf(next)] })).toEqual({ size: 5, added: 1 });
    // And once more: whoever has a copy finds the key of every checkpoint in it, also of those of long ago.
    const third = testSigner();
    await appendEntries(bench, 1);
    await bench.seal({ signers: [signerOf(next), signerOf(third)] });
    expect(textOf(bench.sealed.objects.get(KEYS))).toBe(
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
      await appendEntries(bench, 1);
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
      await Promise.all([bench.seal(), appendEntries(bench, 60), bench.seal(), bench.seal()]);
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
