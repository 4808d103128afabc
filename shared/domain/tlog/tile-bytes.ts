import { LINK_BYTES } from '../audit-entry';
import { TlogFormatError } from './format-error';
import { TILE_WIDTH } from './tile-path';

const LENGTH_BYTES = 2;
/** An entry's length is written in two bytes. */
export const MAX_ENTRY_BYTES = 0xffff;

/** The bytes of a tile: its hashes one after the other. */
export function encodeTile(hashes: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(hashes);
}

/** @throws TlogFormatError when there are not `width` hashes */
export function decodeTile(bytes: Uint8Array, width: number): Uint8Array[] {
  if (bytes.length !== width * LINK_BYTES) {
    throw new TlogFormatError(
      `a tile of ${width} hashes has ${width * LINK_BYTES} bytes, not ${bytes.length}`,
    );
  }
  return Array.from({ length: width }, (_, n) => bytes.subarray(n * LINK_BYTES, (n + 1) * LINK_BYTES));
}

/**
 * The bytes of an entry bundle: each entry behind its length, two bytes big-endian.
 * @throws TlogFormatError when an entry is longer than that can say
 */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts = entries.flatMap((entry) => {
    if (entry.length > MAX_ENTRY_BYTES) throw new TlogFormatError(`an entry has ${entry.length} bytes`);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(entry.length);
    return [length, entry];
  });
  return Buffer.concat(parts);
}

/** @throws TlogFormatError when the bytes end inside an entry, or there are not `width` of them */
export function decodeBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries = readableEntries(bytes);
  const read = entries.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0);
  if (read !== bytes.length || entries.length !== width) {
    throw new TlogFormatError(`the bundle does not hold ${width} entries`);
  }
  return entries;
}

/** The entries of a bundle up to where it ends or stops being one: what can still be read of a damaged one. */
export function readableEntries(bytes: Uint8Array): Uint8Array[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at + LENGTH_BYTES <= buffer.length && entries.length < TILE_WIDTH; ) {
    const start = at + LENGTH_BYTES;
    const end = start + buffer.readUInt16BE(at);
    if (end > buffer.length) break;
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  return entries;
}
