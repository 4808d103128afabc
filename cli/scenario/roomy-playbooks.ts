import { type CompiledPlaybooks, compilePlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { JsonValue } from '../../shared/domain/canonical-json';

/** As many as the schema lets, in its shortest period. */
const ROOMY = { max: 100, per: '1m' };

/**
 * The same playbooks with budgets that do not run out: a scenario plays in an hour what should not happen in a
 * month, and is about everything but budgets (the fault table is). Their versions differ from the shipped ones.
 */
export function roomyPlaybooks(shipped: CompiledPlaybooks): CompiledPlaybooks {
  const texts = shipped.map(({ name, playbook }) => {
    const limits = playbook['limits'] as { readonly [field: string]: JsonValue };
    // JSON is YAML.
    const text = JSON.stringify({ ...playbook, limits: { ...limits, budget: ROOMY } }, null, 1);
    return { file: `${name}.yaml`, text };
  });
  const { compiled, problems } = compilePlaybooks(texts);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.file}: ${problem.field}: ${problem.message}`);
  return compiled;
}
