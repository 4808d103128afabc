import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { publicKeyOfSpki, SIGNATURE_BYTES } from '../../domain/tlog/ed25519';
import type { NoteSigner } from '../../ports/sealing';
import { SignerError } from './errors';

export interface KmsSignerOptions {
  readonly client: KMSClient;
  readonly keyId: string;
}

/**
 * A key of KMS (spec `ECC_NIST_EDWARDS25519`) that signs notes by pure Ed25519 (`ED25519_SHA_512` over the message
 * itself, RFC 8032), so that anybody verifies without KMS. KMS takes messages of up to 4,096 bytes.
 */
export function kmsSigner({ client, keyId }: KmsSignerOptions): NoteSigner {
  let known: Promise<Uint8Array> | undefined;
  const ask = async (): Promise<Uint8Array> => {
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    if (PublicKey === undefined) throw new SignerError('KMS gave no public key');
    return publicKeyOfSpki(PublicKey);
  };
  return {
    publicKey() {
      // A public key never changes; a failure is asked again.
      known ??= ask().catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
    async sign(text) {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId: keyId,
          Message: Buffer.from(text, 'utf8'),
          MessageType: 'RAW',
          SigningAlgorithm: 'ED25519_SHA_512',
        }),
      );
      if (Signature?.length !== SIGNATURE_BYTES) throw new SignerError('KMS gave no Ed25519 signature');
      return Signature;
    },
  };
}
