import { type BinaryToTextEncoding, hash } from 'node:crypto';
import { LINK_BYTES, type StoredEntry } from './audit-entry';

/** Words of 32 bits, little-endian throughout. */
const LINK_WORDS = LINK_BYTES / 4;
/** What follows `"sequencedAt":` as long as times have 13 digits: until the year 2286. */
const AFTER_TIME = '1700000000000,"v":1}'.length;
const BEFORE_SEQ = ',"seq":';
const AFTER_SEQ = ',"sequencedAt":';
const MOST_DIGITS = 13;
const MOST_SEQ = 10 ** MOST_DIGITS;
const SAID_BYTES = BEFORE_SEQ.length + MOST_DIGITS + AFTER_SEQ.length;
/** Up to a whole word; what is beyond the text is masked. */
const SAID_WORDS = Math.ceil(SAID_BYTES / 4);

/**
 * Every entry is put here, so that it ends at `END`, behind its leaf's `00`. What a body says of its `seq` then stands at
 * one place, and begins at a whole word.
 */
const SCRATCH_BYTES = 65_536;
const END = SCRATCH_BYTES - 4 + ((SAID_BYTES + AFTER_TIME) % 4);
const SAID_AT = (END - AFTER_TIME - SAID_BYTES) / 4;
const memory = new ArrayBuffer(SCRATCH_BYTES);
const scratch = new Uint8Array(memory);
const words = new Int32Array(memory);
/** For what does not begin at a whole word. */
const view = new DataView(memory);
/** `00 ‖ entry` by the entry's length: to make one costs more than to copy an entry. */
const leaves: Uint8Array[] = [];
const SHORTEST = LINK_BYTES + SAID_BYTES + AFTER_TIME;
const LONGEST = END - 1;

/** Two bytes a character: half as many to read as in any other form. Node's types know fewer forms than Node. */
const UTF_16 = 'utf16le' as BinaryToTextEncoding;

/** The link that the next entry must follow. */
const link = new Int32Array(LINK_WORDS);

/** `,"seq":<seq>,"sequencedAt":` of the next entry, and which of its bytes are compared. */
const said = new Uint8Array(4 * SAID_WORDS);
const mask = new Uint8Array(4 * SAID_WORDS);
const saidWords = new Int32Array(said.buffer);
const maskWords = new Int32Array(mask.buffer);
const LAST_DIGIT = SAID_BYTES - AFTER_SEQ.length - 1;
const [ZERO, NINE] = [0x30, 0x39];
let saidSeq = 0;
let firstDigit = 0;

/**
 * How many entries, from the first, are exactly the ones that follow `from`: each at its place, beginning with the link of
 * the one before, hashing to its own link, and saying its `seq`. Only a count: where it ends may be an entry that is not of
 * the usual form (`audit-chain.ts` looks at that one closely), but what it counts holds.
 *
 * All the speed of verification is here, so it compares words, without a branch before the end of an entry, and makes
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
    const { seq, bytes, link: own } = entries[n] as StoredEntry;
    const { length } = bytes;
    if (seq !== from.seq + n || length < SHORTEST || length > LONGEST || own.length !== LINK_BYTES) return n;
    const start = END - length;
    scratch.set(bytes, start);
    scratch[start - 1] = 0;
    let leaf = leaves[length];
    if (leaf === undefined) {
      leaf = scratch.subarray(start - 1, END);
      leaves[length] = leaf;
    }
    const digest = hash('sha256', leaf, UTF_16);
    if ((fromLink(start) | fromSaid() | takeLink(digest, own)) !== 0) return n;
    countSaid();
  }
  return entries.length;
}

/** 0 when the entry in the scratch begins with the link. */
function fromLink(start: number): number {
  let differs = 0;
  for (let n = 0; n < LINK_WORDS; n += 1) differs |= view.getInt32(start + 4 * n, true) ^ (link[n] as number);
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

/** The text becomes the one of `seq`; nothing before it is compared. */
function setSaid(seq: number): void {
  saidSeq = seq;
  const whole = `${BEFORE_SEQ}${seq}${AFTER_SEQ}`;
  const begin = SAID_BYTES - whole.length;
  firstDigit = begin + BEFORE_SEQ.length;
  mask.fill(0).fill(0xff, begin, SAID_BYTES);
  for (let at = begin; at < SAID_BYTES; at += 1) said[at] = whole.charCodeAt(at - begin);
}

/** Counted on digit by digit, since to write a number takes as long as a tenth of a hash. */
function countSaid(): void {
  saidSeq += 1;
  let at = LAST_DIGIT;
  while (at >= firstDigit && said[at] === NINE) {
    said[at] = ZERO;
    at -= 1;
  }
  // 9, 99, 999 …: one digit more.
  if (at < firstDigit) setSaid(saidSeq);
  else said[at] = (said[at] as number) + 1;
}

/** 0 when the entry in the scratch says it. */
function fromSaid(): number {
  let differs = 0;
  for (let n = 0; n < SAID_WORDS; n += 1)
    differs |= ((words[SAID_AT + n] as number) ^ (saidWords[n] as number)) & (maskWords[n] as number);
  return differs;
}
