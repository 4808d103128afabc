import type {
  CheckProgressStore,
  Findings,
  LoggedItems,
  Sealer,
  Sequencer,
  TableScan,
} from '../../shared/ports/audit-check';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { Checkpoints, SealedCopies } from '../../shared/ports/audit-seal';
import type { Canaries } from '../../shared/ports/canaries';
import type { Clock } from '../../shared/ports/clock';
import type { ContractStore } from '../../shared/ports/contract-store';
import type { Logger, Metrics } from '../../shared/ports/outside';
import type { Table } from '../../shared/ports/table';

export interface CheckDeps {
  readonly log: AuditLog;
  readonly logged: LoggedItems;
  /** The state table, read only. */
  readonly state: Pick<Table, 'get'>;
  readonly scan: TableScan;
  readonly contracts: Pick<ContractStore, 'open'>;
  readonly progress: CheckProgressStore;
  readonly canaries: Pick<Canaries, 'sing' | 'answered'>;
  readonly findings: Findings;
  readonly sequencer: Sequencer;
  readonly sealer: Sealer;
  /** Of each epoch. */
  readonly sealed: (epoch: number) => SealedCopies;
  readonly checkpoints: (epoch: number) => Checkpoints;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** When to stop, and go on at the next call: milliseconds since 1970. */
  readonly until: number;
}
