import * as z from 'zod/mini';
import type { JsonValue } from '../domain/canonical-json';
import { digestOf } from '../domain/digest';

const Digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** One policy: its text is what is shown, hashed and evaluated. */
export const CompiledPolicy = z.strictObject({
  id: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,63}$/)),
  effect: z.enum(['permit', 'forbid']),
  /** Nothing overrides it; such a policy always forbids. */
  constitution: z.boolean(),
  reason: z.string().check(z.minLength(1), z.maxLength(256)),
  /** Where it stands, for people. */
  file: z.string(),
  /** In Cedar's own formatting. */
  text: z.string().check(z.minLength(1)),
});
export type CompiledPolicy = z.infer<typeof CompiledPolicy>;

/** All policies of a deployment as one JSON asset: made and checked at synth, read by the functions. */
export const CompiledPolicies = z.strictObject({
  version: Digest,
  /** Cedar's JSON form of the schema, as canonical JSON text. */
  schema: z.string().check(z.minLength(2)),
  /** Sorted by id. */
  policies: z.array(CompiledPolicy).check(z.minLength(1), z.maxLength(500)),
});
export type CompiledPolicies = z.infer<typeof CompiledPolicies>;

/**
 * SHA-256 of everything that a decision depends on: schema, and each policy's id, text and whether it is of the
 * constitution. Spaces, order, file names and what stands between policies do not count.
 */
export function policyVersion({ schema, policies }: Omit<CompiledPolicies, 'version'>): string {
  const counted = policies.map(({ id, constitution, text }) => ({ id, constitution, text }));
  return digestOf('grace.policy.v1\n', { schema, policies: counted } satisfies JsonValue);
}

/** The asset is not what was checked at synth: changed, damaged, or of another release of Grace. */
export class CompiledPoliciesError extends Error {
  override readonly name = 'CompiledPoliciesError';
}

/**
 * Reads the asset back; what it says of its version must be true.
 * @throws CompiledPoliciesError
 */
export function readCompiledPolicies(asset: unknown): CompiledPolicies {
  const parsed = CompiledPolicies.safeParse(asset);
  if (!parsed.success) throw new CompiledPoliciesError('not an asset of policies', { cause: parsed.error });
  const compiled = parsed.data;
  const weak = compiled.policies.find(({ constitution, effect }) => constitution && effect !== 'forbid');
  if (weak !== undefined) throw new CompiledPoliciesError(`policy ${weak.id} of the constitution permits`);
  if (policyVersion(compiled) !== compiled.version) {
    throw new CompiledPoliciesError(`the policies are not version ${compiled.version}`);
  }
  return compiled;
}
