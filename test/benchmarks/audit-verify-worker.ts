import { parentPort, workerData } from 'node:worker_threads';
import { verifyChain } from '../../shared/domain/audit-chain';
import { GENESIS_LINK } from '../../shared/domain/audit-entry';
import { auditEntries } from './audit-entries';

export interface Stretch {
  readonly from: number;
  readonly count: number;
}

/** Makes its stretch, says that it is ready, verifies it when it is told to, and answers how many hold. */
export async function verifyStretchInWorker(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('not in a worker');
  const { from, count } = workerData as Stretch;
  const entries = [...auditEntries(from, count)];
  port.once('message', async () => {
    const { verified } = await verifyChain(entries, { from: { seq: from, link: GENESIS_LINK } });
    port.postMessage(verified);
    port.close();
  });
  port.postMessage('ready');
}
