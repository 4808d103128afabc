/** What may leave a function about an error: bounded, readable as it is stored, without what looks secret. */

const MAX_NAME = 512;
const MAX_MESSAGE = 2048;

/** Forms of credentials that error messages are known to carry; a defence, not a guarantee. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // user:password@ in a URL
  [/:\/\/[^\s/@]{1,256}@/g, '://[redacted]@'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[redacted]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  [/\b(password|passwd|pwd|secret|token|api[_-]?key)(["']?\s*[=:]\s*)["']?[^\s"',;&}]+/gi, '$1$2[redacted]'],
];

/** Name and message of anything that was thrown. May throw where a getter of the error does. */
export function errorText(error: unknown): { readonly name: string; readonly message: string } {
  const name = error instanceof Error ? String(error.name) : 'NonError';
  const raw = error instanceof Error ? String(error.message) : String(error);
  // Cut generously first, so that a huge message is cheap and a secret is not cut in two before it is found.
  const blanked = SECRETS.reduce((text, [form, by]) => text.replace(form, by), raw.slice(0, 4 * MAX_MESSAGE));
  return { name: plainText(name, MAX_NAME) || 'Error', message: plainText(blanked, MAX_MESSAGE) };
}

/**
 * At most `limit` UTF-16 code units, without the characters that the intake refuses: control characters
 * (line breaks and tabs become spaces), marks that reorder text, halves of surrogate pairs.
 */
export function plainText(text: string, limit: number): string {
  return text
    .slice(0, limit)
    .replace(/[\n\r\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}
