import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../cli/audit/check';
import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import type { EvidenceFile } from '../../shared/contracts/evidence-file';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { cosignedMessage, encodeCosignature } from '../../shared/domain/tlog/cosignature';
import { checkpointName, cosignedName } from '../../shared/domain/tlog/seal-layout';
import { addSignature, encodeNote, parseNote, signatureOf } from '../../shared/domain/tlog/signed-note';
import { allOf, auditTable, calmLog, randomHistory, START, seededRandom } from '../support/audit-scenario';
import { LINK_TAMPERINGS, notesIn, sealEpochs, threeEpochs } from '../support/epoch-tamperings';
import { FORGERIES } from '../support/forged-exports';
import { grace, graceJson, scratch } from '../support/memory-io';
import { onVectors } from '../support/published-vectors';
import { onPython, runPython, VERIFIER } from '../support/python';
import { sealLog, testSigner } from '../support/sealed-log';
import { writeObjects } from '../support/sealed-run';
import { sceneOf, TAMPERINGS } from '../support/tamperings';

interface Said {
  readonly verified: boolean;
  readonly firstBad: number | null;
  readonly checks: readonly Check[];
}

const { cwd, remove } = scratch();
afterAll(remove);

test('the verifier in Python stays short enough to be read', () => {
  const text = readFileSync(VERIFIER, 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(300);
  const imported = [...text.matchAll(/^(?:from|import) ([\w., ]+)/gm)].map(([, names]) => names);
  expect(imported).toEqual([
    'argparse, base64, hashlib, json, pathlib, re, sys',
    'cryptography.exceptions import InvalidSignature',
    'cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey',
  ]);
});

onPython('the verifier in Python', (python) => {
  /** What both verifiers say of one thing. */
  const both = async (path: string, ...args: string[]) => {
    const { code, out, err } = runPython(python(), [
      VERIFIER,
      join(cwd, path),
      '--json',
      ...args.map(absolute),
    ]);
    if (out === '') throw new Error(err);
    const ours = await graceJson<Said>(cwd, ['audit', 'verify', path, ...args]);
    return { theirs: { code, said: JSON.parse(out) as Said }, ours: { code: ours.code, said: ours.value } };
  };
  const absolute = (arg: string): string => (arg === 'kept' ? join(cwd, arg) : arg);
  const statusesOf = ({ checks }: Said) =>
    Object.fromEntries(
      checks
        .filter(({ code }) => code !== 'STATE_TABLE')
        .map(({ code, status, epoch }) => [epoch === undefined ? code : `${epoch} ${code}`, status]),
    );

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

  describe('of the published vectors', () => {
    /** Runs expressions of the verifier's own functions, one a case. */
    const evaluate = (name: string, cases: readonly unknown[]): unknown[] => {
      const { code, out, err } = runPython(python(), ['-c', DRIVER, VERIFIER, name], JSON.stringify(cases));
      if (code !== 0) throw new Error(err);
      return JSON.parse(out) as unknown[];
    };

    onVectors<{ cases: { wantErr: boolean }[] }>('rfc6962-inclusion.json', (read) => {
      test('an inclusion proof holds, or does not, as its vector says', () => {
        const { cases } = read();
        expect(evaluate('inclusion', cases)).toEqual(cases.map(({ wantErr }) => !wantErr));
      });
    });
    onVectors<{ cases: { wantErr: boolean }[] }>('rfc6962-consistency.json', (read) => {
      test('a consistency proof holds, or does not, as its vector says', () => {
        const { cases } = read();
        expect(evaluate('consistency', cases)).toEqual(cases.map(({ wantErr }) => !wantErr));
      });
    });
    onVectors<{ keys: { good: string[]; bad: string[] }; cases: { valid: boolean }[] }>(
      'signed-note.json',
      (read) => {
        test('a key or a note is taken, or refused, as its vector says', () => {
          const { keys, cases } = read();
          expect(evaluate('key', keys.good)).toEqual(keys.good.map(() => true));
          expect(evaluate('key', keys.bad)).toEqual(keys.bad.map(() => false));
          expect(evaluate('note', cases)).toEqual(cases.map(({ valid }) => valid));
        });
      },
    );
    onVectors<{ groups: { pk: string; tests: { result: string }[] }[] }>(
      'ed25519-wycheproof.json',
      (read) => {
        test('a signature holds, or does not, as its vector says', () => {
          const tests = read().groups.flatMap(({ pk, tests }) => tests.map((one) => ({ pk, ...one })));
          expect(evaluate('signature', tests)).toEqual(tests.map(({ result }) => result === 'valid'));
        });
      },
    );
    onVectors<{ parse: { wantErr?: boolean }[] }>('tlog-tiles-paths.json', (read) => {
      test('a path is read, or refused, as its vector says', () => {
        const { parse } = read();
        expect(evaluate('tile', parse)).toEqual(parse.map(({ wantErr }) => wantErr !== true));
      });
    });
  });
});

const DRIVER = `
import base64, importlib.util, json, sys
spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
v = importlib.util.module_from_spec(spec)
spec.loader.exec_module(v)
b = lambda text: base64.b64decode(text)
hashes = lambda c: [b(one) for one in c["proof"] or []]
def tile(c):
    found = v.parse_tile("tile/%s/%s" % (c["pathLevel"], c["pathIndex"]))
    return found is not None and found == (c.get("wantLevel"), int(c.get("wantIndex", -1)), c.get("wantP") or 256)
ask = {
    "inclusion": lambda c: v.is_included(int(c["leafIdx"]), int(c["treeSize"]), b(c["leafHash"]), hashes(c), b(c["root"])),
    "consistency": lambda c: v.is_consistent(int(c["size1"]), b(c["root1"]), int(c["size2"]), b(c["root2"]), hashes(c)),
    "key": lambda c: v.parse_key(c) is not None,
    "note": lambda c: bool(v.verify_note(v.parse_note(b(c["note"])), [v.parse_key(key) for key in c["keys"]])),
    "signature": lambda c: v.verify_ed25519(bytes.fromhex(c["pk"]), bytes.fromhex(c["msg"]), bytes.fromhex(c["sig"])),
    "tile": tile,
}[sys.argv[2]]
def answer(case):
    try:
        return ask(case)
    except (v.Malformed, ValueError):
        return False
print(json.dumps([answer(case) for case in json.load(sys.stdin)]))
`;
