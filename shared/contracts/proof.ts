import * as z from 'zod/mini';
import { IdentityProof } from './identity-proof';

/** The access token that came with an API request. It is verified again by whoever acts on it. */
export const TokenProof = z.strictObject({ token: z.string().check(z.minLength(1), z.maxLength(8192)) });
export type TokenProof = z.infer<typeof TokenProof>;

/** How a caller proves who they are: a signed request of STS (ADR 7), or a token of the deployment's issuer. */
export const Proof = z.union([IdentityProof, TokenProof]);
export type Proof = z.infer<typeof Proof>;
