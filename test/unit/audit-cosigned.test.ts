import { sealer } from '../../functions/audit-sealer/audit-sealer';
import { cosignedMessage, encodeCosignature } from '../../shared/domain/tlog/cosignature';
import { cosignedName } from '../../shared/domain/tlog/seal-layout';
import {
  addSignature,
  encodeNote,
  parseNote,
  signatureOf,
  verifyNote,
} from '../../shared/domain/tlog/signed-note';
import { logOf, textOf } from '../support/growing-log';
import { testSigner } from '../support/sealed-log';

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
    const kept = parseNote(textOf(bench.sealed.objects.get(cosignedName(20, witness.key.id))));
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
