import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { ApiResponse } from '../../shared/contracts/api/http';
import { openApiDocument, problemsOf } from '../../shared/contracts/api/openapi';
import type { Route } from '../../shared/contracts/api/route';
import { ROUTES, type RouteName } from '../../shared/contracts/api/routes';

/** Holds answers against the OpenAPI document, and remembers which documented ones there were. */
export function apiConformance() {
  const document = openApiDocument('test');
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'api', ...document });
  const validators = new Map<string, ValidateFunction>();
  const seen = new Set<string>();

  const validator = (pointer: string): ValidateFunction => {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    validators.set(pointer, known);
    return known;
  };

  return {
    /** `route status`: those that the document has. */
    documented: (): string[] =>
      (Object.entries(ROUTES) as [RouteName, Route][]).flatMap(([name, route]) =>
        [route.status, ...problemsOf(route).keys()].map((status) => `${name} ${status}`),
      ),
    seen: (): ReadonlySet<string> => seen,
    /** What is wrong with an answer of a route, by the document; empty = nothing. */
    faults(name: RouteName, { status, headers, body }: ApiResponse): string[] {
      const route: Route = ROUTES[name];
      const isProblem = status >= 400;
      const type = isProblem ? 'application/problem+json' : 'application/json';
      const value: unknown = JSON.parse(body);
      const faults: string[] = [];
      if (headers['content-type'] !== type) faults.push(`content-type is ${headers['content-type']}`);
      const path = route.path.replace(/~/g, '~0').replace(/\//g, '~1');
      const pointer = `/paths/${encodeURIComponent(path)}/${route.method.toLowerCase()}/responses/${status}/content/${encodeURIComponent(type.replace('/', '~1'))}/schema`;
      if (![route.status, ...problemsOf(route).keys()].includes(status)) {
        return [`${name} is not documented to answer ${status}: ${body}`];
      }
      const validate = validator(pointer);
      if (!validate(value))
        faults.push(...(validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`));
      if (isProblem) {
        const { code } = value as { code: string };
        const codes: readonly string[] = problemsOf(route).get(status) ?? [];
        if (!codes.includes(code)) faults.push(`${code} is not documented for ${name}`);
      }
      if (faults.length === 0) seen.add(`${name} ${status}`);
      return faults;
    },
  };
}
