import type { ServerResponse } from 'node:http';
import type { StreamAnswer } from '../../functions/notices-stream/notices-stream';
import type { ApiRequest } from '../../shared/contracts/api/http';
import { FUNCTIONS } from '../../shared/names';
import { pump } from '../../shared/runtime/pump';
import { SIMULATED_FUNCTIONS } from '../simulator/functions';
import type { SimulatedPorts } from '../simulator/ports';

/**
 * Answers `GET /api/approvals/stream` with the module that is deployed. Unlike Lambda, a server is told when its
 * client goes, and the stream stops looking then. Ends when the stream does; throws what it throws.
 */
export async function streamNotices(
  request: ApiRequest,
  response: ServerResponse,
  ports: SimulatedPorts,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const { statusCode, headers, frames } = (await SIMULATED_FUNCTIONS[FUNCTIONS.noticesStream](
    { ...request, gone: gone.signal } as never,
    ports,
    Number.POSITIVE_INFINITY,
  )) as StreamAnswer;
  response.writeHead(statusCode, headers);
  await pump(frames, response);
  response.end();
}
