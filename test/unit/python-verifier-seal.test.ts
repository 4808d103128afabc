import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { cosignedMessage, encodeCosignature } from '../../shared/domain/tlog/cosignature';
import { checkpointName, cosignedName } from '../../shared/domain/tlog/seal-layout';
import { addSignature, encodeNote, parseNote, signatureOf } from '../../shared/domain/tlog/signed-note';
import { allOf, auditTable, calmLog, randomHistory, START, seededRandom } from '../support/audit-scenario';
import { bothVerifiers, statusesOf } from '../support/both-verifiers';
import { scratch } from '../support/memory-io';
import { onPython, runPython, VERIFIER } from '../support/python';
import { sealLog, testSigner } from '../support/sealed-log';
import { writeObjects } from '../support/sealed-run';
import { sceneOf, TAMPERINGS } from '../support/tamperings';

const { cwd, remove } = scratch();
afterAll(remove);

onPython('the verifier in Python', (python) => {
  const both = bothVerifiers(python, cwd);

  describe('of sealed copies', () => {
    const signers = { own: testSigner(), other: testSigner() };
    const SIZES = { checkpoints: [180, 400, 560], sealedTo: 620 };
    const keyOf = ({ vkey }: { vkey: string }) => ['--key', vkey];
    let scene: ReturnType<typeof sceneOf>;
    beforeAll(async () => {
      const log = calmLog(auditTable());
      await log.append(
        (await randomHistory(seededRandom(5), 660)).records.map(attributeRecord).slice(0, 620),
        START,
      );
      scene = sceneOf(await allOf(log.entries(0)), SIZES, signers.own);
      writeFileSync(join(cwd, 'kept'), scene.checkpoints[0] as string);
    });

    test('agrees that they hold, with and without what the auditor has', async () => {
      writeObjects(join(cwd, 'seal'), scene.sealed);
      for (const args of [
        [],
        keyOf(signers.own),
        ['--since', 'kept'],
        [...keyOf(signers.own), '--since', 'kept'],
      ]) {
        const { theirs, ours } = await both('seal', ...args);
        expect([theirs.code, statusesOf(theirs.said)]).toEqual([0, statusesOf(ours.said)]);
        expect(ours.code).toBe(0);
      }
    });

    // What was done to the table is sealed anew, as by an operator who owns the bucket too.
    test.each(Object.entries(TAMPERINGS))('agrees on %s, sealed over', async (_kind, tampering) => {
      const place = { ...SIZES, ...tampering.place(620, SIZES, (n) => Math.floor(n / 3)) };
      const { scene: after } = tampering.do(scene, place, signers);
      const sizes = SIZES.checkpoints.filter((size) => size <= after.entries.length);
      const sealed = sealLog(after.entries, sizes, { signer: signers.own, sealedTo: after.entries.length });
      const notes = after.checkpoints.map(
        (note, n) => [checkpointName(SIZES.checkpoints[n] ?? 0), Buffer.from(note)] as const,
      );
      writeObjects(
        join(cwd, 'seal'),
        new Map([...sealed.objects, ...notes, ['keys', Buffer.from(`${after.keys.join('\n')}\n`)]]),
      );
      const { theirs, ours } = await both('seal', ...keyOf(signers.own), '--since', 'kept');
      expect(statusesOf(theirs.said)).toEqual(statusesOf(ours.said));
      expect([theirs.code, theirs.said.firstBad]).toEqual([ours.code, ours.said.firstBad]);
    });

    test('agrees on any byte that is changed', async () => {
      const random = seededRandom(3);
      const names = [...scene.sealed.keys()].filter((name) => name !== 'checkpoint');
      for (let n = 0; n < 25; n += 1) {
        const name = names[Math.floor(random() * names.length)] as string;
        const bytes = Uint8Array.from(scene.sealed.get(name) ?? []);
        const at = Math.floor(random() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        writeObjects(join(cwd, 'seal'), new Map([...scene.sealed, [name, bytes]]));
        const { theirs, ours } = await both('seal');
        expect({ name, at, code: theirs.code }).toEqual({ name, at, code: 1 });
        expect(ours.code).toBe(1);
      }
    }, 120_000);

    test('agrees on a witness, and on one that has signed something else', async () => {
      const witness = testSigner('witness.example/w1', 'cosignature');
      const newest = scene.checkpoints.at(-1) as string;
      const { text } = parseNote(newest);
      for (const [at, signedAt, status] of [
        [1_767_614_400, 1_767_614_400, 'ok'],
        [1_767_614_401, 1_767_614_400, 'failed'],
      ] as const) {
        const signature = encodeCosignature({ at, signature: witness.sign(cosignedMessage(text, signedAt)) });
        const note = Buffer.from(addSignature(newest, signatureOf(witness.key, signature)));
        writeObjects(
          join(cwd, 'seal'),
          new Map([...scene.sealed, ['checkpoint', note], [checkpointName(560), note]]),
        );
        const { theirs, ours } = await both('seal', ...keyOf(signers.own), ...keyOf(witness));
        expect(statusesOf(theirs.said)).toEqual(statusesOf(ours.said));
        expect(statusesOf(ours.said)['WITNESSES']).toBe(status);
      }
    });

    test('agrees on what witnesses signed earlier, as it is kept beside the checkpoints', async () => {
      const witness = testSigner('witness.example/w1', 'cosignature');
      const signedBy = (note: string, at = 1_767_614_400, forged = false): Buffer => {
        const message = cosignedMessage(forged ? 'something else' : parseNote(note).text, at);
        const signature = encodeCosignature({ at, signature: witness.sign(message) });
        return Buffer.from(addSignature(note, signatureOf(witness.key, signature)));
      };
      const [, middle = '', newest = ''] = scene.checkpoints;
      const otherRoot = newest.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`);
      for (const [size, note, status, code] of [
        [560, signedBy(newest), 'ok', 0],
        [400, signedBy(middle), 'not_checkable', 0],
        [400, signedBy(middle, 1, true), 'failed', 1],
        // A witness that holds another history shows a fork, whatever else is right.
        [560, signedBy(otherRoot), 'ok', 1],
        [undefined, undefined, 'failed', 1],
      ] as const) {
        const kept = size === undefined ? [] : [[cosignedName(size, witness.key.id), note] as const];
        writeObjects(join(cwd, 'seal'), new Map([...scene.sealed, ...kept]));
        const { theirs, ours } = await both('seal', ...keyOf(signers.own), ...keyOf(witness));
        expect([statusesOf(theirs.said), theirs.code]).toEqual([statusesOf(ours.said), ours.code]);
        expect([statusesOf(ours.said)['WITNESSES'], ours.code]).toEqual([status, code]);
      }
    });

    test('agrees during and after a rotation of the key', async () => {
      const { own, other } = signers;
      const resigned = (note: string, signatures: readonly (typeof own)[]): Buffer => {
        const { text } = parseNote(note);
        return Buffer.from(
          encodeNote({ text, signatures: signatures.map((one) => signatureOf(one.key, one.sign(text))) }),
        );
      };
      const notes = scene.checkpoints.map((note, n) =>
        resigned(note, [[own], [own, other], [other]][n] ?? []),
      );
      const objects = notes.map((note, n) => [checkpointName(SIZES.checkpoints[n] ?? 0), note] as const);
      const keys = Buffer.from(`${own.vkey}\n${other.vkey}\n`);
      const newest = ['checkpoint', notes[2] as Buffer] as const;
      writeObjects(join(cwd, 'seal'), new Map([...scene.sealed, ...objects, newest, ['keys', keys]]));
      for (const [args, code] of [
        [[], 0],
        [keyOf(other), 0],
        [keyOf(own), 1],
      ] as const) {
        const { theirs, ours } = await both('seal', ...args);
        expect(statusesOf(theirs.said)).toEqual(statusesOf(ours.said));
        expect([theirs.code, ours.code]).toEqual([code, code]);
      }
    });

    test('ends with 2 where nothing is sealed', () => {
      mkdirSync(join(cwd, 'bare'), { recursive: true });
      expect(runPython(python(), [VERIFIER, join(cwd, 'bare')]).code).toBe(2);
      expect(runPython(python(), [VERIFIER, join(cwd, 'nowhere')]).code).toBe(2);
    });
  });
});
