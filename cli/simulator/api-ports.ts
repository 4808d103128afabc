import type { ApiDeps } from '../../functions/api/deps';
import type { DecideOutput } from '../../shared/contracts/decision';
import type { Settings } from '../../shared/contracts/settings';
import { FUNCTIONS, type FunctionName } from '../../shared/names';
import type { TokenReader } from '../../shared/ports/api';
import type { Clock } from '../../shared/ports/clock';
import { apiStores } from '../../shared/stores/api-stores';
import { tokenBuckets } from '../../shared/stores/rate-limiter';
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
  const { api, settings, clock } = ports;
  return {
    ...apiStores(ports),
    evidence: ports.evidence,
    directory: ports.directory,
    decider: api.decider,
    errors: api.errorIntake,
    capabilities: api.capabilities,
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
