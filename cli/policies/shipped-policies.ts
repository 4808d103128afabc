import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import { SHIPPED_POLICIES } from './policy-directory';
import { loadPolicies } from './run-cases';

let compiled: CompiledPolicies | undefined;

/** The policies that come with Grace, read once. */
export function shippedPolicies(): CompiledPolicies {
  compiled ??= loadPolicies(SHIPPED_POLICIES);
  return compiled;
}
