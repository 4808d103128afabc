import * as z from 'zod/mini';
import type { Role } from '../../domain/person';
import { ROLES } from '../../domain/person';
import type { ProblemCode } from './problems';
import { ContractId, PageQuery } from './values';

/** One line of the route table: the router, the OpenAPI document, its tests and its docs are made of it. */
export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** With `{name}` for each path parameter. */
  readonly path: `/api/${string}`;
  readonly tag: 'verification' | 'learning' | 'governance' | 'cloud' | 'audit' | 'events' | 'api';
  readonly summary: string;
  /** Whoever has one of these may call it; what they see or may decide there is looked at again. */
  readonly roles: readonly Role[];
  /** A machine, signed with SigV4, may call it too. Never where a person has to answer for it. */
  readonly machines: boolean;
  readonly params?: z.ZodMiniObject;
  readonly query?: z.ZodMiniObject;
  readonly body?: z.ZodMiniObject;
  readonly data: z.ZodMiniType;
  readonly status: 200 | 202;
  /** The answer carries the `ETag` of what it shows. */
  readonly etag?: true;
  /** The request may carry `If-Match` with that ETag. */
  readonly ifMatch?: true;
  /** Beside those that every route can answer with. */
  readonly problems: readonly ProblemCode[];
}

/** Reading is for everybody who is anybody here. */
export const EVERYBODY: readonly Role[] = ROLES;
export const OPERATORS: readonly Role[] = ['operator', 'administrator'];
export const AUDITORS: readonly Role[] = ['auditor', 'administrator'];

export const OneContract = z.strictObject({ contractId: ContractId });
export const Page = z.strictObject(PageQuery);

/** What everything that reads has in common. */
export const reading = { method: 'GET', roles: EVERYBODY, machines: true, status: 200 } as const;
/** Lists may be asked for with a cursor that is not theirs. */
export const list = { ...reading, problems: ['INVALID_PARAMETER', 'INVALID_CURSOR'] } as const;
export const one = { ...reading, problems: ['INVALID_PARAMETER', 'NOT_FOUND'] } as const;
export const whole = { ...reading, problems: ['INVALID_PARAMETER'] } as const;
