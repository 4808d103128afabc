import { createCipheriv, createDecipheriv } from 'node:crypto';
import { canonicalJson } from '../../shared/domain/canonical-json';
import { sha256Bytes } from '../../shared/domain/digest';
import type { TokenCipher } from '../../shared/ports/outside';

/** AES-256-GCM with the context as authenticated data, as KMS has it; the key is the simulator's own and worth nothing. */
export function simulatedCipher(random: () => number): TokenCipher {
  const key = sha256Bytes('grace simulator: a key that protects nothing');
  return {
    async encrypt(plaintext, context) {
      const iv = Uint8Array.from({ length: 12 }, () => Math.floor(random() * 256));
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(Buffer.from(canonicalJson({ ...context })));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    },
    async decrypt(ciphertext, context) {
      const bytes = Buffer.from(ciphertext, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAAD(Buffer.from(canonicalJson({ ...context })));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}
