import { LINK_BYTES } from '../audit-entry';
import { base64Of, bytesOfBase64 } from '../base64-bytes';
import { TlogFormatError } from './format-error';

/** What a log says that it is at one size (C2SP tlog-checkpoint). Signed, it is a note whose text this is. */
export interface Checkpoint {
  /** Names the log; ours hold deployment, account, region and epoch. */
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** RFC 6962 root over the first `size` entries. */
  readonly root: Uint8Array;
  /** Further lines. Signed too, and read by nobody who does not know them. */
  readonly extensions: readonly string[];
}

/** The text that is signed. @throws TlogFormatError when a line cannot stand in a checkpoint */
export function checkpointText({ origin, size, root, extensions }: Checkpoint): string {
  const text = `${[origin, String(size), base64Of(root), ...extensions].join('\n')}\n`;
  const lines = parseCheckpoint(text).extensions;
  if (lines.length !== extensions.length)
    throw new TlogFormatError('a line of a checkpoint holds a line feed');
  return text;
}

/** `text`: of a note, so with its last line feed. @throws TlogFormatError */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw new TlogFormatError('a checkpoint ends in a line feed');
  const [origin = '', size = '', root = '', ...extensions] = text.slice(0, -1).split('\n');
  if (origin === '') throw new TlogFormatError('a checkpoint begins with its origin');
  if (!/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw new TlogFormatError('the second line of a checkpoint is its size');
  }
  if (extensions.includes('')) throw new TlogFormatError('a checkpoint has no empty lines');
  return { origin, size: Number(size), root: rootOf(root), extensions };
}

function rootOf(text: string): Uint8Array {
  try {
    const root = bytesOfBase64(text);
    if (root.length === LINK_BYTES) return root;
  } catch (cause) {
    throw new TlogFormatError('the third line of a checkpoint is its root hash', { cause });
  }
  throw new TlogFormatError(`the root hash of a checkpoint has ${LINK_BYTES} bytes`);
}
