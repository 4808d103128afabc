import type { ApiResponse } from '../../shared/contracts/api/http';
import { jsonResponse, problemResponse } from '../../shared/contracts/api/respond';
import type { IdempotentRequest } from '../../shared/ports/api';
import { refused } from './answer';
import type { ApiDeps } from './deps';

/**
 * Does a write once by its idempotency key. A repeat of the same request is given the answer of the first one;
 * another request under the same key is refused; one that is still under way is told to wait. An answer that says
 * that Grace failed is not kept: the next try begins anew, and what it does is conditioned as ever.
 */
export async function once(
  request: IdempotentRequest,
  act: () => Promise<ApiResponse>,
  {
    idempotency,
    clock,
    correlationId,
  }: Pick<ApiDeps, 'idempotency' | 'clock'> & { readonly correlationId: string },
): Promise<ApiResponse> {
  const begun = await idempotency.begin(request, clock.now());
  switch (begun.kind) {
    case 'done': {
      const { status, etag, body } = begun.answer;
      return jsonResponse({
        status,
        value: JSON.parse(body),
        correlationId,
        type: status >= 400 ? 'application/problem+json' : 'application/json',
        headers: { ...(etag === undefined ? {} : { etag }), 'idempotency-replayed': 'true' },
      });
    }
    case 'other_request':
      return problemResponse(
        refused('IDEMPOTENCY_KEY_REUSED', 'take a new key for a new request'),
        correlationId,
      );
    case 'in_progress':
      return problemResponse(refused('IDEMPOTENCY_IN_PROGRESS', 'ask again in a second'), correlationId, {
        'retry-after': '1',
      });
    case 'begun':
  }
  let response: ApiResponse;
  try {
    response = await act();
  } catch (error) {
    await idempotency.abandon(request);
    throw error;
  }
  if (response.status >= 500) await idempotency.abandon(request);
  else {
    const { etag } = response.headers;
    const answer = { status: response.status, body: response.body, ...(etag === undefined ? {} : { etag }) };
    await idempotency.finish(request, answer, clock.now());
  }
  return response;
}
