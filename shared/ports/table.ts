/**
 * A table of items with conditional writes and transactions, as DynamoDB has them.
 *
 * Conditions and updates are data, so that the protocol is written once and holds in memory and
 * in DynamoDB alike; one test suite runs against both (`test/support/table-suite.ts`).
 */
export type Scalar = string | number | boolean | null;
export type Attribute =
  | Scalar
  | ReadonlySet<string>
  | readonly Attribute[]
  | { readonly [name: string]: Attribute | undefined };
export interface Key {
  readonly pk: string;
  readonly sk: string;
}
export type Item = Key & { readonly [name: string]: Attribute | undefined };

/** Where in an item: attribute name, then names inside maps. */
export type Path = readonly [string, ...string[]];

export type Condition =
  | { readonly op: 'exists' | 'absent'; readonly path: Path }
  | { readonly op: '=' | '<>' | '<' | '<=' | '>' | '>='; readonly path: Path; readonly value: Scalar }
  | { readonly op: 'in'; readonly path: Path; readonly values: readonly Scalar[] }
  /** The set at `path` holds `value`. An absent set holds nothing. */
  | { readonly op: 'contains'; readonly path: Path; readonly value: string }
  /** Number of members of the set, list, map or string at `path`; false when absent. */
  | { readonly op: 'size<'; readonly path: Path; readonly value: number }
  | { readonly op: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition };

export interface Update {
  readonly set?: readonly (readonly [Path, Attribute])[];
  readonly remove?: readonly Path[];
  /** Adds to a number (absent counts as 0). Top-level attributes only. */
  readonly add?: readonly (readonly [string, number])[];
  /** Adds members to a string set (absent = empty). Top-level attributes only. */
  readonly include?: readonly (readonly [string, string])[];
  /** Takes members out of a string set; an emptied set becomes absent. Top-level attributes only. */
  readonly exclude?: readonly (readonly [string, string])[];
}

export type Write =
  | { readonly kind: 'put'; readonly item: Item; readonly condition?: Condition }
  | { readonly kind: 'update'; readonly key: Key; readonly update: Update; readonly condition?: Condition }
  | { readonly kind: 'delete'; readonly key: Key; readonly condition?: Condition }
  | { readonly kind: 'check'; readonly key: Key; readonly condition: Condition };

/** Which writes of the call failed their condition, with the item as it stood. Faults are thrown. */
export type WriteResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly failed: readonly { readonly index: number; readonly item: Item | undefined }[];
    };

export interface QueryInput {
  readonly pk: string;
  readonly skPrefix?: string;
  /** Only sort keys >= this. */
  readonly skFrom?: string;
  /** Only sort keys <= this. */
  readonly skTo?: string;
  readonly index?: 'open' | 'list';
  readonly newestFirst?: boolean;
  readonly limit?: number;
  /** From the previous page. */
  readonly after?: string;
}
export interface Page {
  readonly items: readonly Item[];
  readonly next?: string;
}

export interface Table {
  /** Strongly consistent. `undefined` = not there. */
  get(key: Key): Promise<Item | undefined>;
  /** Strongly consistent except on an index (which holds keys only: read the items after). */
  query(input: QueryInput): Promise<Page>;
  /**
   * All writes or none: one write is a plain conditional write, several are a transaction of at most
   * 100 on distinct items. `token` makes a repeated transaction the same request for ten minutes.
   * Throws `StoreUnavailableError` on faults; a lost answer is resolved by the caller (`change.id`).
   */
  write(writes: readonly Write[], token?: string): Promise<WriteResult>;
}

/** One change of one item, as the table's stream carries it. */
export interface ChangeRecord {
  readonly eventId: string;
  readonly keys: Key;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** Removed by the table's own expiry, not by a caller. */
  readonly expired: boolean;
  /** Approximate, milliseconds since 1970. */
  readonly at: number;
}
