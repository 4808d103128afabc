import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { seededRandom } from '../support/audit-scenario';
import { bothVerifiers, statusesOf } from '../support/both-verifiers';
import { LINK_TAMPERINGS, notesIn, sealEpochs, threeEpochs } from '../support/epoch-tamperings';
import { scratch } from '../support/memory-io';
import { onPython } from '../support/python';
import { testSigner } from '../support/sealed-log';
import { writeObjects } from '../support/sealed-run';

const { cwd, remove } = scratch();
afterAll(remove);

onPython('the verifier in Python', (python) => {
  const both = bothVerifiers(python, cwd);

  describe('of the sealed copies of several epochs', () => {
    const signer = testSigner();
    let entries: StoredEntry[];
    let sealed: ReadonlyMap<string, Uint8Array>;
    beforeAll(async () => {
      entries = await threeEpochs();
      sealed = sealEpochs(entries, signer);
    });
    const agreed = async (objects: ReadonlyMap<string, Uint8Array>, path = 'epochs', ...args: string[]) => {
      writeObjects(join(cwd, 'epochs'), objects);
      const { theirs, ours } = await both(path, ...args);
      expect(statusesOf(theirs.said)).toEqual(statusesOf(ours.said));
      expect([theirs.code, theirs.said.firstBad]).toEqual([ours.code, ours.said.firstBad]);
      return ours;
    };
    const without = (pattern: RegExp) => new Map([...sealed].filter(([name]) => !pattern.test(name)));

    test('agrees that they hold, with the key of one of them and any kept checkpoint', async () => {
      for (const kept of notesIn(sealed)) {
        writeFileSync(join(cwd, 'kept'), kept);
        const { code, said } = await agreed(sealed, 'epochs', '--key', signer.vkey, '--since', 'kept');
        expect([code, statusesOf(said)['3 EPOCH_LINK']]).toEqual([0, 'ok']);
      }
    });

    test('agrees on one epoch alone, whatever was kept of the one before', async () => {
      const [middle = '', end = '', next = ''] = notesIn(sealed);
      for (const [kept, status] of [
        [middle, 'not_checkable'],
        [end, 'ok'],
        [end.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`), 'failed'],
        [end.replace('\n20\n', '\n21\n'), 'failed'],
        [next, 'ok'],
        [next.replace('/2\n', '/7\n'), 'failed'],
      ] as const) {
        writeFileSync(join(cwd, 'kept'), kept);
        const { said } = await agreed(sealed, 'epochs/epoch-2', '--key', signer.vkey, '--since', 'kept');
        expect(statusesOf(said)).toMatchObject({ EPOCH_LINK: 'not_checkable', KEPT_CHECKPOINT: status });
      }
    });

    test.each(Object.entries(LINK_TAMPERINGS))('agrees on %s, sealed over', async (_kind, tamper) => {
      await agreed(sealEpochs(tamper(entries).entries, signer), 'epochs', '--key', signer.vkey);
    });

    test('agrees on an epoch that is not there, in the middle and at the beginning', async () => {
      for (const [gone, code] of [
        [/^epoch-2\//, 1],
        [/^epoch-1\//, 0],
        [/^epoch-1\/(checkpoint$|.*\/0+20$)/, 0],
        [/^epoch-1\/(checkpoint|.*\/0+20$|.*\.p\/20$)/, 0],
        [/^epoch-2\/check/, 0],
      ] as const) {
        expect([gone, (await agreed(without(gone), 'epochs', '--key', signer.vkey)).code]).toEqual([
          gone,
          code,
        ]);
      }
    });

    test('agrees on any byte that is changed in any epoch', async () => {
      const random = seededRandom(4);
      const names = [...sealed.keys()].filter((name) => !name.endsWith('checkpoint'));
      for (let n = 0; n < 15; n += 1) {
        const name = names[Math.floor(random() * names.length)] as string;
        const bytes = Uint8Array.from(sealed.get(name) ?? []);
        const at = Math.floor(random() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        writeObjects(join(cwd, 'epochs'), new Map([...sealed, [name, bytes]]));
        const { theirs, ours } = await both('epochs');
        expect({ name, at, code: theirs.code }).toEqual({ name, at, code: 1 });
        expect(ours.code).toBe(1);
      }
    }, 120_000);
  });
});
