/** Bytes or text that are not of the C2SP format that they should be of. The message says what is wrong, and where. */
export class TlogFormatError extends Error {
  override readonly name = 'TlogFormatError';
}
