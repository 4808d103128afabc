import { type Finding, type FindingCode, printable } from './finding';
import { LOOKALIKES } from './lookalikes';
import type { Context } from './rule';

/** Letters that look like others, or like nothing. These are looked for in the text as it came. */

const WORD = /\p{L}[\p{L}\p{M}]{0,63}/gu;
const LATIN = /[A-Za-z]/;
const FULL_WIDTH = /[\uff21-\uff3a\uff41-\uff5a]/;
/** Letters of mathematics: an alphabet of its own for each typeface. */
const MATHEMATICAL = /[\u{1d400}-\u{1d7ff}]/u;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;
const BIDI_OVERRIDE = /[\u202a-\u202e\u2066-\u2069]/;
const BIDI_MARK = /[\u061c\u200e\u200f]/;
/** Beside a letter of ASCII there is no use for them; emoji, Persian and Hindi need some. */
const INVISIBLE = '[\\u00ad\\u115f\\u1160\\u180e\\u200b-\\u200d\\u2060-\\u2064\\u3164\\ufeff\\uffa0]';
const HIDDEN = new RegExp(`[A-Za-z0-9._-]${INVISIBLE}|${INVISIBLE}[A-Za-z0-9._-]`);
const TAG = /[\u{e0000}-\u{e007f}]/u;
/** Flags of parts of countries are spelt in tags. */
const FLAG = /\u{1f3f4}[\u{e0030}-\u{e007a}]{1,8}\u{e007f}/gu;

/** Suspicions about single letters; at most one of each code. */
export function scanLetters(text: string, context: Context): Omit<Finding, 'path'>[] {
  const found = (code: FindingCode, why: string, excerpt: string) => ({
    code,
    why,
    excerpt: printable(excerpt, 120),
  });
  const findings: Omit<Finding, 'path'>[] = [];
  const control = CONTROL.exec(text);
  if (control) findings.push(found('CONTROL_CHARACTER', 'a control character', around(text, control.index)));
  const bidi = BIDI_OVERRIDE.exec(text) ?? (context === 'parameter' ? BIDI_MARK.exec(text) : null);
  if (bidi)
    findings.push(
      found('BIDI_CONTROL', 'it is shown in another order than it is read', around(text, bidi.index)),
    );
  const hidden = TAG.exec(text.replace(FLAG, '')) ?? (context === 'parameter' ? HIDDEN.exec(text) : null);
  if (hidden)
    findings.push(found('HIDDEN_TEXT', 'letters that nobody sees', around(text, text.indexOf(hidden[0]))));
  const lookalike = lookalikeIn(text, context);
  if (lookalike !== undefined)
    findings.push(found('HOMOGLYPH', 'letters of two scripts that look alike', lookalike));
  return findings;
}

function lookalikeIn(text: string, context: Context): string | undefined {
  const words = text.match(WORD) ?? [];
  const hasLatin = LATIN.test(text);
  return words.find((word) => {
    const isLatin = LATIN.test(word);
    if (isLatin && ([...word].some((letter) => LOOKALIKES.has(letter)) || FULL_WIDTH.test(word))) return true;
    if (context === 'text') return false;
    // A word that is one whole disguise, among words of ASCII; two letters may well be a word of their own.
    const letters = [...word];
    const isDisguise = letters.length > 2 && letters.every((letter) => LOOKALIKES.has(letter));
    return (hasLatin && isDisguise) || MATHEMATICAL.test(word);
  });
}

const around = (text: string, at: number): string => text.slice(Math.max(0, at - 20), at + 20);
