import { StoreRequestError } from './errors';

/** The key at which a page ended: `pk` and `sk`, and those of the index if it was asked. */
export type CursorKey = Readonly<Record<string, string>>;

/** An opaque text for `Page.next`. */
export function cursorOf(key: CursorKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws StoreRequestError when `text` was not made by `cursorOf` for the same names */
export function readCursor(text: string, names: readonly string[]): CursorKey {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch (cause) {
    throw new StoreRequestError('the cursor of a query is unreadable', { cause });
  }
  if (typeof key !== 'object' || key === null || Object.keys(key).length !== names.length) {
    throw new StoreRequestError('the cursor belongs to another query');
  }
  for (const name of names) {
    if (typeof (key as Record<string, unknown>)[name] !== 'string') {
      throw new StoreRequestError('the cursor belongs to another query');
    }
  }
  return key as CursorKey;
}
