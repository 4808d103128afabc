import { cedarPolicies } from '../../shared/stores/cedar-policies';
import { bundledPolicies } from '../../shared/stores/policies-asset';
import { buildRebootPlan, START } from '../support/builders/plan';
import { median } from './figure';

/**
 * What a function does that decides by policies, in a process of its own: reads them, decides for the first time,
 * and then many times. `cold_load_admit` has the load of the whole function.
 */
async function measure(): Promise<void> {
  const policies = cedarPolicies(bundledPolicies(import.meta.url));
  const decide = () =>
    policies.decide({ action: 'execute', plan: buildRebootPlan(), approvedBy: 'quorum', now: START });
  const decision = await decide();
  const first = performance.now();
  const { user, system } = process.cpuUsage();
  if (!decision.allowed) throw new Error(decision.detail);
  const times: number[] = [];
  for (let round = 0; round < 2000; round += 1) {
    const from = performance.now();
    await decide();
    times.push(performance.now() - from);
  }
  console.log(
    JSON.stringify({ firstMs: first, cpuMs: (user + system) / 1000, warmMs: median(times.slice(1000)) }),
  );
}

measure().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
