import type { AuditFinding, StoredFinding } from '../contracts/audit-findings';
import type { Hours } from '../domain/examine-entries';
import type { Sung } from '../domain/song';
import type { Heard } from '../domain/subsystems';
import type { Reason } from './contract-store';
import type { Item, Key } from './table';

/** What the log has of one change of one item. */
export interface LoggedChange {
  readonly rev: number;
  readonly eventId: string;
  /** Of the image that the change left; for a removal the one that it took; empty for a lost one. */
  readonly digest: string;
  readonly seq: number;
}

/** The log's own index of items: what it has of each, without reading entries. */
export interface LoggedItems {
  /** Newest rev first; changes that could not claim their rev are among them. */
  newest(key: Key, limit: number): Promise<readonly LoggedChange[]>;
  /** All that was logged under one rev. */
  at(key: Key, rev: number): Promise<readonly LoggedChange[]>;
}

/** Findings, kept as items until they are closed. */
export interface Findings {
  /** One item a finding: found again while open it is left as it is, found again after that it is opened again. */
  open(finding: AuditFinding, why: Reason): Promise<'opened' | 'known'>;
  /** `false` = there is none of this id that is open. */
  close(findingId: string, why: Reason): Promise<boolean>;
  get(findingId: string): Promise<StoredFinding | undefined>;
  /** Newest first. */
  list(limit: number): Promise<readonly StoredFinding[]>;
}

/** How far the checks have come. A hint that makes them cheap: a full check starts without it. */
export interface CheckProgress {
  readonly version: number;
  /** The first entry that was not looked at, and the link that it must follow. */
  readonly seq: number;
  readonly link: Uint8Array;
  readonly sequencedAt: number;
  readonly heard: Heard;
  /** Compared with the sealed copies up to this entry. */
  readonly sealedTo: number;
  /** The last songs of the canary, oldest first: the last one must be in the log, and each be answered. */
  readonly songs: readonly Sung[];
  /** Items to look at again: as `watchedName`, with the image that they had. */
  readonly watched: readonly string[];
  /** A reading of the whole state table that is under way, and where it goes on. */
  readonly sweep: { readonly startedAt: number; readonly after: string | undefined } | undefined;
  /** A reading of the whole log that is under way, and where it goes on. */
  readonly rescan:
    | { readonly seq: number; readonly link: Uint8Array; readonly sequencedAt: number }
    | undefined;
  /** When the state table was last read whole; 0 = never. */
  readonly sweptAt: number;
}

export interface CheckProgressStore {
  get(): Promise<CheckProgress>;
  /**
   * Moves on from what was read, and counts what was seen in the same transaction, so each entry once.
   * `false`: another check came first; nothing was written.
   */
  move(from: CheckProgress, to: Omit<CheckProgress, 'version'>, hours: Hours): Promise<boolean>;
  /** Hourly counts, oldest first. Hours are ISO 8601 to the hour: `2026-01-05T09`. */
  summaries(from: string, to: string): Promise<readonly HourSummary[]>;
}

export interface HourSummary {
  readonly hour: string;
  /** Entries by acting subsystem. */
  readonly activity: Readonly<Record<string, number>>;
  /** Of them, those that tell of a failure. */
  readonly failures: Readonly<Record<string, number>>;
}

/** Reads the state table page by page, in no order; consistently within a page. Never on a path that serves a person. */
export interface TableScan {
  page(after: string | undefined): Promise<{ readonly items: readonly Item[]; readonly next?: string }>;
}

/** What the sequencer did about a change whose record has not come. */
export interface FilledIn {
  readonly pk: string;
  readonly sk: string;
  readonly rev: number;
  /** Revs recorded as lost. */
  readonly lost: number;
  /** Entry of the change itself; absent when there was nothing to do after all. */
  readonly seq?: number;
}

/** The one that may append to the log. */
export interface Sequencer {
  fillIn(keys: readonly Key[]): Promise<readonly FilledIn[]>;
}

/** The one that may seal. */
export interface Sealer {
  seal(): Promise<void>;
}
