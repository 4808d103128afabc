import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { TokenCipher } from '../../ports/outside';
import { CipherError } from './errors';

/**
 * Encrypts with a KMS key. The context is authenticated, not secret: it stands in CloudTrail. Limit of
 * KMS: 4,096 bytes of plaintext (a task token has at most 2,048). Ciphertexts are base64.
 * @throws InvalidCiphertextException of KMS when the context is another or the ciphertext was changed
 */
export function kmsTokenCipher({
  client,
  keyId,
}: {
  readonly client: KMSClient;
  readonly keyId: string;
}): TokenCipher {
  return {
    async encrypt(plaintext, context) {
      const answer = await client.send(
        new EncryptCommand({
          KeyId: keyId,
          Plaintext: Buffer.from(plaintext, 'utf8'),
          EncryptionContext: { ...context },
        }),
      );
      if (!answer.CiphertextBlob) throw new CipherError('KMS gave no ciphertext');
      return Buffer.from(answer.CiphertextBlob).toString('base64');
    },
    async decrypt(ciphertext, context) {
      const answer = await client.send(
        new DecryptCommand({
          // Named, so that a ciphertext of another key is refused.
          KeyId: keyId,
          CiphertextBlob: Buffer.from(ciphertext, 'base64'),
          EncryptionContext: { ...context },
        }),
      );
      if (!answer.Plaintext) throw new CipherError('KMS gave no plaintext');
      return Buffer.from(answer.Plaintext).toString('utf8');
    },
  };
}
