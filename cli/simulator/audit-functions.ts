import { type AuditCheckInput, auditCheck } from '../../functions/audit-check/audit-check';
import { type SealerInput, sealer } from '../../functions/audit-sealer/audit-sealer';
import { type FillInInput, reconcile, sequence } from '../../functions/audit-sequencer/audit-sequencer';
import { logName } from '../../shared/contracts/log-origin';
import type { ChangeRecord } from '../../shared/ports/table';
import { auditStore } from '../../shared/stores/audit-store';
import { canaryStore } from '../../shared/stores/canary-store';
import { checkProgressStore } from '../../shared/stores/check-progress-store';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import { contractStore } from '../../shared/stores/contract-store';
import { findingStore } from '../../shared/stores/finding-store';
import { loggedItems } from '../../shared/stores/logged-items';
import type { SimulatedPorts } from './ports';

const nameOf = ({ settings, account, region }: SimulatedPorts) =>
  logName({ deployment: settings.deployment, account, region });
const logOf = ({ audit, clock, random }: SimulatedPorts) => auditStore(audit, { clock, random });

/** A batch of the stream, or a request of the audit check, as the deployed function tells them apart. */
export function runSequencer(payload: readonly ChangeRecord[] | FillInInput, ports: SimulatedPorts) {
  const deps = { ...ports, log: logOf(ports), logName: nameOf(ports), logged: loggedItems(ports.audit) };
  return 'fillIn' in payload ? reconcile(payload, deps) : sequence(payload, deps);
}

export function runSealer(input: SealerInput | undefined, ports: SimulatedPorts) {
  return sealer(input ?? {}, {
    ...ports,
    witnesses: ports.settings.audit.witnesses,
    log: logOf(ports),
    logName: nameOf(ports),
    checkpoints: (epoch) => checkpointStore(ports.audit, { epoch }),
    findings: findingStore(ports.state),
  });
}

export function runCheck(input: AuditCheckInput, ports: SimulatedPorts, deadline: number) {
  const { state, audit } = ports;
  return auditCheck(input, {
    ...ports,
    log: logOf(ports),
    logged: loggedItems(audit),
    contracts: contractStore(state),
    progress: checkProgressStore(state),
    canaries: canaryStore(state),
    findings: findingStore(state),
    checkpoints: (epoch) => checkpointStore(audit, { epoch }),
    until: deadline - 10_000,
  });
}
