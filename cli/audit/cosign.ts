import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { cosignedMessage, encodeCosignature } from '../../shared/domain/tlog/cosignature';
import { publicKeyOfSpki } from '../../shared/domain/tlog/ed25519';
import { LATEST_CHECKPOINT } from '../../shared/domain/tlog/seal-layout';
import { addSignature, parseNote, signatureOf } from '../../shared/domain/tlog/signed-note';
import { encodeKey, verifierKey } from '../../shared/domain/tlog/verifier-key';
import { NothingThereError, UsageError } from '../errors';
import { epochArchives } from './epoch-archives';
import type { Trust } from './read-checkpoint';
import { sealedDirectory } from './sealed-directory';
import type { Verdict } from './verdict';
import { verifyPath } from './verify-path';

export interface Witness {
  /** A schema-less URL by custom: `example.org/witness`. */
  readonly name: string;
  /** Ed25519, PEM. */
  readonly privateKey: string;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface Cosigned {
  readonly verdict: Verdict;
  /** The newest checkpoint with the witness's signature; `undefined` = something does not hold, so nothing is signed. */
  readonly note: string | undefined;
  /** The witness's key, for those who verify. */
  readonly vkey: string;
}

/**
 * Signs as a witness (C2SP tlog-cosignature v1) that the newest checkpoint of a copy is of the same log as the one that
 * was kept: only once the whole copy is verified.
 * @throws UsageError when the private key is none; NothingThereError when nothing is signed
 */
export async function cosign(directory: string, trust: Trust, witness: Witness): Promise<Cosigned> {
  const key = keyOf(witness.privateKey);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const own = verifierKey(witness.name, 'cosignature', publicKeyOfSpki(spki));
  const newest = (await epochArchives(sealedDirectory(directory))).at(-1)?.archive;
  const bytes = await newest?.read(LATEST_CHECKPOINT);
  if (bytes === undefined) throw new NothingThereError(`${directory} holds no checkpoint`);
  const note = Buffer.from(bytes).toString('utf8');
  const verdict = await verifyPath(directory, trust);
  if (verdict.problems.length > 0) return { verdict, note: undefined, vkey: encodeKey(own) };
  const { text } = parseNote(note);
  const at = Math.floor(witness.now);
  const signature = sign(null, Buffer.from(cosignedMessage(text, at)), key);
  const cosigned = addSignature(note, signatureOf(own, encodeCosignature({ at, signature })));
  return { verdict, note: cosigned, vkey: encodeKey(own) };
}

function keyOf(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new UsageError('the private key is not PEM', { cause });
  }
  throw new UsageError('the private key is not of Ed25519');
}
