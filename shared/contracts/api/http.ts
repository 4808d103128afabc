import type { Person } from '../../domain/person';
import type { ProblemCode } from './problems';

/** Who calls, as the way in has found out: the authorizer for people, SigV4 for machines. */
export type Caller =
  /** `token`: passed on to the deciding function, which verifies it again. */
  | { readonly kind: 'person'; readonly person: Person; readonly token: string }
  | { readonly kind: 'machine'; readonly person: Person }
  | { readonly kind: 'nobody'; readonly code: ProblemCode };

/** A request, however it came in: through API Gateway, or to the local server. */
export interface ApiRequest {
  readonly method: string;
  /** As it came: percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly caller: Caller;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
