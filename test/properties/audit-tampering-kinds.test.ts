import type { Trust } from '../../cli/audit/read-checkpoint';
import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { entryBytes, leafOf, type StoredEntry } from '../../shared/domain/audit-entry';
import { allOf, auditTable, calmLog, randomHistory, START, seededRandom } from '../support/audit-scenario';
import { type TestSigner, testSigner } from '../support/sealed-log';
import {
  ALL_MEASURES,
  MEASURES,
  type MeasureName,
  tamperingTable,
  verifyScene,
} from '../support/tampering-table';
import { type Scene, type SceneSizes, sceneOf, TAMPERINGS } from '../support/tamperings';

const signers = { own: testSigner(), other: testSigner() };

async function entriesOf(seed: number, size: number): Promise<readonly StoredEntry[]> {
  const log = calmLog(auditTable());
  const { records } = await randomHistory(seededRandom(seed), size + 20);
  await log.append(records.map(attributeRecord).slice(0, size), START);
  return allOf(log.entries(0));
}

/** An auditor who came early: a checkpoint from then, and the key from then. */
const auditorOf = (scene: Scene, { key }: TestSigner): Required<Trust> => ({
  keys: [key],
  since: scene.checkpoints[0] as string,
});

describe('eleven kinds of tampering', () => {
  const SIZES: SceneSizes = { checkpoints: [180, 400, 560], sealedTo: 620 };
  let scene: Scene;
  let auditor: Required<Trust>;
  const found = new Map<string, readonly MeasureName[]>();
  beforeAll(async () => {
    scene = sceneOf(await entriesOf(5, 640), SIZES, signers.own);
    auditor = auditorOf(scene, signers.own);
  });

  test('none of which is there: no measure finds anything', async () => {
    for (const measure of Object.values(MEASURES)) {
      expect((await verifyScene(scene, measure, auditor)).problems).toEqual([]);
    }
  });

  test.each(Object.entries(TAMPERINGS))(
    '%s is found, and its first wrong entry named',
    async (kind, tampering) => {
      const place = { ...SIZES, ...tampering.place(640, SIZES, (n) => Math.floor(n / 3)) };
      const { scene: after, firstBad } = tampering.do(scene, place, signers);
      const by: MeasureName[] = [];
      for (const [name, measure] of Object.entries(MEASURES) as [MeasureName, object][]) {
        if ((await verifyScene(after, measure, auditor)).problems.length > 0) by.push(name);
      }
      found.set(kind, by);
      const report = await verifyScene(after, ALL_MEASURES, auditor);
      expect(report.firstBad).toBe(firstBad);
      expect(report.verified).toBe(firstBad);
    },
  );

  test('each measure finds what the guide says that it finds', () => {
    expect(`\n${tamperingTable(found)}\n`).toMatchInlineSnapshot(`
"
| kind | chain | signed checkpoints | pinned key | kept checkpoint | sealed copies |
|---|---|---|---|---|---|
| edit | ✔ | ✔ | ✔ | ✔ | ✔ |
| delete | ✔ | ✔ | ✔ | ✔ | ✔ |
| insert | ✔ | ✔ | ✔ | ✔ | ✔ |
| reorder | ✔ | ✔ | ✔ | ✔ | ✔ |
| truncate past a checkpoint | – | ✔ | ✔ | ✔ | ✔ |
| truncate the tail | – | – | – | – | ✔ |
| back-date | ✔ | ✔ | ✔ | ✔ | ✔ |
| fork | – | – | – | ✔ | ✔ |
| fork of the tail only | – | – | – | – | ✔ |
| rewrite the whole chain | – | ✔ | ✔ | ✔ | ✔ |
| rewrite and re-sign with another key | – | – | ✔ | ✔ | ✔ |
| of 11 | 5 | 7 | 8 | 9 | 11 |
"
`);
  });
});

