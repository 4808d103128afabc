import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ErrorDetected } from '../../shared/contracts/error-detected';
import { readIntake } from '../../shared/contracts/intake-event';
import { parseStrictJson } from '../../shared/contracts/strict-json';
import { splitArray } from './split-array';

/** One event of a file, or why there is none. */
export type EventReading = {
  readonly file: string;
  /** Place in the file's array; absent where the file is the event. */
  readonly index?: number;
} & (
  | { readonly kind: 'event'; readonly text: string; readonly error: ErrorDetected }
  | { readonly kind: 'poison'; readonly code: string; readonly message: string }
  | { readonly kind: 'unreadable'; readonly code: string; readonly message: string }
);

/** Of a file with many events. One event may have 64 KiB. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** An array is split before its elements are read, so its own limits are those of the file. */
const ARRAY_LIMITS = { root: 'any', maxBytes: MAX_FILE_BYTES, maxNodes: 1_000_000 } as const;

/** Reads a file with one event, or an array of them. Whatever is in it, this answers. */
export function readEvents(file: string, cwd: string): readonly EventReading[] {
  const bytes = readBytes(resolve(cwd, file));
  if (bytes.kind !== 'bytes') return [{ file, ...bytes }];
  const { content } = bytes;
  const first = content.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  if (first !== 0x5b) return [{ file, ...readOne(content) }];

  const whole = parseStrictJson(content, ARRAY_LIMITS);
  const parts = splitArray(content.toString('utf8'));
  // Of the whole only what keeps it from being split counts; what is wrong with an element is the element's.
  if (!whole.ok && (parts === undefined || ENCODING.includes(whole.code))) {
    return [{ file, kind: 'poison', code: whole.code, message: whole.message }];
  }
  if (parts === undefined || parts.length === 0) {
    return [
      { file, kind: 'poison', code: 'NO_EVENTS', message: 'the array is empty; send at least one event' },
    ];
  }
  return parts.map((part, index) => ({ file, index, ...readOne(part.trim()) }));
}

const ENCODING: readonly string[] = ['BYTE_ORDER_MARK', 'INVALID_UTF8', 'TOO_LARGE'];

function readOne(body: string | Buffer) {
  const reading = readIntake(body);
  if (!reading.ok) return { kind: 'poison', code: reading.code, message: reading.message } as const;
  return { kind: 'event', text: body.toString(), error: reading.error } as const;
}

function readBytes(path: string) {
  const unreadable = (code: string, message: string) => ({ kind: 'unreadable', code, message }) as const;
  let handle: number | undefined;
  try {
    handle = openSync(path, 'r');
    const { size } = fstatSync(handle);
    if (size > MAX_FILE_BYTES) {
      return {
        kind: 'poison',
        code: 'TOO_LARGE',
        message: `the file has more than ${MAX_FILE_BYTES} bytes`,
      } as const;
    }
    return { kind: 'bytes', content: readFileSync(handle) } as const;
  } catch (error) {
    const { code = 'UNREADABLE' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return unreadable('FILE_NOT_FOUND', 'there is no such file');
    return unreadable('FILE_UNREADABLE', `the file cannot be read (${code})`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
