import { LOOKALIKES } from './lookalikes';

/** One text as the machines read it that it may reach: a rule names the view that it looks at. */
export interface Views {
  /** As it came, in lower case. */
  readonly raw: string;
  /** Percent, entity and backslash escapes undone, compatibility forms made plain, invisible letters left out. */
  readonly decoded: string;
  /** `decoded` without tabs and line breaks, which browsers skip in a URL's scheme. */
  readonly tight: string;
  /** `decoded` without quotes and backslashes inside words, as a shell reads `c\at` and `r'm'`. */
  readonly unquoted: string;
  /** `decoded` with comments as spaces, as a database reads `UNION/**\/SELECT`. */
  readonly sql: string;
  /** `decoded` as a language model reads it: lookalikes, digits for letters and spaced letters made plain words. */
  readonly words: string;
}

/** Beyond this nothing is looked at; `scanText` refuses a longer text before it gets here. */
export const MAX_TEXT = 16_384;
/** Escapes inside escapes are undone this often. */
const ROUNDS = 3;

/** All views; linear in the text's length, whatever it says. */
export function viewsOf(text: string): Views {
  const decoded = decode(text);
  return {
    raw: text.toLowerCase(),
    decoded,
    tight: decoded.replace(/[\t\n\r]/g, ''),
    unquoted: decoded.replace(/(?<=\w)[\\'"^](?=\w)/g, ''),
    sql: decoded.replace(/\/\*!?\d{0,6}|\*\//g, ' '),
    words: wordsOf(decoded),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  colon: ':',
  lpar: '(',
  rpar: ')',
  tab: '\t',
  newline: '\n',
};
const ESCAPE =
  /%([0-9a-f]{2})|&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&([a-z]{2,8});|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi;
/** Default ignorable letters, soft hyphen among them. */
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e007f}]/gu;

function decode(text: string): string {
  let current = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = current.replace(ESCAPE, unescaped);
    if (next === current) break;
    current = next;
  }
  return current.normalize('NFKC').replace(INVISIBLE, '').toLowerCase();
}

function unescaped(whole: string, ...groups: (string | undefined)[]): string {
  const [percent, hexEntity, entity, name, unicode, hex] = groups;
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
  const code =
    entity === undefined
      ? Number.parseInt(percent ?? hexEntity ?? unicode ?? hex ?? '', 16)
      : Number.parseInt(entity, 10);
  // Bytes of longer UTF-8 sequences are left as they are: no rule is about them.
  if (Number.isNaN(code) || code > 0x10ffff || (percent !== undefined && code > 0x7f)) return whole;
  return String.fromCodePoint(code);
}

const DIGIT_LETTERS: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

function wordsOf(decoded: string): string {
  return decoded
    .replace(/[^\0-\x7f]/g, (letter) => LOOKALIKES.get(letter) ?? letter)
    .replace(/\b(?:[a-z] ){2,40}[a-z]\b/g, (spaced) => spaced.replaceAll(' ', ''))
    .replace(
      /(?<=[a-z])[013457@$](?=[a-z])|\b[01345](?=[a-z]{2})/g,
      (digit) => DIGIT_LETTERS[digit] ?? digit,
    );
}
