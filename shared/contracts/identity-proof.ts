import * as z from 'zod/mini';

/** The header that ties a proof to one decision; it is among the signed ones. */
export const BINDING_HEADER = 'x-grace-binding';

/** The one request that is ever made of a proof. */
export const IDENTITY_BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

const Name = z.string().check(z.regex(/^[a-z0-9-]{1,64}$/));
const Value = z.string().check(z.maxLength(4096), z.regex(/^[\x20-\x7e]*$/));

/**
 * A GetCallerIdentity request that its caller has signed and not sent: whoever sends it learns from STS
 * who signed it, and nothing else can be done with it. Valid for minutes.
 */
export const IdentityProof = z.strictObject({
  headers: z
    .record(Name, Value)
    .check(z.refine((headers) => Object.keys(headers).length <= 30, { error: 'at most 30 headers' })),
});
export type IdentityProof = z.infer<typeof IdentityProof>;
