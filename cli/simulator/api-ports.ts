import type { ApiDeps } from '../../functions/api/deps';
import type { DecideOutput } from '../../shared/contracts/decision';
import type { Settings } from '../../shared/contracts/settings';
import { FUNCTIONS, type FunctionName } from '../../shared/names';
import type { TokenReader } from '../../shared/ports/api';
import type { Clock } from '../../shared/ports/clock';
import { allCheckpoints } from '../../shared/stores/all-checkpoints';
import { auditProofs } from '../../shared/stores/audit-proofs';
import { auditStore } from '../../shared/stores/audit-store';
import { checkProgressStore } from '../../shared/stores/check-progress-store';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import { contractStore } from '../../shared/stores/contract-store';
import { controlStore } from '../../shared/stores/control-store';
import { delegationStore } from '../../shared/stores/delegation-store';
import { findingStore } from '../../shared/stores/finding-store';
import { idempotencyStore } from '../../shared/stores/idempotency-store';
import { listings } from '../../shared/stores/listings';
import { missionStore } from '../../shared/stores/mission-store';
import { playbookStore } from '../../shared/stores/playbook-store';
import { quarantineStore } from '../../shared/stores/quarantine-store';
import { tokenBuckets } from '../../shared/stores/rate-limiter';
import { reservations } from '../../shared/stores/reservations';
import { reviewStore } from '../../shared/stores/review-store';
import type { SimulatedApi, SimulatedPorts } from './ports';

/** What the API reaches in the simulator beside the tables. */
export function simulatedApi(parts: {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly tokenReader: TokenReader | undefined;
  readonly invoke: (name: FunctionName, payload: unknown) => Promise<unknown>;
  readonly intake: (body: string) => void;
}): SimulatedApi {
  const { settings, clock, tokenReader, invoke, intake } = parts;
  const { burst, requestsPerSecond } = settings.api;
  return {
    tokenReader: tokenReader ?? { read: async () => ({ ok: false, code: 'TOKEN_ISSUER' }) },
    decider: {
      decide: async (command, proof) =>
        (await invoke(FUNCTIONS.decide, { ...command, proof })) as DecideOutput,
    },
    errorIntake: {
      async report(event) {
        intake(JSON.stringify(event));
      },
    },
    capabilities: {
      of: async () => ({ usable: 'yes', missing: [], detail: 'simulated: there is no IAM here' }),
    },
    limiter: tokenBuckets({ burst, perSecond: requestsPerSecond }, clock),
    documents,
  };
}

/** Made when first asked for: most runs of the simulator serve nothing. */
async function documents(): ReturnType<ApiDeps['documents']> {
  const { apiDocuments } = await import('../../shared/contracts/api/documents');
  return apiDocuments();
}

/** The API's dependencies, on the same ports as every other function's. */
export function apiDeps(ports: SimulatedPorts): ApiDeps {
  const { state, api, settings, clock, random } = ports;
  const audit = auditStore(ports.audit, { clock, random });
  const checkpoints = (epoch: number) => checkpointStore(ports.audit, { epoch });
  return {
    contracts: contractStore(state),
    listings: listings(state),
    missions: missionStore(state),
    playbooks: playbookStore(state),
    control: controlStore(state),
    quarantine: quarantineStore(state),
    delegations: delegationStore(state),
    reviews: reviewStore(state),
    evidence: ports.evidence,
    audit,
    proofs: auditProofs({ log: audit, checkpoints, sealed: ports.sealed }),
    checkpoints: allCheckpoints(audit, checkpoints),
    findings: findingStore(state),
    activity: checkProgressStore(state),
    reservations: reservations(state),
    directory: ports.directory,
    decider: api.decider,
    errors: api.errorIntake,
    capabilities: api.capabilities,
    idempotency: idempotencyStore(state),
    limiter: api.limiter,
    clock,
    ids: ports.ids,
    logger: ports.logger,
    settings,
    account: ports.account,
    region: ports.region,
    policies: ports.compiledPolicies,
    documents: api.documents,
  };
}