describe('at random', () => {
  const SIZE = 14;
  const SIZES: SceneSizes = { checkpoints: [3, 6, 9], sealedTo: 12 };

  test('10,000 mutations of a log are found, every one, and where', async () => {
    const scene = sceneOf(await entriesOf(9, SIZE), SIZES, signers.own);
    const auditor = auditorOf(scene, signers.own);
    const random = seededRandom(20260105);
    const pick = (n: number): number => Math.floor(random() * n);
    const kinds = Object.entries(TAMPERINGS);
    const missed: string[] = [];
    for (let n = 0; n < 10_000; n += 1) {
      const [kind, tampering] = kinds[pick(kinds.length)] as (typeof kinds)[number];
      const place = { ...SIZES, ...tampering.place(SIZE, SIZES, pick) };
      const { scene: after, firstBad } = tampering.do(scene, place, signers);
      const report = await verifyScene(after, ALL_MEASURES, auditor);
      // What is not sealed yet is vouched for by its successor only: then the entry behind it is named.
      const latest = firstBad < SIZES.sealedTo ? firstBad : firstBad + 1;
      const isFound = report.problems.length > 0 && report.firstBad !== undefined;
      if (!isFound || (report.firstBad ?? -1) < firstBad || (report.firstBad ?? -1) > latest) {
        missed.push(`${kind} at ${place.at}: ${report.firstBad}, not ${firstBad}`);
      }
    }
    expect(missed).toEqual([]);
  }, 240_000);

  test('one bit in anything that the table, the bucket or the key file hold is found', async () => {
    const scene = sceneOf(await entriesOf(9, SIZE), SIZES, signers.own);
    const auditor = auditorOf(scene, signers.own);
    const random = seededRandom(7);
    const pick = (n: number): number => Math.floor(random() * n);
    const flipped = (bytes: Uint8Array): Uint8Array => {
      const copy = Uint8Array.from(bytes);
      const at = pick(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << pick(8));
      return copy;
    };
    const flippedOne = <T>(of: readonly T[], flip: (one: T) => T): T[] => {
      const at = pick(of.length);
      return of.map((one, n) => (n === at ? flip(one) : one));
    };
    const flippedText = (text: string): string => Buffer.from(flipped(Buffer.from(text))).toString('utf8');
    const flips: Record<string, () => Scene> = {
      entry: () => ({
        ...scene,
        entries: flippedOne(scene.entries, (one) => ({
          ...one,
          leaf: leafOf(flipped(entryBytes(one.leaf))),
        })),
      }),
      link: () => ({
        ...scene,
        entries: flippedOne(scene.entries, (one) => ({ ...one, link: flipped(one.link) })),
      }),
      checkpoint: () => ({ ...scene, checkpoints: flippedOne(scene.checkpoints, flippedText) }),
      key: () => ({ ...scene, keys: flippedOne(scene.keys, flippedText) }),
      'sealed copy': () => {
        const tiles = [...scene.sealed].filter(([name]) => name.startsWith('tile/'));
        return { ...scene, sealed: new Map(flippedOne(tiles, ([name, bytes]) => [name, flipped(bytes)])) };
      },
    };
    // Without the pinned key, with which older checkpoints may be of keys that nobody knows any more.
    const measure = { checkpoints: true, sealed: true, kept: true };
    for (let n = 0; n < 1_000; n += 1) {
      const [what, flip] = Object.entries(flips)[n % 5] as [string, () => Scene];
      const { problems } = await verifyScene(flip(), measure, auditor);
      expect({ n, what, isFound: problems.length > 0 }).toEqual({ n, what, isFound: true });
    }
  });

  test('1,000 clean logs raise no alarm', async () => {
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const random = seededRandom(seed);
      const size = 4 + Math.floor(random() * 14);
      const sizes = { checkpoints: [1, Math.ceil(size / 2), size - 1], sealedTo: size };
      const scene = sceneOf(await entriesOf(seed, size), sizes, signers.own);
      const report = await verifyScene(scene, ALL_MEASURES, auditorOf(scene, signers.own));
      expect({ seed, problems: report.problems }).toEqual({ seed, problems: [] });
    }
  }, 240_000);
});
