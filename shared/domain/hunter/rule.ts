import type { FindingCode } from './finding';
import type { Views } from './views';

/**
 * Where a text stands. `parameter`: a value that may reach an AWS call, a command or a query. `text`: words that
 * are shown to people, and read by programs that read what people are shown.
 */
export type Context = 'parameter' | 'text';

/**
 * One pattern that speaks of an attack. Every repetition in it has an upper bound, so that looking takes time
 * in proportion to the text (a test reads the patterns for it).
 */
export interface Rule {
  readonly code: FindingCode;
  readonly contexts: readonly Context[];
  readonly view: keyof Views;
  readonly pattern: RegExp;
  /** Where this matches, the rule says nothing. */
  readonly unless?: RegExp;
  readonly why: string;
}

export const PARAMETER: readonly Context[] = ['parameter'];
export const ANYWHERE: readonly Context[] = ['parameter', 'text'];
