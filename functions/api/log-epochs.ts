import type { LogEpochView } from '../../shared/contracts/api/audit';
import { closedBefore } from '../../shared/contracts/closed-before';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import type { AuditLog, LogEpoch } from '../../shared/ports/audit-log';
import { timeOf } from './contract-view';
import type { ApiDeps } from './deps';

type Ending = Pick<LogEpochView, 'closedBy' | 'reason' | 'closedAt' | 'root'>;

const NOT_ENDED: Ending = { closedBy: null, reason: null, closedAt: null, root: null };

/**
 * The newest `limit` epochs of the log, the open one first. Who closed one is taken from the entry that begins the next,
 * which the signed tree of that one covers, and not from the row of the order, which anybody may have written over.
 */
export async function logEpochs(
  limit: number,
  { audit, checkpointsOf, closings }: Pick<ApiDeps, 'audit' | 'checkpointsOf' | 'closings'>,
): Promise<LogEpochView[]> {
  // In this order: one whose closing is met meanwhile shows as closed, and never as open.
  const order = await closings.last();
  const head = await audit.head();
  const epochs = (await audit.epochs()).filter(({ epoch }) => epoch <= head.epoch);
  const view = async (one: LogEpoch): Promise<LogEpochView> => {
    const { epoch, base: from } = one;
    const next = epochs.find((other) => other.epoch === epoch + 1);
    const [newest] = await checkpointsOf(epoch).list(1);
    const stands = {
      epoch,
      from,
      entries: (next?.base ?? head.size) - from,
      signed: newest?.size ?? 0,
    };
    if (next !== undefined) return { ...stands, status: 'closed', ...(await endingOf(one, next, audit)) };
    if (order?.epoch !== epoch) return { ...stands, status: 'open', ...NOT_ENDED };
    const { by, reason, at } = order;
    return { ...stands, status: 'closing', closedBy: by, reason, closedAt: timeOf(at), root: null };
  };
  return Promise.all(epochs.slice(-limit).reverse().map(view));
}

/** What the first entry of the next epoch says of the one that it ends. */
async function endingOf(ended: LogEpoch, next: LogEpoch, audit: Pick<AuditLog, 'entries'>): Promise<Ending> {
  for await (const { leaf } of audit.entries(next.base, next.base + 1)) {
    const closes = closedBefore(leaf);
    if (closes?.base !== ended.base) break;
    const { actor, reason, sequencedAt } = readAuditBody(leaf);
    return { closedBy: actor, reason, closedAt: timeOf(sequencedAt), root: closes.root };
  }
  return NOT_ENDED;
}
