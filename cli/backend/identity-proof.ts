import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { BINDING_HEADER, IDENTITY_BODY, type IdentityProof } from '../../shared/contracts/identity-proof';
import { UnusableError } from '../errors';

interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Ends the call where it would leave the machine. */
class NotSent extends Error {
  override readonly name = 'NotSent';
}

/**
 * Signs a GetCallerIdentity request with the caller's own credentials, for one decision, and does not send
 * it: the deciding function does, and so learns from STS who the caller is.
 */
export async function identityProof(options: STSClientConfig, binding: string): Promise<IdentityProof> {
  let signed: SignedRequest | undefined;
  const requestHandler = {
    async handle(request: SignedRequest): Promise<never> {
      signed = request;
      throw new NotSent();
    },
  };
  const client = new STSClient({ ...options, maxAttempts: 1, requestHandler: requestHandler as never });
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers[BINDING_HEADER] = binding;
      return next(args);
    },
    { step: 'build', name: 'graceBinding' },
  );
  try {
    await client.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    if (!(error instanceof NotSent)) throw error;
  }
  client.destroy();
  if (signed === undefined || signed.body !== IDENTITY_BODY) {
    throw new UnusableError('the request that says who you are could not be signed');
  }
  return {
    headers: Object.fromEntries(
      Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  };
}
