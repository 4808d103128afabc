import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U. In ASCII order, so that ids sort as text. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_BITS = 80n;

export interface UlidSources {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** As many random bytes. */
  readonly bytes?: (count: number) => Uint8Array;
}

/**
 * ULIDs (github.com/ulid/spec): 48 bits of milliseconds and 80 random bits as 26 characters. Each id of
 * one source is greater than the one before, also within a millisecond and when the clock is set back:
 * it then counts on from the last one. Two sources collide with a chance of 2^-80 per pair and millisecond.
 */
export function ulids({ now = Date.now, bytes = randomBytes }: UlidSources = {}): { next(): string } {
  let last = -1n;
  return {
    next() {
      const random = BigInt(`0x${Buffer.from(bytes(10)).toString('hex')}`);
      const fresh = (BigInt(Math.floor(now())) << RANDOM_BITS) | random;
      // Counting on carries into the time when the random part is full, and so stays in order.
      last = fresh >> RANDOM_BITS > last >> RANDOM_BITS ? fresh : last + 1n;
      return encode(last);
    },
  };
}

function encode(value: bigint): string {
  let text = '';
  for (let shift = 125n; shift >= 0n; shift -= 5n) text += ALPHABET[Number((value >> shift) & 31n)];
  return text;
}
