/**
 * How a sealed log lies in its bucket, below the prefix of its epoch, and in a directory that is a copy of it. Tiles and
 * entry bundles are named by `tilePath`; the rest is named here. C2SP tlog-tiles knows tiles, bundles and `checkpoint`.
 */

/** The newest signed checkpoint: the one object that is replaced. */
export const LATEST_CHECKPOINT = 'checkpoint';
/** Verifier keys of the log, one a line, oldest first; several while a key is being rotated. */
export const KEYS = 'keys';
const CHECKPOINTS = 'checkpoints/';
/** Digits of the largest safe integer, so that names sort as sizes do. */
const DIGITS = 16;

/** Every checkpoint ever signed, by its size: written once. */
export function checkpointName(size: number): string {
  return `${CHECKPOINTS}${String(size).padStart(DIGITS, '0')}`;
}

/** Whether a signed checkpoint lies here, be it with a witness's signature. */
export function isCheckpointName(name: string): boolean {
  return /^(?:checkpoint|checkpoints\/\d{16}|cosigned\/\d{16}-[0-9a-f]{8})$/.test(name);
}

/** What one witness signed of the checkpoint of a size: the note with the witness's signature. Written once. */
export function cosignedName(size: number, keyId: string): string {
  return `cosigned/${String(size).padStart(DIGITS, '0')}-${keyId}`;
}
