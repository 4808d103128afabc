import * as z from 'zod';

/** The header that ties a proof to one decision; it is among the signed ones. */
export const BINDING_HEADER = 'x-grace-binding';

/** The one request that is ever made of a proof. */
export const IDENTITY_BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

/**
 * A GetCallerIdentity request that its caller has signed and not sent: whoever sends it learns from STS
 * who signed it, and nothing else can be done with it. Valid for minutes.
 */
export const IdentityProof = z.strictObject({
  headers: z
    .record(
      z.string().regex(/^[a-z0-9-]{1,64}$/),
      z
        .string()
        .max(4096)
        .regex(/^[\x20-\x7e]*$/),
    )
    .refine((headers) => Object.keys(headers).length <= 30, { error: 'at most 30 headers' }),
});
export type IdentityProof = z.infer<typeof IdentityProof>;
