import type { SealedCopies } from '../ports/audit-seal';
import type { Clock, Random } from '../ports/clock';
import type { Table } from '../ports/table';
import { allCheckpoints } from './all-checkpoints';
import { auditProofs } from './audit-proofs';
import { auditStore } from './audit-store';
import { checkProgressStore } from './check-progress-store';
import { checkpointStore } from './checkpoint-store';
import { contractStore } from './contract-store';
import { controlStore } from './control-store';
import { delegationStore } from './delegation-store';
import { epochClosings } from './epoch-closings';
import { findingStore } from './finding-store';
import { idempotencyStore } from './idempotency-store';
import { listings } from './listings';
import { missionStore } from './mission-store';
import { playbookStore } from './playbook-store';
import { quarantineStore } from './quarantine-store';
import { reservations } from './reservations';
import { reviewStore } from './review-store';

/** What the API reads and writes of the two tables, and of the sealed copies of each epoch of the log. */
export function apiStores(of: {
  readonly state: Table;
  readonly audit: Table;
  readonly sealed: (epoch: number) => SealedCopies;
  readonly clock: Clock;
  readonly random: Random;
}) {
  const { state, sealed } = of;
  const audit = auditStore(of.audit, of);
  const checkpoints = (epoch: number) => checkpointStore(of.audit, { epoch });
  return {
    contracts: contractStore(state),
    listings: listings(state),
    missions: missionStore(state),
    playbooks: playbookStore(state),
    control: controlStore(state),
    quarantine: quarantineStore(state),
    delegations: delegationStore(state),
    reviews: reviewStore(state),
    reservations: reservations(state),
    idempotency: idempotencyStore(state),
    findings: findingStore(state),
    activity: checkProgressStore(state),
    audit,
    checkpoints: allCheckpoints(audit, checkpoints),
    checkpointsOf: checkpoints,
    closings: epochClosings(state),
    proofs: auditProofs({ log: audit, checkpoints, sealed }),
  };
}
