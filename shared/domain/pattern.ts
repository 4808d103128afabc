/**
 * Globs: `*` is any run of characters (none too), `?` any one (a UTF-16 code unit); all else is literal
 * and case counts. No regular expression, so no text can make a pattern back-track.
 */
export interface Glob {
  readonly text: string;
  /** No wildcard in it. */
  readonly literal: boolean;
  /** Characters that are fixed: what makes a pattern specific. */
  readonly literalLength: number;
  matches(value: string): boolean;
}

/** Compiles in O(pattern). `matches` reads the value once; with a `?` in O(value × pattern / 32). */
export function compileGlob(text: string): Glob {
  const literalLength = text.replace(/[*?]/g, '').length;
  if (literalLength === text.length) {
    return { text, literal: true, literalLength, matches: (value) => value === text };
  }
  const matches = text.includes('?') ? byAutomaton(text) : byChunks(text);
  return { text, literal: false, literalLength, matches };
}

/**
 * Without `?`: the literal chunks one after the other, each where it first stands after the one before.
 * Leftmost is always right, since a star takes up whatever lies between.
 */
function byChunks(text: string): (value: string) => boolean {
  const chunks = text.split('*');
  const prefix = chunks[0] ?? '';
  const suffix = chunks.at(-1) ?? '';
  const middle = chunks.slice(1, -1).filter((chunk) => chunk !== '');
  return (value) => {
    if (!value.startsWith(prefix) || !value.endsWith(suffix)) return false;
    let position = prefix.length;
    for (const chunk of middle) {
      const found = value.indexOf(chunk, position);
      if (found < 0) return false;
      position = found + chunk.length;
    }
    // Prefix and suffix must not share characters of the value: `ab*ba` is not `aba`.
    return position <= value.length - suffix.length;
  };
}

const ASCII = 128;

/**
 * All positions of the pattern at once, one bit each (Baeza-Yates & Gonnet 1992, "A new approach to text
 * searching"). Bit i is set when i characters of the pattern (stars apart) match what was read; a star
 * after them keeps bit i set.
 */
function byAutomaton(text: string): (value: string) => boolean {
  const tokens = text.replace(/\*+/g, '*').split('');
  const size = tokens.filter((token) => token !== '*').length;
  const words = Math.floor(size / 32) + 1;
  const loop = new Uint32Array(words);
  const anyCharacter = new Uint32Array(words);
  const byCode = new Map<number, Uint32Array>();
  const set = (mask: Uint32Array, bit: number) => {
    mask[bit >>> 5] = (mask[bit >>> 5] ?? 0) | (1 << (bit & 31));
  };
  let position = 0;
  for (const token of tokens) {
    if (token === '*') {
      set(loop, position);
      continue;
    }
    position += 1;
    if (token === '?') {
      set(anyCharacter, position);
      continue;
    }
    const code = token.charCodeAt(0);
    const mask = byCode.get(code) ?? new Uint32Array(words);
    set(mask, position);
    byCode.set(code, mask);
  }
  for (const mask of byCode.values()) {
    for (let word = 0; word < words; word += 1) mask[word] = (mask[word] ?? 0) | (anyCharacter[word] ?? 0);
  }
  const ascii = Array.from({ length: ASCII }, (_, code) => byCode.get(code) ?? anyCharacter);
  const maskOf = (code: number) => (code < ASCII ? ascii[code] : byCode.get(code)) ?? anyCharacter;
  return (value) => {
    const state = new Uint32Array(words);
    state[0] = 1;
    for (let index = 0; index < value.length; index += 1) {
      const mask = maskOf(value.charCodeAt(index));
      let carry = 0;
      let alive = 0;
      for (let word = 0; word < words; word += 1) {
        const now = state[word] ?? 0;
        const next = (((now << 1) | carry) & (mask[word] ?? 0)) | (now & (loop[word] ?? 0));
        carry = now >>> 31;
        state[word] = next;
        alive |= next;
      }
      if (alive === 0) return false;
    }
    return (((state[size >>> 5] ?? 0) >>> (size & 31)) & 1) === 1;
  };
}
