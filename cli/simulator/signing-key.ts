import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { publicKeyOfSpki } from '../../shared/domain/tlog/ed25519';
import type { NoteSigner } from '../../shared/ports/sealing';

/** A new Ed25519 private key as PEM. Of the simulator only: whoever has the file can sign. */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Signs checkpoints of a simulated log. */
export function simulatedSigner(pem: string): NoteSigner {
  const privateKey = createPrivateKey(pem);
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = publicKeyOfSpki(spki);
  return {
    publicKey: async () => publicKey,
    sign: async (text) => sign(null, Buffer.from(text), privateKey),
  };
}
