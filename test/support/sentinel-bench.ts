import { type SentinelDeps, sentinel } from '../../functions/sentinel/sentinel';
import type { Settings } from '../../shared/contracts/settings';
import { compilePatterns, type LoadedPlaybook } from '../../shared/domain/diagnosis';
import { bodyOf } from './builders/events';
import { buildPlaybook } from './builders/playbook';
import { buildSettings } from './builders/settings';
import { logicBench } from './logic-bench';

interface Setting {
  readonly playbooks?: readonly LoadedPlaybook[];
  readonly settings?: Settings;
}

/** The sentinel on stores in memory; events go in as objects or as raw text. */
export function sentinelBench({ playbooks = [buildPlaybook()], settings = buildSettings() }: Setting = {}) {
  const bench = logicBench();
  const deps: SentinelDeps = {
    ...bench,
    playbooks,
    diagnose: compilePatterns(playbooks),
    statistics: bench.playbooks,
    settings,
    policyVersion: 'policy-1',
  };
  let messages = 0;
  const take = async (...events: readonly unknown[]) =>
    sentinel(
      events.map((event) => ({
        messageId: `m${++messages}`,
        body: typeof event === 'string' ? event : bodyOf(event),
      })),
      deps,
    );
  return {
    ...bench,
    deps,
    take,
    /** Takes one event alone; its decision. */
    async decide(event: unknown) {
      const { decisions, failed } = await take(event);
      const [only] = decisions;
      if (only === undefined) throw new Error(`no decision; failed: ${failed.join(', ')}`);
      return only;
    },
    contractsMade: () => bench.items().filter(({ sk }) => sk === 'CONTRACT').length,
    quarantined: () => bench.items().filter(({ pk }) => pk.startsWith('QUARANTINE#')),
  };
}
export type SentinelBench = ReturnType<typeof sentinelBench>;
