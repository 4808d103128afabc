import { readFileSync } from 'node:fs';
import { onVectors } from '../support/published-vectors';
import { onPython, runPython, VERIFIER } from '../support/python';

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
