import { contractKey } from '../domain/keys';
import { INDEXES } from '../names';
import type { Listed, Listings } from '../ports/listings';
import type { QueryInput, Table } from '../ports/table';
import { SHARDS } from './contract-store';

/** Lists on the state table's sharded indexes: each shard is asked for a whole page, and they are merged. */
export function listings(table: Table): Listings {
  const merged = async (
    kind: string,
    {
      index,
      limit,
      ...range
    }: Omit<QueryInput, 'pk'> & { readonly index: 'open' | 'list'; readonly limit: number },
  ): Promise<Listed[]> => {
    const sk = INDEXES[index].sk;
    const pages = await Promise.all(
      Array.from({ length: SHARDS }, (_, shard) =>
        // One more, since the range includes the place where the page before ended.
        table.query({ pk: `${kind}#${shard}`, index, limit: limit + 1, ...range }),
      ),
    );
    const edge = range.skTo ?? range.skFrom;
    const direction = range.newestFirst ? -1 : 1;
    return pages
      .flatMap((page) => page.items)
      .map((item) => ({ id: item.pk.slice('CONTRACT#'.length), at: String(item[sk]) }))
      .filter(({ at }) => at !== edge)
      .sort((a, b) => (a.at < b.at ? -direction : a.at > b.at ? direction : 0))
      .slice(0, limit);
  };
  return {
    contracts: (limit, before) =>
      merged('CONTRACT', {
        index: 'list',
        limit,
        newestFirst: true,
        ...(before === undefined ? {} : { skTo: before }),
      }),
    open: (limit, after) =>
      merged('OPEN', { index: 'open', limit, ...(after === undefined ? {} : { skFrom: after }) }),
    async rows(contractId, prefix) {
      const page = await table.query({ pk: contractKey(contractId).pk, skPrefix: prefix });
      return page.items;
    },
  };
}
