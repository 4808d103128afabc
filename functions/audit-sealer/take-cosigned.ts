import { readOrigin } from '../../shared/contracts/log-origin';
import { type Checkpoint, parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { cosignedName } from '../../shared/domain/tlog/seal-layout';
import { encodeNote, parseNote, type SignedNote, verifyNote } from '../../shared/domain/tlog/signed-note';
import { parseKey } from '../../shared/domain/tlog/verifier-key';
import type { SealerDeps } from './sealer-deps';

export type CosignedOutput =
  | { readonly ok: true; readonly size: number; readonly witnesses: readonly string[] }
  | { readonly ok: false; readonly code: 'NOT_A_NOTE' | 'NOT_OUR_CHECKPOINT' | 'NO_KNOWN_WITNESS' };

/**
 * Keeps what witnesses have signed, beside the sealed tiles, where a copy of the log brings it along. Taken is only a
 * checkpoint that this log signed itself, to the letter, with a signature of a witness that the settings name; a
 * witness proves by its signature who it is, so anybody may hand it over. Again: the same again.
 */
export async function takeCosigned(note: string, deps: SealerDeps): Promise<CosignedOutput> {
  const given = readNote(note);
  if (given === undefined) return { ok: false, code: 'NOT_A_NOTE' };
  const of = readOrigin(given.origin);
  if (of?.name !== deps.logName) return { ok: false, code: 'NOT_OUR_CHECKPOINT' };
  const own = (await deps.checkpoints(of.epoch).get(given.size))?.note;
  if (own === undefined || parseNote(own).text !== given.note.text) {
    return { ok: false, code: 'NOT_OUR_CHECKPOINT' };
  }
  const verdict = verifyNote(given.note, deps.witnesses.map(parseKey));
  if (!verdict.ok) return { ok: false, code: 'NO_KNOWN_WITNESS' };
  for (const { key } of verdict.verified) {
    const signatures = given.note.signatures.filter(
      ({ keyId, name }) => keyId === key.id && name === key.name,
    );
    const kept = encodeNote({
      text: given.note.text,
      signatures: [...parseNote(own).signatures, ...signatures],
    });
    // A witness that signs the same checkpoint again says only that it still stands by it.
    await deps.sealed(of.epoch).write(cosignedName(given.size, key.id), Buffer.from(kept));
  }
  const witnesses = verdict.verified.map(({ key }) => key.name);
  deps.logger.info('cosignature kept', { code: 'COSIGNATURE_KEPT', size: given.size, witnesses });
  return { ok: true, size: given.size, witnesses };
}

function readNote(
  text: string,
): (Pick<Checkpoint, 'origin' | 'size'> & { readonly note: SignedNote }) | undefined {
  try {
    const note = parseNote(text);
    const { origin, size } = parseCheckpoint(note.text);
    return { note, origin, size };
  } catch {
    return undefined;
  }
}
