import { type CompiledPolicies, readCompiledPolicies } from '../contracts/compiled-policies';
import { canonicalJson, type JsonValue } from '../domain/canonical-json';
import { policyKey } from '../domain/keys';
import type { PolicyStore } from '../ports/stores';
import type { Table } from '../ports/table';
import { changeFor, newItem } from './item-writes';
import { absent } from './when';

/** Every policy set that a contract may have been decided by, kept by its version: written once, never changed. */
export function policyStore(table: Table): PolicyStore {
  return {
    async publish(compiled: CompiledPolicies, why) {
      const { version } = compiled;
      const text = canonicalJson(compiled as unknown as JsonValue);
      const change = changeFor(`policy/${version}`, 'policy.published', why, { correlationId: 'policy' });
      const written = await table.write([
        {
          kind: 'put',
          item: newItem(policyKey(version), change, { version, text }),
          condition: absent('pk'),
        },
      ]);
      return written.ok ? 'written' : 'unchanged';
    },

    async version(hash) {
      const text = (await table.get(policyKey(hash)))?.['text'];
      return typeof text === 'string' ? readCompiledPolicies(JSON.parse(text)) : undefined;
    },
  };
}
