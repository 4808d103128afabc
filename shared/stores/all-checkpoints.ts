import type { AuditLog } from '../ports/audit-log';
import type { Checkpoints, StoredCheckpoint } from '../ports/audit-seal';

/** Checkpoints of a log over all its epochs: those of the newest epoch first. Sizes are of each epoch's tree. */
export function allCheckpoints(
  log: Pick<AuditLog, 'epochs'>,
  checkpoints: (epoch: number) => Checkpoints,
): Checkpoints {
  return {
    async list(limit) {
      const found: StoredCheckpoint[] = [];
      for (const { epoch } of [...(await log.epochs())].reverse()) {
        if (found.length >= limit) break;
        found.push(...(await checkpoints(epoch).list(limit - found.length)));
      }
      return found;
    },
  };
}
