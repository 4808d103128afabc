import type { Findings } from '../../shared/ports/audit-check';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { Clock } from '../../shared/ports/clock';
import type { Logger, Metrics } from '../../shared/ports/outside';
import type { CheckpointWriter, NoteSigner, SealWriter } from '../../shared/ports/sealing';

export interface SealerDeps {
  readonly log: Pick<AuditLog, 'head' | 'entries'>;
  readonly checkpoints: CheckpointWriter;
  readonly sealed: SealWriter;
  /** All that sign now, oldest first: two while a key is being rotated. */
  readonly signers: readonly NoteSigner[];
  /** Verifier keys of the witnesses whose signatures are kept. */
  readonly witnesses: readonly string[];
  readonly findings: Pick<Findings, 'open'>;
  /** First line of every checkpoint. */
  readonly origin: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
