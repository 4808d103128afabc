import { quickPlaybooks } from '../../cli/scenario/quick-playbooks';
import type { Table } from '../../shared/ports/table';
import { playbookStore } from '../../shared/stores/playbook-store';

/**
 * Writes the quick playbooks' versions into the state table. Before the first event comes: a sentinel that has read
 * its playbooks does not read them again for half a minute.
 */
export async function pushQuickPlaybooks(state: Table): Promise<void> {
  const why = { actor: 'emulator-tests', reason: 'TEST', at: Date.now() };
  for (const { name, version, playbook } of quickPlaybooks()) {
    await playbookStore(state).publish({ name, version, source: playbook }, why);
  }
}
