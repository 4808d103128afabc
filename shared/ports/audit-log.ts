import type { AuditBody, AuditFault } from '../contracts/audit-body';
import type { StoredEntry } from '../domain/audit-entry';
import type { MerkleRange } from '../domain/merkle-range';

/** What a change is known by before it has its place in the log. */
export interface AuditDraft {
  readonly facts: Omit<AuditBody, 'v' | 'log' | 'seq' | 'sequencedAt' | 'closes'>;
  /** Does not claim its item's `rev`: a removal, or a `rev` that does not follow. */
  readonly aside: boolean;
  /** The change closes the epoch that is open; the name of the log, for the epoch's origin. */
  readonly closes?: string;
}

/** Where a draft stands in the log. `repeated`: it stood there before this call. */
export interface Logged {
  readonly seq: number;
  readonly draft: AuditDraft;
  readonly fault: AuditFault | undefined;
  readonly repeated: boolean;
}

/** An epoch: a Merkle tree of its own over the entries from `base` to the next epoch's. */
export interface LogEpoch {
  /** 1, 2, 3 … */
  readonly epoch: number;
  /** `seq` of its first entry. */
  readonly base: number;
}

/** The last one of the epochs is the open one, whose tree `range` is of. */
export interface LogHead extends LogEpoch {
  readonly log: string;
  /** Number of entries, over all epochs. */
  readonly size: number;
  /** Of the last entry; the genesis link of an empty log. */
  readonly link: Uint8Array;
  readonly range: MerkleRange;
  /** Milliseconds since 1970 of the last entry; 0 of an empty log. */
  readonly sequencedAt: number;
  /** Batches appended so far. */
  readonly version: number;
}

/** The collection of items whose entries are asked for. */
export type EntriesOf =
  | { readonly contractId: string }
  /** `contractIds`: contracts known to be of the mission, beside those that its own entries name. */
  | { readonly missionId: string; readonly contractIds?: readonly string[] };

/** One log: a strict chain of entries, only ever appended to. */
export interface AuditLog {
  /**
   * Appends the changes that are not in the log yet, in the order given. Exactly once by stream event id,
   * whoever else appends; safe to repeat after any fault or lost answer. In transactions of at most
   * `MAX_BATCH`, so a fault may leave a first part appended. A change that closes the open epoch becomes the first
   * entry of the next one, and says what the closed one was.
   * @throws AuditContentionError when others kept appending first; StoreUnavailableError on faults
   */
  append(drafts: readonly AuditDraft[], now: number): Promise<readonly Logged[]>;
  head(): Promise<LogHead>;
  /** Oldest first, never none. What is signed does not cover these rows: only the entries at their bases say that they are true. */
  epochs(): Promise<readonly LogEpoch[]>;
  /** Entries `from` (included) to `to` (excluded; default: the head's size now), in order; gaps are left to `verifyChain`. */
  entries(from: number, to?: number): AsyncIterable<StoredEntry>;
  /**
   * Entries of one contract (its whole item collection), or of one mission and its contracts, in order.
   * @throws AuditLogBrokenError when the index names an entry that is not there
   */
  entriesOf(of: EntriesOf): Promise<readonly StoredEntry[]>;
}
