import { BINDING_HEADER, IDENTITY_BODY } from '../../contracts/identity-proof';
import { principalOf } from '../../domain/caller';
import type { SignedCallers } from '../../ports/outside';
import { CallersUnavailableError } from './errors';

const TIMEOUT_MS = 5_000;
const MAX_ANSWER = 16_384;

/**
 * Sends a signed GetCallerIdentity request to this region's STS and believes the answer, as HashiCorp
 * Vault's and EKS's IAM authentication do. Only ever to that address, with that body; redirects are refused.
 */
export function stsCallers({
  region,
  endpoint = stsEndpoint(region),
  send = fetch,
}: {
  readonly region: string;
  /** An emulator's address; default: STS of the region. */
  readonly endpoint?: string | undefined;
  readonly send?: typeof fetch;
}): SignedCallers {
  return {
    async identify({ headers }, binding) {
      const signed =
        /SignedHeaders=([a-z0-9;-]+)/.exec(headers['authorization'] ?? '')?.[1]?.split(';') ?? [];
      if (headers[BINDING_HEADER] !== binding || !signed.includes(BINDING_HEADER)) return undefined;
      if (headers['host'] !== new URL(endpoint).host || !signed.includes('host')) return undefined;
      let answer: Response;
      try {
        answer = await send(endpoint, {
          method: 'POST',
          headers: forwarded(headers),
          body: IDENTITY_BODY,
          redirect: 'error',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
      } catch (cause) {
        throw new CallersUnavailableError('STS could not be asked who signed', { cause });
      }
      const text = (await answer.text()).slice(0, MAX_ANSWER);
      if (answer.status >= 500) throw new CallersUnavailableError(`STS answered ${answer.status}`);
      const arn = answer.ok ? /<Arn>(arn:[^<]{1,512})<\/Arn>/.exec(text)?.[1] : undefined;
      return arn === undefined ? undefined : principalOf(arn);
    },
  };
}

/** Fetch sets these itself, from the address and the body. */
function forwarded(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { host, 'content-length': _length, connection, ...rest } = headers;
  return rest;
}

export function stsEndpoint(region: string): string {
  return `https://sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}/`;
}
