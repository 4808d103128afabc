import { isIP } from 'node:net';

/** Why a URL is nowhere that may be sent to. */
export type UrlFault =
  | 'URL_INVALID'
  | 'NOT_HTTPS'
  | 'PORT_NOT_443'
  | 'CREDENTIALS_IN_URL'
  | 'HOST_NOT_A_NAME';

export type CheckedUrl =
  | { readonly ok: true; readonly host: string; readonly path: string }
  | { readonly ok: false; readonly code: UrlFault };

const MOST_CHARACTERS = 2048;
/** Printable ASCII without backslash: what URL parsers read differently is not sent anywhere. */
const PLAIN = /^[!-[\]-~]+$/;
/** Two labels at least, the last one of letters: no single names of a local network, no address in disguise. */
const NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** Names that never lead outside (RFC 6761, 6762, 8375; `.internal`: ICANN's private use). */
const LOCAL =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa|onion|test|invalid|example)$/;

/**
 * Where a webhook may be: `https://name/path`, port 443, nobody's credentials, and a name rather than an address,
 * so that its certificate says whose it is. Decimal, octal and hexadecimal forms of IPv4 are addresses too: the
 * URL parser writes them out.
 */
export function checkOutboundUrl(text: string): CheckedUrl {
  if (text.length > MOST_CHARACTERS || !PLAIN.test(text) || !URL.canParse(text)) {
    return { ok: false, code: 'URL_INVALID' };
  }
  const url = new URL(text);
  if (url.protocol !== 'https:') return { ok: false, code: 'NOT_HTTPS' };
  // The parser drops empty user names and `@`; the text still has it.
  const authority = /^https:\/*([^/?#]*)/i.exec(text)?.[1] ?? '';
  if (url.username !== '' || url.password !== '' || authority.includes('@')) {
    return { ok: false, code: 'CREDENTIALS_IN_URL' };
  }
  if (url.port !== '') return { ok: false, code: 'PORT_NOT_443' };
  const host = url.hostname;
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0 || !NAME.test(host) || LOCAL.test(host)) {
    return { ok: false, code: 'HOST_NOT_A_NAME' };
  }
  return { ok: true, host, path: `${url.pathname}${url.search}` };
}
