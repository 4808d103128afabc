/** Where something stands in a list; `at` is its place, as text that sorts. */
export interface Listed {
  readonly id: string;
  readonly at: string;
}

/** Lists that people read, a page at a time. Ids only: what they name is read after. */
export interface Listings {
  /** Contracts, newest first; `before`: the place where the page before ended. */
  contracts(limit: number, before?: string): Promise<readonly Listed[]>;
  /** Contracts that have not ended, oldest first; `after`: the place where the page before ended. */
  open(limit: number, after?: string): Promise<readonly Listed[]>;
  /** The rows of a contract's partition whose sort key begins so, as they are stored. */
  rows(contractId: string, prefix: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}
