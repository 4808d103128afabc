import type { Callers, SignedCallers, TokenVerifier } from '../ports/outside';

/**
 * Whom a proof is of, whatever kind it is. Of a signed request nobody knows when its signer last proved who they
 * are, since keys sign without them: `authenticatedAt` is a token's only. Without `tokens` none is believed.
 */
export function callers(by: {
  readonly signed: SignedCallers;
  readonly tokens?: TokenVerifier | undefined;
}): Callers {
  return {
    async identify(proof, binding) {
      if ('token' in proof) return by.tokens?.verify(proof.token);
      const subject = await by.signed.identify(proof, binding);
      return subject === undefined ? undefined : { subject, roles: [] };
    },
  };
}
