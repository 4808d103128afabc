/** What the hunter looks for, by the machine that would take it for a command. */
export const FINDING_CODES = [
  'SHELL_INJECTION',
  'TEMPLATE_INJECTION',
  'SQL_INJECTION',
  'PROMPT_INJECTION',
  'MARKUP_INJECTION',
  'HOMOGLYPH',
  'BIDI_CONTROL',
  'HIDDEN_TEXT',
  'CONTROL_CHARACTER',
  'TOO_LONG',
  'TOO_DEEP',
  'TOO_MANY_VALUES',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** One suspicion. `excerpt` is printable ASCII, so that it acts on no terminal and no page. */
export interface Finding {
  readonly code: FindingCode;
  /** Where: names and indexes from the root, joined by dots; empty for the value itself. */
  readonly path: string;
  readonly excerpt: string;
  readonly why: string;
}

/** `text` in printable ASCII, at most `length` characters: everything else as `\uXXXX`. */
export function printable(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .slice(0, length);
}
