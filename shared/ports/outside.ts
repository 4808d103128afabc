/** Small ports to managed services. */
import type { Envelope } from '../contracts/envelope';
import type { IdentityProof } from '../contracts/identity-proof';
import type { Proof } from '../contracts/proof';
import type { Person } from '../domain/person';

export interface Mesh {
  /** Publishes all or throws; a partial failure throws for the batch (repeats are recognisable by id). */
  publish(events: readonly Envelope[]): Promise<void>;
}

/** Encrypts task tokens; the context is authenticated with the ciphertext. */
export interface TokenCipher {
  encrypt(plaintext: string, context: Readonly<Record<string, string>>): Promise<string>;
  decrypt(ciphertext: string, context: Readonly<Record<string, string>>): Promise<string>;
}

/** Documents kept encrypted as evidence: snapshot manifests, golden snapshots. Written once by name. */
export interface Evidence {
  /** Writes unless it is there already; the same name always holds the same bytes. */
  put(name: string, text: string): Promise<void>;
  get(name: string): Promise<string | undefined>;
}

/** Who is calling, as the platform vouches for it. */
export interface Logger {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Counts and measures. Never fails or slows its caller. */
export interface Metrics {
  count(name: string, dimensions: Readonly<Record<string, string>>, value?: number): void;
  /** `unit`: a CloudWatch unit name. */
  record(name: string, value: number, unit: string, dimensions: Readonly<Record<string, string>>): void;
}

/** Tells whom a proof is of. Their roles as the proof says them: what they are now the directory says. */
export interface Callers {
  /** `undefined` = the proof is none, is too old, or is made for something else than `binding`. Throws when nobody can be asked. */
  identify(proof: Proof, binding: string): Promise<Person | undefined>;
}

/** Tells who signed a request of STS. */
export interface SignedCallers {
  /** The principal, a role for assumed roles. `undefined` and throws as `Callers`. */
  identify(proof: IdentityProof, binding: string): Promise<string | undefined>;
}

/** Verifies access tokens of the deployment's issuer. */
export interface TokenVerifier {
  /** `undefined` = no token of the issuer for Grace, expired, or of another kind. Throws when the issuer's keys cannot be had. */
  verify(token: string): Promise<Person | undefined>;
}
