import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** An Ed25519 public key of 32 bytes in SubjectPublicKeyInfo (RFC 8410 section 4) is this and the bytes. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/**
 * Whether `signature` is the key's over `message` (RFC 8032, pure Ed25519). False, never thrown, for a key or a
 * signature of another length or for a key that is no point of the curve.
 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    return verify(null, message, keyObject(publicKey), signature);
  } catch {
    // OpenSSL throws for some keys that are no points; to the asker that is a signature that does not hold.
    return false;
  }
}

/**
 * The 32 bytes of a key given as SubjectPublicKeyInfo in DER, which is how KMS hands it out.
 * @throws RangeError when it is not an Ed25519 key
 */
export function publicKeyOfSpki(der: Uint8Array): Uint8Array {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  if (bytes.length !== SPKI_PREFIX.length + PUBLIC_KEY_BYTES || bytes.indexOf(SPKI_PREFIX) !== 0) {
    throw new RangeError('not an Ed25519 public key (SubjectPublicKeyInfo)');
  }
  return bytes.subarray(SPKI_PREFIX.length);
}

/** Made once a key: it costs about as much as a verification. Keys are never changed in place. */
const known = new WeakMap<Uint8Array, KeyObject>();

function keyObject(publicKey: Uint8Array): KeyObject {
  const made =
    known.get(publicKey) ??
    createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  known.set(publicKey, made);
  return made;
}
