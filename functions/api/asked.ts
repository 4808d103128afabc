import type * as z from 'zod/mini';
import type { Caller } from '../../shared/contracts/api/http';
import type { ROUTES, RouteName } from '../../shared/contracts/api/routes';
import type { Answer } from './answer';
import type { ApiDeps } from './deps';

type Part<N extends RouteName, P extends 'params' | 'query' | 'body'> =
  (typeof ROUTES)[N] extends Readonly<Record<P, infer Schema extends z.core.$ZodType>>
    ? z.output<Schema>
    : undefined;

/** A request that has passed the edge: known caller, role held, every part of its schema. */
export interface Asked<N extends RouteName> {
  readonly params: Part<N, 'params'>;
  readonly query: Part<N, 'query'>;
  readonly body: Part<N, 'body'>;
  readonly caller: Exclude<Caller, { kind: 'nobody' }>;
  /** Revision that `If-Match` insists on. */
  readonly ifMatch: number | undefined;
  /** SHA-256 of who asks and their idempotency key; `undefined` = none was given. */
  readonly idempotencyId: string | undefined;
  readonly correlationId: string;
}

export type DataOf<N extends RouteName> = z.output<(typeof ROUTES)[N]['data']>;
/** What answers one route. */
export type Handler<N extends RouteName> = (asked: Asked<N>, deps: ApiDeps) => Promise<Answer<DataOf<N>>>;
export type Handlers<N extends RouteName> = { readonly [Name in N]: Handler<Name> };
