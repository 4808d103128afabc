import * as z from 'zod/mini';
import type { TokenStore } from '../ports/stores';
import type { Table } from '../ports/table';

const Row = z.object({ ciphertext: z.string() });

/** Encrypted task tokens, in a table of their own. Kept two days past their wait's longest time. */
export function tokenStore(table: Table): TokenStore {
  return {
    async put(token) {
      const { contractId, generation, name, ciphertext, at } = token;
      await table.write([
        {
          kind: 'put',
          item: {
            pk: contractId,
            sk: `${String(generation).padStart(4, '0')}#${String(at).padStart(15, '0')}#${name}`,
            ciphertext,
            ttl: Math.floor(at / 1000) + 3 * 86_400,
          },
        },
      ]);
    },
    async of(contractId, generation) {
      const page = await table.query({
        pk: contractId,
        skPrefix: `${String(generation).padStart(4, '0')}#`,
        newestFirst: true,
      });
      return page.items.map((item) => Row.parse(item));
    },
  };
}
