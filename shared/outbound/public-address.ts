import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * IPv6 space that carries an IPv4 address, or that leads through somebody else's translator: where a packet to it
 * ends up is not written in the address. ipaddr.js calls some of these unicast.
 */
const NOT_PLAIN = [
  '::/96',
  '::ffff:0:0/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
];
/** All of IPv6 that is given out as public unicast today (IANA, "IPv6 Global Unicast Address Space"). */
const PUBLIC_IPV6 = '2000::/3';
/** Public by their registries, and local all the same: link-local metadata services of clouds, 6to4 anycast. */
const NOT_PUBLIC_IPV4 = ['168.63.129.16/32', '192.88.99.0/24', '100.100.100.200/32'];

/** A textual address, as a resolver gives it. Anything but public unicast is not public; nor is what is no address. */
export function isPublicAddress(text: string): boolean {
  // ipaddr.js also reads `1.2.3` and `0x7f.1`, which no resolver gives.
  if (isIP(text) === 0 || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv4') return !isIn(address, NOT_PUBLIC_IPV4);
  return isIn(address, [PUBLIC_IPV6]) && !isIn(address, NOT_PLAIN);
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === address.kind() && address.match([network, bits] as never);
  });
}
