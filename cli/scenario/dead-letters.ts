import type { Deployment } from '../simulator/deployment';
import type { Kernel } from '../simulator/kernel';

const LOOK_EVERY_MS = 10 * 60_000;

/**
 * The operator whom the alarm on dead letters calls: sends events back to the intake, each once, as the runbook
 * says. Without faults there are none, and it has nothing to do.
 */
export function returnDeadLetters(
  kernel: Kernel,
  deployment: Pick<Deployment, 'deadLetters' | 'intake'>,
): void {
  const returned = new Set<unknown>();
  const look = (): void => {
    for (const letter of deployment.deadLetters()) {
      // Events are text; the other queues' messages are asked for again by the reaper.
      if (typeof letter !== 'string' || returned.has(letter)) continue;
      returned.add(letter);
      deployment.intake(letter);
    }
    kernel.schedule(LOOK_EVERY_MS, look, 'dead letters');
  };
  kernel.schedule(LOOK_EVERY_MS, look, 'dead letters');
}
