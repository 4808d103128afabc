import { base64Of, bytesOfBase64 } from '../base64-bytes';
import { cosignedMessage, decodeCosignature } from './cosignature';
import { verifyEd25519 } from './ed25519';
import { TlogFormatError } from './format-error';
import { isKeyName, KEY_ID_BYTES, type VerifierKey } from './verifier-key';

/** A text and who signed it (C2SP signed-note): text, empty line, one line a signature. */
export interface SignedNote {
  /** Ends in a line feed, which is signed too. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** Of the key, 8 hex digits. */
  readonly keyId: string;
  /** Of Ed25519, 64 bytes; of a cosignature, the time before them. */
  readonly signature: Uint8Array;
}

export type NoteVerdict =
  | {
      readonly ok: true;
      /** Known keys whose signatures hold, each once, in the note's order. */
      readonly verified: readonly VerifiedSignature[];
      /** Signatures of keys that were not given: nothing is known about them. */
      readonly unverified: readonly NoteSignature[];
    }
  | {
      readonly ok: false;
      readonly why: 'AMBIGUOUS_KEY' | 'WRONG_SIGNATURE' | 'NO_KNOWN_KEY';
      readonly name?: string;
    };

export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** Seconds since 1970, said by a cosigner. */
  readonly cosignedAt?: number;
}

/** C2SP wants at least 16 taken. */
const MAX_SIGNATURES = 100;
const SIGNATURE_START = '\u2014 ';

/** The note as text. Lines stand in the order given. @throws TlogFormatError when the text cannot be a note's */
export function encodeNote({ text, signatures }: SignedNote): string {
  const note = `${text}\n${signatures.map(signatureLine).join('')}`;
  parseNote(note);
  return note;
}

/** The same note with one signature more. @throws TlogFormatError when `note` is none */
export function addSignature(note: string, signature: NoteSignature): string {
  const { text, signatures } = parseNote(note);
  return encodeNote({ text, signatures: [...signatures, signature] });
}

/** What a key signed, as a line of a note says it. */
export function signatureOf(key: VerifierKey, signature: Uint8Array): NoteSignature {
  return { name: key.name, keyId: key.id, signature };
}

/** @throws TlogFormatError */
export function parseNote(note: Uint8Array | string): SignedNote {
  const whole = typeof note === 'string' ? checkedText(note) : decodedText(note);
  const cut = whole.lastIndexOf('\n\n');
  if (cut < 0 || !whole.endsWith('\n'))
    throw new TlogFormatError('a note is a text, an empty line, and signatures');
  const lines = whole.slice(cut + 2, -1).split('\n');
  if (cut + 2 === whole.length) throw new TlogFormatError('the note has no signature');
  if (lines.length > MAX_SIGNATURES)
    throw new TlogFormatError(`the note has over ${MAX_SIGNATURES} signatures`);
  return { text: whole.slice(0, cut + 1), signatures: lines.map(parseSignature) };
}

/**
 * Checks every signature of a key that is given. Strict as golang.org/x/mod/sumdb/note: one wrong signature of a
 * known key refuses the note, also beside right ones; so does a key that was given twice.
 */
export function verifyNote({ text, signatures }: SignedNote, keys: readonly VerifierKey[]): NoteVerdict {
  const verified: VerifiedSignature[] = [];
  const unverified: NoteSignature[] = [];
  for (const signature of signatures) {
    const [key, second] = keys.filter(({ name, id }) => name === signature.name && id === signature.keyId);
    if (key === undefined) {
      if (unverified.every((one) => signatureLine(one) !== signatureLine(signature)))
        unverified.push(signature);
      continue;
    }
    if (second !== undefined) return { ok: false, why: 'AMBIGUOUS_KEY', name: key.name };
    if (verified.every((one) => one.key !== key)) {
      const held = check(text, signature.signature, key);
      if (held === undefined) return { ok: false, why: 'WRONG_SIGNATURE', name: key.name };
      verified.push(held);
    }
  }
  return verified.length === 0 ? { ok: false, why: 'NO_KNOWN_KEY' } : { ok: true, verified, unverified };
}

function check(text: string, signature: Uint8Array, key: VerifierKey): VerifiedSignature | undefined {
  if (key.kind === 'note') {
    return verifyEd25519(key.publicKey, Buffer.from(text), signature) ? { key } : undefined;
  }
  const cosigned = decodeCosignature(signature);
  if (cosigned === undefined) return undefined;
  const message = Buffer.from(cosignedMessage(text, cosigned.at));
  return verifyEd25519(key.publicKey, message, cosigned.signature)
    ? { key, cosignedAt: cosigned.at }
    : undefined;
}

function signatureLine({ name, keyId, signature }: NoteSignature): string {
  return `${SIGNATURE_START}${name} ${base64Of(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`;
}

function parseSignature(line: string): NoteSignature {
  const [name = '', base64 = '', ...more] = line.slice(SIGNATURE_START.length).split(' ');
  if (!line.startsWith(SIGNATURE_START) || !isKeyName(name) || more.length > 0) {
    throw new TlogFormatError('a signature is written: em dash, name, base64');
  }
  const bytes = signatureBytes(base64, name);
  if (bytes.length <= KEY_ID_BYTES) throw new TlogFormatError(`the signature of ${name} is too short`);
  return {
    name,
    keyId: Buffer.from(bytes.subarray(0, KEY_ID_BYTES)).toString('hex'),
    signature: bytes.subarray(KEY_ID_BYTES),
  };
}

function signatureBytes(base64: string, name: string): Uint8Array {
  try {
    return bytesOfBase64(base64);
  } catch (cause) {
    throw new TlogFormatError(`the signature of ${name} is not base64`, { cause });
  }
}

function decodedText(note: Uint8Array): string {
  try {
    return checkedText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(note));
  } catch (cause) {
    throw cause instanceof TlogFormatError ? cause : new TlogFormatError('the note is not UTF-8', { cause });
  }
}

function checkedText(note: string): string {
  for (const letter of note) {
    if (letter < ' ' && letter !== '\n') throw new TlogFormatError('the note holds a control character');
  }
  if (/\p{Surrogate}/u.test(note)) throw new TlogFormatError('the note is not UTF-8');
  return note;
}
