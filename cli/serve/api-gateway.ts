import type { Authorization } from '../../functions/authorizer/authorizer';
import { callerOf } from '../../shared/contracts/api/gateway-event';
import type { ApiRequest, ApiResponse } from '../../shared/contracts/api/http';
import { FUNCTIONS } from '../../shared/names';
import { SIMULATED_FUNCTIONS } from '../simulator/functions';
import type { SimulatedPorts } from '../simulator/ports';

/**
 * What API Gateway does: asks the authorizer, then the function, both the modules that are deployed. On the ports as
 * they are, without the simulator's latencies: what a request takes here is its own time.
 */

const STAGE_ARN = 'arn:aws:execute-api:us-east-1:123456789012:simulator/live/GET/api';
/** As long as the functions may run on AWS. */
const TIMEOUT_MS = 30_000;
/** API Gateway does not ask about what is public. */
const PUBLIC: ReadonlySet<string> = new Set(['/api/openapi.json', '/api/docs']);

/** What the authorizer says of a request: `subject`, `roles`, `expiresAt` …, or the `code` of what is wrong. */
export async function authorizerContext(
  authorizationToken: string | undefined,
  ports: SimulatedPorts,
): Promise<Authorization['context']> {
  const input = { methodArn: STAGE_ARN, authorizationToken };
  const deadline = ports.clock.now() + TIMEOUT_MS;
  const answer = await SIMULATED_FUNCTIONS[FUNCTIONS.authorizer](input as never, ports, deadline);
  return (answer as Authorization).context;
}

export async function throughGateway(
  request: Omit<ApiRequest, 'caller'>,
  ports: SimulatedPorts,
): Promise<ApiResponse> {
  const token = request.headers['authorization'];
  const isPublic = request.method === 'OPTIONS' || PUBLIC.has(request.path);
  const context = isPublic ? {} : await authorizerContext(token, ports);
  const asked: ApiRequest = { ...request, caller: callerOf(context, token) };
  const deadline = ports.clock.now() + TIMEOUT_MS;
  return (await SIMULATED_FUNCTIONS[FUNCTIONS.api](asked as never, ports, deadline)) as ApiResponse;
}
