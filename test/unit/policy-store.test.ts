import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { policyKey } from '../../shared/domain/keys';
import { policyStore } from '../../shared/stores/policy-store';
import { memoryBench, why } from '../support/stores-bench';

describe('the policy store', () => {
  test('keeps a set under its version, once, and reads it back', async () => {
    const { table } = memoryBench();
    const store = policyStore(table);
    const compiled = shippedPolicies();
    expect(await store.version(compiled.version)).toBeUndefined();
    expect(await store.publish(compiled, why('deployed'))).toBe('written');
    expect(await store.publish(compiled, why('deployed again'))).toBe('unchanged');
    expect(await store.version(compiled.version)).toEqual(compiled);
    expect(await table.get(policyKey(compiled.version))).toMatchObject({
      rev: 1,
      schemaVersion: 1,
      change: { event: 'policy.published', reason: 'deployed' },
    });
  });

  test('does not read what was changed by hand', async () => {
    const { table } = memoryBench();
    const store = policyStore(table);
    const compiled = shippedPolicies();
    await store.publish(compiled, why('deployed'));
    const text = JSON.stringify({ ...compiled, policies: compiled.policies.slice(1) });
    await table.write([
      { kind: 'update', key: policyKey(compiled.version), update: { set: [[['text'], text]] } },
    ]);
    await expect(store.version(compiled.version)).rejects.toThrow('are not version');
  });
});
