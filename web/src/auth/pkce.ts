/** Proof key for code exchange (RFC 7636), method S256. */
export interface ProofKey {
  /** 43 characters, kept until the code comes back. */
  readonly verifier: string;
  /** Base64url of the SHA-256 of the verifier: what the issuer is told first. */
  readonly challenge: string;
}

/** `random`: 32 bytes nobody can guess. */
export async function proofKey(random: Uint8Array): Promise<ProofKey> {
  const verifier = base64Url(random);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { verifier, challenge: base64Url(new Uint8Array(digest)) };
}

/** 32 unguessable bytes, base64url: for `state` and `nonce`. */
export function unguessable(): string {
  return base64Url(randomBytes());
}

export function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
