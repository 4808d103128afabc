import type { Authorization } from '../../functions/authorizer/authorizer';
import { callerOf } from '../../shared/contracts/api/gateway-event';
import type { ApiRequest, ApiResponse } from '../../shared/contracts/api/http';
import { FUNCTIONS } from '../../shared/names';
import { SIMULATED_FUNCTIONS } from '../simulator/functions';
import type { SimulatedPorts } from '../simulator/ports';

const STAGE_ARN = 'arn:aws:execute-api:us-east-1:123456789012:simulator/live/GET/api';
/** As long as the functions may run on AWS. */
const TIMEOUT_MS = 30_000;

/**
 * What API Gateway does: asks the authorizer, then the API, both the modules that are deployed. On the ports as they
 * are, without the simulator's latencies: what a request takes here is its own time.
 */
export async function throughGateway(
  request: Omit<ApiRequest, 'caller'>,
  ports: SimulatedPorts,
): Promise<ApiResponse> {
  const asked = await authorized(request, ports);
  return (await SIMULATED_FUNCTIONS[FUNCTIONS.api](asked as never, ports, deadlineOf(ports))) as ApiResponse;
}

/** The request with who calls, as the authorizer finds. */
export async function authorized(
  request: Omit<ApiRequest, 'caller'>,
  ports: SimulatedPorts,
): Promise<ApiRequest> {
  const authorizationToken = request.headers['authorization'];
  // API Gateway does not ask about what is public.
  const isPublic = request.method === 'OPTIONS' || PUBLIC.has(request.path);
  const context = isPublic
    ? {}
    : (
        (await SIMULATED_FUNCTIONS[FUNCTIONS.authorizer](
          { methodArn: STAGE_ARN, authorizationToken } as never,
          ports,
          deadlineOf(ports),
        )) as Authorization
      ).context;
  return { ...request, caller: callerOf(context, authorizationToken) };
}

const deadlineOf = ({ clock }: SimulatedPorts): number => clock.now() + TIMEOUT_MS;

const PUBLIC: ReadonlySet<string> = new Set(['/api/openapi.json', '/api/docs']);
