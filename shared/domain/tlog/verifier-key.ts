import { base64Of, bytesOfBase64 } from '../base64-bytes';
import { sha256Bytes } from '../digest';
import { PUBLIC_KEY_BYTES } from './ed25519';
import { TlogFormatError } from './format-error';

/**
 * A key that signs notes (C2SP signed-note): its name, its id of four bytes (as 8 hex digits), what its signatures
 * are over, and the Ed25519 public key. As text (`vkey`): `name+id+base64(type ‖ public key)`.
 */
export interface VerifierKey {
  readonly name: string;
  readonly id: string;
  /** `note`: over the note's text. `cosignature`: a witness's, over time and text (C2SP tlog-cosignature v1). */
  readonly kind: KeyKind;
  readonly publicKey: Uint8Array;
}
export type KeyKind = 'note' | 'cosignature';

const TYPE_BYTES: Record<KeyKind, number> = { note: 0x01, cosignature: 0x04 };
export const KEY_ID_BYTES = 4;

/** @throws TlogFormatError when the name cannot be a key's */
export function verifierKey(name: string, kind: KeyKind, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new TlogFormatError(`not a key's name: ${JSON.stringify(name)}`);
  return { name, kind, publicKey, id: keyId(name, kind, publicKey) };
}

export function encodeKey({ name, id, kind, publicKey }: VerifierKey): string {
  return `${name}+${id}+${base64Of(Buffer.from([TYPE_BYTES[kind], ...publicKey]))}`;
}

/** @throws TlogFormatError when the text is no key, or its id is not the key's */
export function parseKey(text: string): VerifierKey {
  const [, name = '', id = '', material = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text) ?? [];
  if (!isKeyName(name)) throw new TlogFormatError('a key is written name+id+base64');
  const bytes = keyMaterial(material);
  const kind = (['note', 'cosignature'] as const).find((one) => TYPE_BYTES[one] === bytes[0]);
  if (kind === undefined || bytes.length !== 1 + PUBLIC_KEY_BYTES) {
    throw new TlogFormatError(`key ${name}: not an Ed25519 key (type 1) or cosigner (type 4)`);
  }
  const key = verifierKey(name, kind, bytes.subarray(1));
  if (key.id !== id) throw new TlogFormatError(`key ${name}: its id is ${key.id}, not ${id}`);
  return key;
}

/** Not empty, without spaces and `+` (C2SP signed-note); without control characters, since it stands in a note. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+\p{Cc}]/u.test(name) && !/\p{Surrogate}/u.test(name);
}

function keyId(name: string, kind: KeyKind, publicKey: Uint8Array): string {
  const named = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(TYPE_BYTES[kind]), publicKey]);
  return Buffer.from(sha256Bytes(named).subarray(0, KEY_ID_BYTES)).toString('hex');
}

function keyMaterial(text: string): Uint8Array {
  try {
    return bytesOfBase64(text);
  } catch (cause) {
    throw new TlogFormatError('the key is not base64', { cause });
  }
}
