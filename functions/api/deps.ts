import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { Settings } from '../../shared/contracts/settings';
import type {
  ApiDocuments,
  Capabilities,
  Decider,
  ErrorIntake,
  IdempotencyStore,
  RateLimiter,
} from '../../shared/ports/api';
import type { DelegationStore, ReviewStore } from '../../shared/ports/approvals';
import type { CheckProgressStore, Findings } from '../../shared/ports/audit-check';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { AuditProofs, Checkpoints } from '../../shared/ports/audit-seal';
import type { Clock, Ids } from '../../shared/ports/clock';
import type { ContractStore, Reservations } from '../../shared/ports/contract-store';
import type { EpochClosings } from '../../shared/ports/epoch-closings';
import type { Listings } from '../../shared/ports/listings';
import type { Evidence, Logger } from '../../shared/ports/outside';
import type { Directory } from '../../shared/ports/people';
import type { QuarantineStore } from '../../shared/ports/quarantine';
import type { ControlStore, MissionStore, PlaybookStore } from '../../shared/ports/stores';

/** All that the API reaches. It reads the stores; what changes something goes through whoever is responsible. */
export interface ApiDeps {
  readonly contracts: ContractStore;
  readonly listings: Listings;
  readonly missions: MissionStore;
  readonly playbooks: PlaybookStore;
  readonly control: ControlStore;
  readonly quarantine: QuarantineStore;
  readonly delegations: DelegationStore;
  readonly reviews: ReviewStore;
  readonly evidence: Evidence;
  readonly audit: AuditLog;
  readonly proofs: AuditProofs;
  readonly checkpoints: Checkpoints;
  /** Of one epoch alone. */
  readonly checkpointsOf: (epoch: number) => Checkpoints;
  readonly closings: Pick<EpochClosings, 'last'>;
  readonly findings: Pick<Findings, 'list' | 'close'>;
  readonly activity: Pick<CheckProgressStore, 'summaries'>;
  readonly reservations: Pick<Reservations, 'lock'>;
  readonly directory: Directory;
  readonly decider: Decider;
  readonly errors: ErrorIntake;
  readonly capabilities: Capabilities;
  readonly idempotency: IdempotencyStore;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly settings: Settings;
  readonly account: string;
  readonly region: string;
  /** As compiled into this release: those that the deciding functions have. */
  readonly policies: Pick<CompiledPolicies, 'version' | 'policies'>;
  /** Read when first asked for: no generator goes into the function. */
  readonly documents: () => Promise<ApiDocuments>;
}
