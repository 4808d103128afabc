import type {
  Attribute,
  Condition,
  Item,
  Key,
  Page,
  QueryInput,
  Table,
  Write,
} from '../../shared/ports/table';
import { StoreRequestError } from '../../shared/stores/errors';

/** What the parts of the table suite share: one table, and a partition of its own for each test. */
export interface TableBench {
  readonly name: string;
  /** A test; skipped when the table is known not to fulfil the sentence. */
  it(sentence: string, run: () => Promise<void>): void;
  table(): Table;
  /** The partition of this test. */
  pk(): string;
  key(sk?: string): Key;
  put(attributes: Record<string, Attribute | undefined>, sk?: string): ReturnType<Table['write']>;
  update(
    part: Omit<Extract<Write, { kind: 'update' }>, 'kind' | 'key'>,
    sk?: string,
  ): ReturnType<Table['write']>;
  check(condition: Condition, sk?: string): ReturnType<Table['write']>;
  /** Expects a StoreRequestError. */
  refused(call: Promise<unknown>): Promise<void>;
  everyPage(query: Omit<QueryInput, 'pk'> & { readonly pk?: string }): Promise<readonly Item[]>;
}

/** Sentences that a table is known not to fulfil, each with the reason. */
export type Exceptions = Readonly<Record<string, string>>;

export function tableBench(name: string, makeTable: () => Promise<Table>, except: Exceptions): TableBench {
  let made: Table | undefined;
  let pk = '';
  let partitions = 0;
  const table = () => made as Table;
  const key = (sk = 'A'): Key => ({ pk, sk });

  beforeAll(async () => {
    made = await makeTable();
  });
  beforeEach(() => {
    pk = `TEST#${++partitions}#${Math.random().toString(36).slice(2)}`;
  });

  return {
    name,
    it: (sentence, run) => {
      const reason = except[sentence];
      if (reason === undefined) test(sentence, run);
      else test.skip(`${sentence} (${reason})`, run);
    },
    table,
    pk: () => pk,
    key,
    put: (attributes, sk) => table().write([{ kind: 'put', item: { ...key(sk), ...attributes } }]),
    update: (part, sk) => table().write([{ kind: 'update', key: key(sk), ...part }]),
    check: (condition, sk) => table().write([{ kind: 'check', key: key(sk), condition }]),
    refused: (call) => expect(call).rejects.toThrow(StoreRequestError),
    everyPage: async (query) => {
      const items: Item[] = [];
      let after: string | undefined;
      do {
        const page: Page = await table().query({ pk, ...query, ...(after !== undefined && { after }) });
        items.push(...page.items);
        after = page.next;
      } while (after !== undefined);
      return items;
    },
  };
}

export function sks(items: readonly Item[]): string[] {
  return items.map(({ sk }) => sk);
}
