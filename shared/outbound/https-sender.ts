import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { checkOutboundUrl } from '../domain/outbound-url';
import type { Outbound, OutboundFault, OutboundRequest, OutboundResult } from '../ports/outbound';
import { isPublicAddress } from './public-address';

/** Opens a TLS connection to an address, and checks the certificate for the name. */
export type Connect = (to: {
  readonly address: string;
  readonly port: number;
  readonly servername: string;
}) => Duplex;

export interface SenderOptions {
  /** All addresses of a name, asked for once a request. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly connect?: Connect;
  /** Milliseconds: for the name, and for all of it. */
  readonly resolveMs?: number;
  readonly totalMs?: number;
}

const RESOLVE_MS = 3_000;
const TOTAL_MS = 10_000;
/** No more of an answer is read: only its status says anything. */
const MOST_ANSWER_BYTES = 16 * 1024;

/** TLS to an address, with the certificate checked for the name; Node checks it unless it is told not to. */
export const pinnedTls: Connect = ({ address, port, servername }) =>
  connectTls({ host: address, port, servername, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] });

/**
 * Sends to hosts that somebody else names, without being led to a place of our own: the name is resolved once,
 * every address that it has must be public, and the connection is opened to the address that was checked, so that
 * a name that resolves differently the second time changes nothing. Redirects are answers, proxies of the
 * environment are not used, no connection is kept.
 */
export function httpsSender(options: SenderOptions): Outbound {
  const { resolve, connect = pinnedTls, resolveMs = RESOLVE_MS, totalMs = TOTAL_MS } = options;
  return {
    async post(sent) {
      const url = checkOutboundUrl(sent.url);
      if (!url.ok) return failed(url.code);
      const addresses = await within(resolveMs, resolve(url.host));
      if (addresses === undefined || addresses.length === 0) return failed('NAME_NOT_RESOLVED');
      // One private address among public ones is enough to be led there by the next attempt.
      if (!addresses.every(isPublicAddress)) return failed('ADDRESS_NOT_PUBLIC');
      return exchange(sent, {
        ...url,
        totalMs,
        open: () => connect({ address: addresses[0] as string, port: 443, servername: url.host }),
      });
    },
  };
}

interface Exchange {
  readonly host: string;
  readonly path: string;
  readonly totalMs: number;
  readonly open: () => Duplex;
}

function exchange(sent: OutboundRequest, { host, path, totalMs, open }: Exchange): Promise<OutboundResult> {
  return new Promise((done) => {
    // Without an agent: `createConnection` is the only way out, and the connection ends with the answer.
    const outgoing = request({
      method: 'POST',
      host,
      path,
      headers: { ...sent.headers, host, 'content-length': Buffer.byteLength(sent.body), connection: 'close' },
      createConnection: open,
    });
    let answered: OutboundResult | undefined;
    const settle = (code: OutboundFault): void => {
      clearTimeout(timer);
      outgoing.destroy();
      // Once the status has arrived, what breaks afterwards does not change it.
      done(answered ?? failed(code));
    };
    const timer = setTimeout(() => settle('TIMED_OUT'), totalMs);
    outgoing.on('error', () => settle('NOT_CONNECTED'));
    outgoing.on('response', (answer) => {
      const status = answer.statusCode ?? 0;
      answered = { kind: 'answered', status, ...retryAfter(answer.headers['retry-after']) };
      let bytes = 0;
      answer.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > MOST_ANSWER_BYTES) settle('NOT_CONNECTED');
      });
      answer.on('end', () => settle('NOT_CONNECTED'));
      answer.on('error', () => settle('NOT_CONNECTED'));
    });
    outgoing.end(sent.body);
  });
}

/** Seconds only; a date would be somebody else's clock. */
function retryAfter(header: string | undefined): { retryAfterMs?: number } {
  return header !== undefined && /^\d{1,6}$/.test(header) ? { retryAfterMs: Number(header) * 1000 } : {};
}

/** `undefined` = not in time, or not at all. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

const failed = (code: OutboundFault): OutboundResult => ({ kind: 'failed', code });
