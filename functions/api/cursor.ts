import { digestOf } from '../../shared/domain/digest';

/** A place in a list whose things may have several rows each. */
export interface Place {
  /** Of the last thing that was taken from. */
  readonly at: string;
  /** Its rows that are taken already; 0 = all of them are, go on after it. */
  readonly skip: number;
}

/**
 * The text that stands for a place in one list. It carries a digest of list, filters and place, so that a cursor
 * that was edited or belongs to another list is told apart. No secret: whoever makes one up gets a page of a list
 * that they may read anyway.
 */
export function cursorText(list: string, { at, skip }: Place): string {
  return Buffer.from(JSON.stringify([at, skip, checkOf(list, at, skip)])).toString('base64url');
}

/** `undefined` = not one of this list. */
export function readCursor(list: string, text: string): Place | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [at, skip, check] = parts as unknown[];
  if (typeof at !== 'string' || typeof skip !== 'number' || !Number.isSafeInteger(skip)) return undefined;
  // Written by `cursorText` to the letter: base64 leaves bits that do not count.
  if (check !== checkOf(list, at, skip) || cursorText(list, { at, skip }) !== text) return undefined;
  return { at, skip };
}

function checkOf(list: string, at: string, skip: number): string {
  return digestOf('grace.cursor.v1\n', [list, at, skip]).slice(0, 16);
}
