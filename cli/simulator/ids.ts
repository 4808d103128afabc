const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** ULIDs of virtual time and seeded chance: the same run gives the same ids. */
export function seededUlids(now: () => number, random: () => number): { next(): string } {
  return {
    next() {
      let time = now();
      let head = '';
      for (let digit = 0; digit < 10; digit += 1) {
        head = ALPHABET[time % 32] + head;
        time = Math.floor(time / 32);
      }
      let tail = '';
      for (let digit = 0; digit < 16; digit += 1) tail += ALPHABET[Math.floor(random() * 32)];
      return head + tail;
    },
  };
}
