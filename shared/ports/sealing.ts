import type { Checkpoints, SealedCopies, StoredCheckpoint } from './audit-seal';

/** The place that sealed copies are written to. Only the sealer has it. */
export interface SealWriter extends SealedCopies {
  /** Writes once. `false`: other bytes stand there, and stay; the same bytes again are as good as written. */
  write(name: string, bytes: Uint8Array): Promise<boolean>;
  /** For the few objects that tell of the newest state; what stood there is kept as an older version. */
  replace(name: string, bytes: Uint8Array): Promise<void>;
}

export interface CheckpointWriter extends Checkpoints {
  /** `false` = one of this size is there already; it stays as it is. */
  put(checkpoint: StoredCheckpoint): Promise<boolean>;
  get(size: number): Promise<StoredCheckpoint | undefined>;
}

/** A key that signs checkpoints, wherever it is kept. In notes it goes by the origin of what it signs. */
export interface NoteSigner {
  /** Ed25519, 32 bytes. */
  publicKey(): Promise<Uint8Array>;
  /** Ed25519 over the text's UTF-8, 64 bytes. */
  sign(text: string): Promise<Uint8Array>;
}
