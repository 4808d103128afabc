import type { Quarantined, QuarantineEntry } from '../contracts/quarantine';
import type { Reason } from './contract-store';

export interface QuarantinePage {
  /** Newest first: by when they came, or, of released ones, by when they were released. */
  readonly entries: readonly QuarantineEntry[];
  /** For `before` of the next page; absent on the last one. */
  readonly next?: string;
}

export type ReleaseResult =
  | { readonly ok: true; readonly entry: QuarantineEntry }
  /** `NOT_RELEASABLE`: it was no proper event, so a release would only bring it back here. */
  | { readonly ok: false; readonly code: 'NOT_FOUND' }
  | {
      readonly ok: false;
      readonly code: 'ALREADY_RELEASED' | 'NOT_RELEASABLE';
      readonly entry: QuarantineEntry;
    };

/** Messages that were not taken in. They are let go by a person only. */
export interface QuarantineStore {
  /** Kept once by its id: a repeat changes nothing, also after a release. */
  put(poison: Quarantined, why: Reason): Promise<void>;
  get(id: string): Promise<QuarantineEntry | undefined>;
  /** @param query `before`: the `next` of the page before */
  list(query: {
    readonly status: 'held' | 'released';
    readonly limit: number;
    readonly before?: string;
  }): Promise<QuarantinePage>;
  /**
   * One conditional write, which says who and why; `quarantine.released` follows from it, and makes the
   * sentinel take the event in again. Doing it twice is told apart from doing it once.
   */
  release(id: string, why: Reason): Promise<ReleaseResult>;
  /** The message, if a person let it go. */
  releasedBody(id: string): Promise<{ readonly body: string; readonly by: string } | undefined>;
}
