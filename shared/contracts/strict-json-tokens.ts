import type { JsonValue } from '../domain/canonical-json';
import {
  type ContentCode,
  explain,
  numberFault,
  pathOf,
  refusal,
  type StrictJsonCode,
  type StrictJsonLimits,
  type StrictJsonRefusal,
  textFault,
} from './strict-json-rules';

/** The words of JSON (RFC 8259): each function reads one from `scan.at` and moves past it, or refuses. */

/** An open object or array; `key` is the place in it that is being read, if one is. */
export type Frame =
  | { readonly kind: 'object'; readonly members: Record<string, JsonValue>; key: string | undefined }
  | { readonly kind: 'array'; readonly items: JsonValue[]; key: number };
export type Scan = {
  readonly text: string;
  readonly limits: StrictJsonLimits;
  readonly frames: Frame[];
  at: number;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

const LITERALS = [['true', true] as const, ['false', false] as const, ['null', null] as const];

type Scanned = string | number | boolean | null | StrictJsonRefusal;

export function scanScalar(scan: Scan, first: string | undefined): Scanned {
  if (first === '"') return scanString(scan, scan.limits.allowText);
  if (first === '-' || (first !== undefined && first >= '0' && first <= '9')) return scanNumber(scan);
  for (const [word, value] of LITERALS) {
    if (word[0] !== first) continue;
    const found = scan.text.slice(scan.at, scan.at + word.length);
    if (found !== word) return unexpected(scan, word, word.startsWith(found));
    scan.at += word.length;
    return value;
  }
  return unexpected(scan, 'a JSON value');
}

const NUMBER_CHARACTERS = /[-+.eE\d]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function scanNumber(scan: Scan): number | StrictJsonRefusal {
  NUMBER_CHARACTERS.lastIndex = scan.at;
  const token = NUMBER_CHARACTERS.exec(scan.text)?.[0] ?? '';
  if (!NUMBER.test(token)) {
    const cutOff = scan.at + token.length === scan.text.length && NUMBER.test(`${token}0`);
    return unexpected(scan, 'a number as JSON writes it, such as -1.5e3', cutOff);
  }
  const value = Number(token);
  const fault = numberFault(value);
  if (fault !== undefined) return refuse(scan, fault);
  scan.at += token.length;
  return value;
}

/** The string whose opening quote is at `scan.at`, unescaped and checked. */
export function scanString(scan: Scan, allowText: boolean): string | StrictJsonRefusal {
  const { text, limits } = scan;
  const start = scan.at + 1;
  let end = start;
  let escaped = false;
  for (let unit = text.charCodeAt(end); unit !== QUOTE; unit = text.charCodeAt(end)) {
    if (end >= text.length) return unexpected(scan, 'a string up to its closing quote', true);
    if (unit < FIRST_PRINTABLE) {
      scan.at = end;
      return refuse(scan, 'CONTROL_CHARACTER', 'a raw control character in a string; escape or remove it');
    }
    if (unit === BACKSLASH) escaped = true;
    end += unit === BACKSLASH ? 2 : 1;
  }
  const value = escaped ? unescapeString(text.slice(start - 1, end + 1)) : text.slice(start, end);
  if (value === undefined) {
    return refuse(
      scan,
      'INVALID_SYNTAX',
      'a bad escape in the string; write \\n, \\" or \\u and four digits',
    );
  }
  const fault = textFault(value, limits.maxStringLength, allowText);
  if (fault !== undefined) return refuse(scan, fault);
  scan.at = end + 1;
  return value;
}

/** One quoted string without raw control characters: only a bad escape can make JSON.parse refuse it. */
function unescapeString(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}

export function skipSpace(scan: Scan): void {
  for (;;) {
    const unit = scan.text.charCodeAt(scan.at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    scan.at += 1;
  }
}

export function unexpected(
  scan: Scan,
  wanted: string,
  cutOff = scan.at >= scan.text.length,
): StrictJsonRefusal {
  return cutOff
    ? refuse(scan, 'TRUNCATED', `the text ends before ${wanted} is complete; send all of it`)
    : refuse(scan, 'INVALID_SYNTAX', `expected ${wanted}; send what JSON.stringify writes`);
}

export function refuse(scan: Scan, code: ContentCode): StrictJsonRefusal;
export function refuse(scan: Scan, code: StrictJsonCode, message: string): StrictJsonRefusal;
export function refuse(scan: Scan, code: StrictJsonCode, message?: string): StrictJsonRefusal {
  const path = pathOf(scan.frames.flatMap((frame) => frame.key ?? []));
  const what = message ?? explain(code as ContentCode, scan.limits);
  return refusal(code, `${path} (offset ${scan.at}): ${what}`, path);
}
