import { measureAuditCheck } from './audit-check';

measureAuditCheck().then(
  (figures) => process.stdout.write(JSON.stringify(figures)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
