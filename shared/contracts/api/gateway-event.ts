import * as z from 'zod/mini';
import { principalOf } from '../../domain/caller';
import { ROLES } from '../../domain/person';
import type { ApiRequest, Caller } from './http';
import { PROBLEMS, type ProblemCode } from './problems';

const Texts = z.nullish(z.record(z.string(), z.nullish(z.string())));

/** What API Gateway hands to a function, as far as it is used. */
const GatewayEvent = z.object({
  httpMethod: z.string(),
  path: z.string(),
  headers: Texts,
  queryStringParameters: Texts,
  multiValueQueryStringParameters: z.nullish(z.record(z.string(), z.nullish(z.array(z.string())))),
  body: z.nullish(z.string()),
  isBase64Encoded: z.nullish(z.boolean()),
  requestContext: z.object({
    authorizer: z.nullish(z.record(z.string(), z.unknown())),
    identity: z.nullish(z.object({ userArn: z.nullish(z.string()) })),
  }),
});

/** Machines, signed with SigV4, call the same paths below this one. */
export const MACHINE_PREFIX = '/machine';

/** As what an IAM principal may call. */
export type MachineRoles = readonly {
  readonly principal: string;
  readonly roles: readonly (typeof ROLES)[number][];
}[];

/** @throws ZodError when the event is none of API Gateway's */
export function readGatewayEvent(event: unknown, machines: MachineRoles): ApiRequest {
  const { requestContext, ...read } = GatewayEvent.parse(event);
  const headers = Object.fromEntries(
    Object.entries(read.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? '']),
  );
  const isMachine = read.path.startsWith(`${MACHINE_PREFIX}/`);
  const caller = isMachine
    ? machineOf(requestContext.identity?.userArn ?? undefined, machines)
    : callerOf(requestContext.authorizer ?? {}, headers['authorization']);
  return {
    method: read.httpMethod,
    path: isMachine ? read.path.slice(MACHINE_PREFIX.length) : read.path,
    query: queryOf(read),
    headers,
    body: Buffer.from(read.body ?? '', read.isBase64Encoded === true ? 'base64' : 'utf8'),
    caller,
  };
}

function queryOf({
  multiValueQueryStringParameters: many,
  queryStringParameters: single,
}: Pick<
  z.infer<typeof GatewayEvent>,
  'multiValueQueryStringParameters' | 'queryStringParameters'
>): ApiRequest['query'] {
  if (many !== undefined && many !== null) {
    return Object.fromEntries(Object.entries(many).map(([name, values]) => [name, values ?? []]));
  }
  return Object.fromEntries(Object.entries(single ?? {}).map(([name, value]) => [name, [value ?? '']]));
}

/** Who calls, by what the authorizer found out; `authorization` is the header that it looked at. */
export function callerOf(
  context: Readonly<Record<string, unknown>>,
  authorization: string | undefined,
): Caller {
  const { subject, roles, authenticatedAt, code } = context;
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (typeof subject !== 'string' || token === undefined) {
    const known = typeof code === 'string' && Object.hasOwn(PROBLEMS, code);
    return { kind: 'nobody', code: known ? (code as ProblemCode) : 'TOKEN_MISSING' };
  }
  const given = String(roles ?? '').split(' ');
  const at = Number(authenticatedAt);
  return {
    kind: 'person',
    token,
    person: {
      subject,
      roles: ROLES.filter((role) => given.includes(role)),
      ...(authenticatedAt !== undefined && Number.isSafeInteger(at) ? { authenticatedAt: at } : {}),
    },
  };
}

/** IAM has checked the signature; what the principal may is the settings' to say. */
function machineOf(arn: string | undefined, machines: MachineRoles): Caller {
  if (arn === undefined) return { kind: 'nobody', code: 'TOKEN_MISSING' };
  const subject = principalOf(arn);
  const roles = machines.find(({ principal }) => principal === subject)?.roles ?? [];
  return { kind: 'machine', person: { subject, roles } };
}
