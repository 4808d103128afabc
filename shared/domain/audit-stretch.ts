import { type BinaryToTextEncoding, hash } from 'node:crypto';
import { LINK_AT, LINK_BYTES, type StoredEntry } from './audit-entry';

/** Words of 32 bits, little-endian throughout. */
const LINK_WORDS = LINK_BYTES / 4;
/** What follows `"sequencedAt":` as long as times have 13 digits: until the year 2286. */
const AFTER_TIME = '1700000000000,"v":1}'.length;
const BEFORE_SEQ = ',"seq":';
const AFTER_SEQ = ',"sequencedAt":';
const MOST_DIGITS = 13;
const MOST_SEQ = 10 ** MOST_DIGITS;
const SAID_BYTES = BEFORE_SEQ.length + MOST_DIGITS + AFTER_SEQ.length;
const SHORTEST = LINK_AT + LINK_BYTES + SAID_BYTES + AFTER_TIME;

/** Two bytes a character: half as many to read as in any other form. Node's types know fewer forms than Node. */
const UTF_16 = 'utf16le' as BinaryToTextEncoding;

/** The link that the next entry must follow. */
const link = new Int32Array(LINK_WORDS);

/** `,"seq":<seq>,"sequencedAt":` of the next entry, in its first `saidBytes`. */
const said = new Uint8Array(SAID_BYTES);
const [ZERO, NINE] = [0x30, 0x39];
const FIRST_DIGIT = BEFORE_SEQ.length;
let saidSeq = 0;
let saidBytes = 0;

/**
 * How many entries, from the first, are exactly the ones that follow `from`: each at its place, beginning with the link of
 * the one before, hashing to its own link, and saying its `seq`. Only a count: where it ends may be an entry that is not of
 * the usual form (`audit-chain.ts` looks at that one closely), but what it counts holds.
 *
 * All the speed of verification is here, so it compares without a branch before the end of an entry, copies nothing and makes
 * no object (`docs/adr/0041-speed-of-verification.md`).
 */
export function holdingEntries(
  entries: readonly StoredEntry[],
  from: { readonly seq: number; readonly link: Uint8Array },
): number {
  if (from.seq + entries.length >= MOST_SEQ) return 0;
  for (let n = 0; n < LINK_WORDS; n += 1) link[n] = wordAt(from.link, 4 * n);
  setSaid(from.seq);
  for (let n = 0; n < entries.length; n += 1) {
    const { seq, leaf, link: own } = entries[n] as StoredEntry;
    if (seq !== from.seq + n || leaf.length < SHORTEST || own.length !== LINK_BYTES) return n;
    const digest = hash('sha256', leaf, UTF_16);
    if ((fromLink(leaf) | fromSaid(leaf) | takeLink(digest, own)) !== 0) return n;
    countSaid();
  }
  return entries.length;
}

/** 0 when the leaf's entry begins with the link. */
function fromLink(leaf: Uint8Array): number {
  let differs = 0;
  for (let n = 0; n < LINK_WORDS; n += 1) differs |= wordAt(leaf, LINK_AT + 4 * n) ^ (link[n] as number);
  return differs;
}

/** 0 when the entry's own link is its hash, which becomes the link.  */
function takeLink(digest: string, own: Uint8Array): number {
  let differs = 0;
  for (let n = 0; n < LINK_WORDS; n += 1) {
    const word = digest.charCodeAt(2 * n) | (digest.charCodeAt(2 * n + 1) << 16);
    differs |= word ^ wordAt(own, 4 * n);
    link[n] = word;
  }
  return differs;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

/** The text becomes the one of `seq`. */
function setSaid(seq: number): void {
  const text = `${BEFORE_SEQ}${seq}${AFTER_SEQ}`;
  saidSeq = seq;
  saidBytes = text.length;
  for (let n = 0; n < saidBytes; n += 1) said[n] = text.charCodeAt(n);
}

/** Counted on digit by digit, since to write a number takes as long as a tenth of a hash. */
function countSaid(): void {
  saidSeq += 1;
  let at = saidBytes - AFTER_SEQ.length - 1;
  while (at >= FIRST_DIGIT && said[at] === NINE) {
    said[at] = ZERO;
    at -= 1;
  }
  // 9, 99, 999 …: one digit more.
  if (at < FIRST_DIGIT) setSaid(saidSeq);
  else said[at] = (said[at] as number) + 1;
}

/** 0 when the leaf's entry says it, right before its time. */
function fromSaid(leaf: Uint8Array): number {
  const start = leaf.length - AFTER_TIME - saidBytes;
  let differs = 0;
  for (let n = 0; n < saidBytes; n += 1) differs |= (leaf[start + n] as number) ^ (said[n] as number);
  return differs;
}
