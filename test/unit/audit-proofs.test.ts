import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { verifyConsistency, verifyInclusion } from '../../shared/domain/tlog/merkle-proof';
import { parseNote } from '../../shared/domain/tlog/signed-note';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { StoredCheckpoint } from '../../shared/ports/audit-seal';
import { AuditLogBrokenError } from '../../shared/stores/audit-errors';
import { auditProofs } from '../../shared/stores/audit-proofs';
import { allOf, auditTable, calmLog, randomHistory, START, seededRandom } from '../support/audit-scenario';
import { type SealedLog, sealLog, testSigner } from '../support/sealed-log';

const signer = testSigner();
let log: AuditLog;
let entries: readonly StoredEntry[];
let sealed: SealedLog;
beforeAll(async () => {
  log = calmLog(auditTable());
  await log.append((await randomHistory(seededRandom(3), 600)).records.map(attributeRecord), START);
  entries = await allOf(log.entries(0));
  sealed = sealLog(entries, [40, 300, 580], { signer });
});

const newest = (checkpoints: readonly StoredCheckpoint[]) => ({
  list: async (limit: number) => [...checkpoints].reverse().slice(0, limit),
});
const proofs = (of: SealedLog = sealed) =>
  auditProofs({ log, checkpoints: () => newest(of.checkpoints), sealed: () => of.copies });

describe('the proof of an entry', () => {
  test.each([0, 39, 255, 256, 579])('%i holds against the newest checkpoint', async (seq) => {
    const found = await proofs().proofOf(seq);
    expect(found?.checkpoint.size).toBe(580);
    const { size, root } = parseCheckpoint(parseNote(found?.checkpoint.note ?? '').text);
    const leafHash = (entries[seq] as StoredEntry).link;
    expect(verifyInclusion({ index: seq, size, leafHash, proof: found?.proof ?? [], root })).toBe(true);
    expect(found?.entry).toEqual(entries[seq]);
  });

  test('that no checkpoint covers yet is not there', async () => {
    expect(await proofs().proofOf(580)).toBeUndefined();
    expect(await proofs({ ...sealed, checkpoints: [] }).proofOf(0)).toBeUndefined();
  });

  test('is made from the full tile when the partial one was cleared away', async () => {
    const later = sealLog(entries, [300, 512], { signer });
    later.objects.delete('tile/0/001.p/44');
    const old = { ...later, checkpoints: later.checkpoints.slice(0, 1) };
    expect((await proofs(old).proofOf(299))?.checkpoint.size).toBe(300);
  });

  test('is refused where the log is not what was sealed', async () => {
    const forged = entries.map((entry, seq) => (seq === 7 ? { ...entry, link: Buffer.alloc(32, 1) } : entry));
    await expect(proofs(sealLog(forged, [580], { signer })).proofOf(7)).rejects.toThrow(AuditLogBrokenError);
    const without = sealLog(entries, [580], { signer });
    without.objects.delete('tile/0/000');
    await expect(proofs(without).proofOf(7)).rejects.toThrow('tile/0/000 is not among the sealed copies');
    const another = { ...sealed, checkpoints: [{ size: 581, note: sealed.checkpoints[2]?.note ?? '' }] };
    await expect(proofs(another).proofOf(580)).rejects.toThrow('of another size');
  });
});

describe('the proof that a log begins with a checkpoint that was kept', () => {
  const at = (n: number) => sealed.checkpoints[n] as StoredCheckpoint;
  const keptOf = ({ note }: StoredCheckpoint) => parseCheckpoint(parseNote(note).text);

  test('holds between any two of its checkpoints', async () => {
    for (const [from, to] of [
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 2],
    ] as const) {
      const proof = (await proofs().consistencyOf(keptOf(at(from)), at(to))) ?? [];
      expect(verifyConsistency({ from: keptOf(at(from)), to: keptOf(at(to)), proof })).toBe(true);
    }
  });

  test('is not there for a newer one, or for one of nothing', async () => {
    expect(await proofs().consistencyOf(keptOf(at(2)), at(0))).toBeUndefined();
    expect(await proofs().consistencyOf({ ...keptOf(at(2)), size: 0 }, at(2))).toBeUndefined();
  });

  test('is refused for one of another history', async () => {
    const other = { size: 300, root: Buffer.alloc(32, 1) };
    await expect(proofs().consistencyOf(other, at(2))).rejects.toThrow('does not begin with the kept one');
  });
});
