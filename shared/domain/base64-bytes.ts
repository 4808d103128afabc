/** Bytes as base64 text (RFC 4648 section 4, padded). */
export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Strict: only the one text that `base64Of` makes of the bytes. Buffer alone also takes texts with other
 * letters, spaces or stray bits, so that a changed text could still give the same bytes.
 * @throws RangeError
 */
export function bytesOfBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new RangeError('not base64 as we write it');
  return bytes;
}
