import type { StoredEntry } from '../domain/audit-entry';
import type { Checkpoint } from '../domain/tlog/checkpoint';

/** Sealed copies of the log, as they lie below its prefix (`shared/domain/tlog/seal-layout.ts`, `tile-path.ts`). */
export interface SealedCopies {
  /** `undefined` = there is no such object. */
  read(name: string): Promise<Uint8Array | undefined>;
}

/** All of a log's sealed copies, for whoever checks them whole. */
export interface SealedArchive extends SealedCopies {
  /** Names of all objects, in any order. */
  names(): AsyncIterable<string>;
}

export interface StoredCheckpoint {
  /** Entries that it covers, of its epoch. */
  readonly size: number;
  /** The signed note, as it stands. */
  readonly note: string;
}

/** Signed checkpoints of one epoch, or of all. */
export interface Checkpoints {
  /** Newest first. */
  list(limit: number): Promise<readonly StoredCheckpoint[]>;
}

/** That an entry is in the log, for whoever asks; `encodeProof` makes a file of it. */
export interface EntryProof {
  readonly entry: StoredEntry;
  /** Of the leaf, in the tree of the entry's epoch. */
  readonly index: number;
  /** Hashes from the leaf's sibling upwards (RFC 6962 2.1.1), of the tree that the checkpoint is of. */
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: StoredCheckpoint;
}

export interface AuditProofs {
  /**
   * `under`: the checkpoint that the proof is to lead to; by default the newest one of the entry's epoch.
   * `undefined` = it does not cover that entry, or there is none yet.
   * @throws AuditLogBrokenError when what is sealed does not prove what the log holds
   */
  proofOf(seq: number, under?: StoredCheckpoint): Promise<EntryProof | undefined>;
  /**
   * That the log of `under` begins with what `kept` covers: hashes of RFC 6962 2.1.2.
   * `undefined` = `kept` is newer than `under`, or covers nothing.
   * @throws AuditLogBrokenError when the sealed log does not begin with it
   */
  consistencyOf(
    kept: Pick<Checkpoint, 'size' | 'root'>,
    under: StoredCheckpoint,
  ): Promise<readonly Uint8Array[] | undefined>;
}
