import { fromBase64, hexOf } from './bytes';

/** What a signed checkpoint (C2SP tlog-checkpoint) says of the log. */
export interface Checkpoint {
  /** The last part of its origin. */
  readonly epoch: number;
  /** Entries of the epoch. */
  readonly size: number;
  /** RFC 6962 root over the epoch's first `size` entries, hex. */
  readonly root: string;
}

/**
 * Reads the text of a note: origin, size and root on a line each. Its signature is not checked here, since the key
 * would come from the same server: that is for `grace audit verify` with a key that the auditor keeps.
 */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const [origin = '', size = '', root = ''] = note.split('\n');
  const epoch = /\/([1-9]\d{0,14})$/.exec(origin)?.[1] ?? '1';
  if (!/^\d{1,15}$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root)) return undefined;
  return { epoch: Number(epoch), size: Number(size), root: hexOf(fromBase64(root)) };
}
