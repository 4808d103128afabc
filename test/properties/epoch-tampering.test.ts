import { verifyEvidence } from '../../cli/audit/verify-log';
import { entryBytes, leafOf, type StoredEntry } from '../../shared/domain/audit-entry';
import { parseKey } from '../../shared/domain/tlog/verifier-key';
import {
  LINK_TAMPERINGS,
  notesIn,
  SECOND,
  sealEpochs,
  tamperedLog,
  threeEpochs,
} from '../support/epoch-tamperings';
import { testSigner } from '../support/sealed-log';

describe('a log of three epochs', () => {
  const signer = testSigner();
  let entries: StoredEntry[];
  let sealed: ReadonlyMap<string, Uint8Array>;
  beforeAll(async () => {
    entries = await threeEpochs();
    sealed = sealEpochs(entries, signer);
  });
  /** With one key, that of the first epoch, and a checkpoint that was kept. */
  const verify = (of: readonly StoredEntry[], kept = notesIn(sealed)[0] as string) =>
    verifyEvidence(tamperedLog(of, sealed, signer), {
      trust: { keys: [parseKey(signer.vkey)], since: kept },
    });

  test('holds, for whoever kept any of its checkpoints', async () => {
    for (const kept of notesIn(sealed)) {
      const report = await verify(entries, kept);
      expect(report).toMatchObject({ problems: [], entries: 45, verified: 45 });
      const said = report.checks.filter(({ status }) => status !== 'ok').map(({ code }) => code);
      expect(said).toEqual(['STATE_TABLE']);
      expect(report.checks.filter(({ code }) => code === 'EPOCH_LINK')).toHaveLength(2);
    }
  });

  test.each(Object.entries(LINK_TAMPERINGS))(
    '%s is found, and the first wrong entry named',
    async (_kind, tamper) => {
      const { entries: after, firstBad } = tamper(entries);
      const report = await verify(after);
      expect(report.problems).not.toEqual([]);
      expect(report.firstBad).toBe(firstBad);
      expect(report.verified).toBe(firstBad);
    },
  );

  test('any bit of the entry that closes an epoch that is changed is found there', async () => {
    const bytes = entryBytes((entries[SECOND] as StoredEntry).leaf);
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const report = await verify(
        entries.map((one) => (one.seq === SECOND ? { ...one, leaf: leafOf(changed) } : one)),
      );
      expect([at, report.firstBad]).toEqual([at, SECOND]);
    }
  });

  test('a key of another log is none of its own', async () => {
    const other = testSigner('grace/other/1/eu-west-1/1');
    const evidence = tamperedLog(entries, sealed, signer);
    const { problems } = await verifyEvidence(evidence, { trust: { keys: [other.key] } });
    expect(problems).toMatchObject([{ code: 'SIGNATURES' }, { code: 'SIGNATURES' }, { code: 'SIGNATURES' }]);
  });

  test('a closed epoch that was never sealed to its end is said to be so, and does not fail', async () => {
    const short = new Map(sealed);
    for (const [name] of sealed) if (/^epoch-1\/checkpoint(s\/0+20)?$/.test(name)) short.delete(name);
    const { problems, checks } = await verifyEvidence({
      ...tamperedLog(entries, short, signer),
      epochs: withoutLast(tamperedLog(entries, short, signer).epochs),
    });
    expect(problems).toEqual([]);
    expect(checks).toContainEqual(
      expect.objectContaining({ code: 'EPOCH_LINK', epoch: 2, status: 'not_checkable' }),
    );
  });
});

/** The epochs, the first without the checkpoint of its end. */
async function* withoutLast(epochs: ReturnType<typeof tamperedLog>['epochs']) {
  for await (const epoch of epochs) {
    const checkpoints = epoch.checkpoints.filter((note) => epoch.epoch !== 1 || !note.includes('\n20\n'));
    yield { ...epoch, checkpoints };
  }
}
