import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authorization } from '../../functions/authorizer/authorizer';
import type { StreamAnswer } from '../../functions/notices-stream/notices-stream';
import { readStreamEvent } from '../../shared/contracts/stream-event';
import { FUNCTIONS } from '../../shared/names';
import { pump } from '../../shared/runtime/pump';
import { SIMULATED_FUNCTIONS } from '../simulator/functions';
import type { SimulatedPorts } from '../simulator/ports';
import { authorization } from './api-gateway';
import { send } from './http';

/** Where the API's stream of live notices is. */
export const STREAM_PATH = '/api/approvals/stream';
/** The function answers at once; what comes after has a life of its own. */
const OPENING_MS = 30_000;

/** What API Gateway does for the stream: asks the authorizer, then hands on what the function says, as it says it. */
export async function answerStream(
  request: IncomingMessage,
  response: ServerResponse,
  { url, ports }: { readonly url: URL; readonly ports: SimulatedPorts },
): Promise<void> {
  const { context, policyDocument } = await authorization(request.headers.authorization, ports);
  if (policyDocument.Statement[0].Effect !== 'Allow') {
    return send(response, refusal(context));
  }
  const asked = readStreamEvent({
    headers: { 'last-event-id': request.headers['last-event-id'] },
    queryStringParameters: Object.fromEntries(url.searchParams),
    requestContext: { requestId: ports.ids.next(), authorizer: context },
  });
  const answer = (await SIMULATED_FUNCTIONS[FUNCTIONS.noticesStream](
    asked as never,
    ports,
    ports.clock.now() + OPENING_MS,
  )) as StreamAnswer;
  response.writeHead(answer.statusCode, answer.headers);
  await pump(answer.frames, response);
  response.end();
}

function refusal({ code = 'TOKEN_MISSING' }: Authorization['context']) {
  const title = 'The stream needs an access token that is taken here';
  const body = {
    type: `urn:grace:problem:${code}`,
    title,
    status: 401,
    detail: title,
    code,
    correlationId: 'none',
  };
  return {
    status: 401,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
