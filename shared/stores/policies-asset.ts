import { readFileSync } from 'node:fs';
import { type CompiledPolicies, readCompiledPolicies } from '../contracts/compiled-policies';
import { POLICIES_ASSET } from '../names';

/**
 * The policies that synth has checked and put beside the function.
 * @param module the function's own `import.meta.url`
 * @throws CompiledPoliciesError when they are not what their version says
 */
export function bundledPolicies(module: string): CompiledPolicies {
  return readCompiledPolicies(JSON.parse(readFileSync(new URL(`./${POLICIES_ASSET}`, module), 'utf8')));
}
