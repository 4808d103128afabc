import * as z from 'zod/mini';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { enveloped } from './envelope';
import { BODY_PROBLEMS, COMMON_PROBLEMS, PROBLEMS, Problem, type ProblemCode } from './problems';
import type { Route } from './route';
import { ROUTES } from './routes';
import { STREAM_EVENTS, STREAM_PATH, streamOperation } from './stream';

/** Only tools import this: the generator does not go into a function. */

const CorrelationId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/));
const IfMatch = z.string().check(z.regex(/^"(0|[1-9]\d{0,14})"$/));
const IdempotencyKey = z.string().check(z.regex(/^[\x21-\x7e]{8,128}$/));

/** The OpenAPI 3.1 document of the route table. */
export function openApiDocument(version: string): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = operation(name, route);
  }
  paths[STREAM_PATH] = { get: streamOperation() };
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Grace',
      version,
      description:
        'Verified self-healing for AWS. Every answer is `{data, meta}`, every failure a problem (RFC 9457) with a stable code.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths: paths as ZodOpenApiPathsObject,
    components: {
      // What no route answers with, and the stream tells.
      schemas: STREAM_EVENTS,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            "An access token of the deployment's issuer. Machines sign with SigV4 and call the same paths below `/machine`.",
        },
      },
    },
  });
}

/** Codes that a route can answer with, by status. */
export function problemsOf(route: Route): ReadonlyMap<number, readonly ProblemCode[]> {
  const codes = new Set<ProblemCode>([
    ...COMMON_PROBLEMS,
    ...(route.body === undefined ? (['BODY_UNEXPECTED'] as const) : BODY_PROBLEMS),
    ...(route.machines ? [] : (['PERSON_REQUIRED'] as const)),
    ...route.problems,
  ]);
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

function operation(name: string, route: Route): ZodOpenApiOperationObject {
  const headers = {
    'X-Correlation-Id': z.optional(CorrelationId),
    ...(route.ifMatch === true ? { 'If-Match': z.optional(IfMatch) } : {}),
    ...(route.method === 'GET' ? {} : { 'Idempotency-Key': z.optional(IdempotencyKey) }),
  };
  const etag = z.string().check(z.regex(/^"\d+"$/));
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    description: `Roles: ${route.roles.join(', ')}. ${route.machines ? 'Machines may call it too.' : 'Only people may call it.'}`,
    requestParams: {
      header: z.object(headers),
      ...(route.params === undefined ? {} : { path: route.params }),
      ...(route.query === undefined ? {} : { query: route.query }),
    },
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: {
      [`${route.status}`]: {
        description: route.status === 202 ? 'It is under way' : 'As asked',
        headers: z.object({
          'X-Correlation-Id': z.string(),
          ...(route.etag === true ? { ETag: etag } : {}),
        }),
        content: { 'application/json': { schema: enveloped(route.data) } },
      },
      ...Object.fromEntries(
        [...problemsOf(route)].map(([status, codes]) => [
          `${status}`,
          {
            description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
            content: { 'application/problem+json': { schema: Problem } },
          },
        ]),
      ),
    },
  };
}
