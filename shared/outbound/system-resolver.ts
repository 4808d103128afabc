import { lookup } from 'node:dns/promises';

/** All addresses of a name, as the system resolves names. */
export async function systemResolver(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
}
