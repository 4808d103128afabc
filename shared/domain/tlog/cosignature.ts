import { SIGNATURE_BYTES } from './ed25519';

/** A witness's statement: at this time this was the largest consistent tree that it had seen (C2SP tlog-cosignature v1). */
export interface Cosignature {
  /** Seconds since 1970. */
  readonly at: number;
  readonly signature: Uint8Array;
}

const TIME_BYTES = 8;

/** What an Ed25519 cosigner signs: `text` is the checkpoint's, as it stands in the note. */
export function cosignedMessage(text: string, at: number): string {
  return `cosignature/v1\ntime ${at}\n${text}`;
}

/** As it stands in the note's line, behind the key's id: the time, big-endian in 8 bytes, and the signature. */
export function encodeCosignature({ at, signature }: Cosignature): Uint8Array {
  const bytes = Buffer.alloc(TIME_BYTES + signature.length);
  bytes.writeBigUInt64BE(BigInt(at));
  bytes.set(signature, TIME_BYTES);
  return bytes;
}

/** `undefined` = of another length, or of a time that no clock will show. */
export function decodeCosignature(bytes: Uint8Array): Cosignature | undefined {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const at = Number(Buffer.from(bytes).readBigUInt64BE());
  return Number.isSafeInteger(at) ? { at, signature: bytes.subarray(TIME_BYTES) } : undefined;
}
