/** Text that is to name one AWS resource: an ARN, an id, a resource name, a playbook name. */

export type IdentifierFault =
  | 'EMPTY'
  | 'TOO_LONG'
  | 'NON_ASCII'
  | 'CONTROL_CHARACTER'
  | 'WHITESPACE'
  | 'WILDCARD'
  | 'METACHARACTER';

/** UTF-16 code units. The longest ARNs that we act on have under 400; DynamoDB keys take 1,024 bytes. */
export const MAX_IDENTIFIER_LENGTH = 512;

const NON_ASCII = /[^\0-\x7f]/;
/** A line feed counts as a metacharacter, a tab as white space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const WHITESPACE = /[ \t]/;
const WILDCARD = /[*?]/;
/** Of shells, quoting and templates; `${` and `{{` begin with one of them. */
const METACHARACTER = /[;|&$`<>{}()\\'"\n\r]/;

/** Where a shell or a template begins to put something else in its place: `$(`, `${`, `{{`, a backtick. */
const SUBSTITUTION = /[$#][({]|\{\{|<%|`/;

/**
 * The same question for a name that AWS lets people write freely, such as an alarm's: spaces, brackets,
 * quotes and colons are legal there. Refused are letters that only look like ASCII, control characters, `*`
 * and what a shell or template would substitute.
 */
export function suspiciousName(text: string): IdentifierFault | undefined {
  if (text.length === 0) return 'EMPTY';
  if (text.length > MAX_IDENTIFIER_LENGTH) return 'TOO_LONG';
  if (NON_ASCII.test(text)) return 'NON_ASCII';
  if (CONTROL.test(text) || /[\t\n\r]/.test(text)) return 'CONTROL_CHARACTER';
  if (text.includes('*')) return 'WILDCARD';
  if (SUBSTITUTION.test(text)) return 'METACHARACTER';
  return undefined;
}

/**
 * Why `text` must not be used as an identifier, or `undefined` where nothing speaks against it. One
 * fault is named, the first in the order of the type. It tells suspicious from plain, not right from
 * wrong: whether it is a well-formed ARN is its schema's question.
 *
 * Guarantee: text that passes has only ASCII from `!` to `~`, so it looks like what it is (no Cyrillic
 * `а`), names one resource in an IAM or EventBridge pattern, and is inert in a shell or template.
 * Not for names that AWS lets people write freely: see `suspiciousName`.
 */
export function suspiciousIdentifier(text: string): IdentifierFault | undefined {
  if (text.length === 0) return 'EMPTY';
  if (text.length > MAX_IDENTIFIER_LENGTH) return 'TOO_LONG';
  if (NON_ASCII.test(text)) return 'NON_ASCII';
  if (CONTROL.test(text)) return 'CONTROL_CHARACTER';
  if (WHITESPACE.test(text)) return 'WHITESPACE';
  if (WILDCARD.test(text)) return 'WILDCARD';
  if (METACHARACTER.test(text)) return 'METACHARACTER';
  return undefined;
}
