import { isMainThread } from 'node:worker_threads';
import { measureAuditVerify } from './audit-verify';
import { verifyStretchInWorker } from './audit-verify-worker';

/** The bundle is also what its worker threads run. */
const work = isMainThread
  ? measureAuditVerify(__filename).then((figures) => process.stdout.write(JSON.stringify(figures)))
  : verifyStretchInWorker();
work.catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
