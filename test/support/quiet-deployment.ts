import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { sharedCloud } from '../../cli/scenario/shared-cloud';
import { createDeployment } from '../../cli/simulator/deployment';
import { createKernel } from '../../cli/simulator/kernel';
import { parseSettings, type SettingsFile } from '../../shared/contracts/settings';
import type { FunctionName } from '../../shared/names';
import { findingStore } from '../../shared/stores/finding-store';

const START = Date.UTC(2026, 0, 5, 9);
const MINUTE = 60_000;

/** Grace in the simulator with nothing to heal, whose functions can be stopped and started. */
export function quietDeployment(settings: SettingsFile = {}) {
  const kernel = createKernel({ startMs: START, seed: 1 });
  const stopped = new Set<FunctionName>();
  const published: string[] = [];
  const decided: string[] = [];
  const units = { state: 0, tokens: 0, audit: 0 };
  const deployment = createDeployment({
    kernel,
    cloud: sharedCloud(),
    playbooks: [],
    policies: shippedPolicies(),
    settings: parseSettings({ ephemeral: true, ...settings }),
    account: '123456789012',
    region: 'us-east-1',
    faults: {
      onInvoke: ({ functionName }) =>
        stopped.has(functionName as FunctionName)
          ? { kind: 'throw', when: 'before', error: new Error(`${functionName} is stopped`) }
          : undefined,
    },
    onPublished: ({ type }) => void published.push(type),
    // What the cursor takes is paid for with and without songs.
    onConsumed: (table, count, pkPrefix) => {
      if (pkPrefix !== 'CURSOR') units[table] += count;
    },
    onDecisions: ({ decisions }) => void decided.push(...decisions.map(({ decision }) => decision)),
  });
  return {
    deployment,
    kernel,
    stopped,
    published,
    decided,
    /** Write units by table, without the check's own cursor. */
    units,
    pass: (minutes: number) => kernel.run({ untilMs: kernel.now() + minutes * MINUTE }),
    /** Open findings, as `kind what`. */
    async open(): Promise<readonly string[]> {
      const all = await findingStore(deployment.state).list(100);
      return all.flatMap(({ status, finding: { kind, pk } }) => (status === 'open' ? [`${kind} ${pk}`] : []));
    },
  };
}
