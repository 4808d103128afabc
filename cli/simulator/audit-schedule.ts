import { FUNCTIONS } from '../../shared/names';
import type { Logger } from '../../shared/ports/outside';
import type { Invoke } from './invoker';
import type { Kernel } from './kernel';

const SEAL_EVERY_MS = 60_000;
const CHECK_EVERY_MS = 15 * 60_000;

/** The schedules of the audit log: sealed each minute, checked each quarter of an hour, as in the stack. */
export function scheduleAudit(given: {
  readonly kernel: Kernel;
  readonly invoke: Invoke;
  readonly logger: Logger;
  readonly isStopped: () => boolean;
}): void {
  const { kernel, invoke, logger, isStopped } = given;
  const each = (everyMs: number, name: string, payload: unknown): void => {
    const run = (): void => {
      if (isStopped()) return;
      // What failed is done by the next call.
      invoke(name, payload).catch((error: unknown) =>
        logger.error('scheduled call failed', { code: 'SCHEDULED_CALL_FAILED', name, error: String(error) }),
      );
      kernel.schedule(everyMs, run, name);
    };
    kernel.schedule(everyMs, run, name);
  };
  each(SEAL_EVERY_MS, FUNCTIONS.auditSealer, undefined);
  each(CHECK_EVERY_MS, FUNCTIONS.auditCheck, {});
}
