import type { Route } from '../../shared/contracts/api/route';
import { ROUTES, type RouteName } from '../../shared/contracts/api/routes';

export type Match =
  | { readonly kind: 'route'; readonly name: RouteName; readonly params: Readonly<Record<string, string>> }
  /** The path is there, for other methods. */
  | { readonly kind: 'other_method'; readonly allow: readonly string[] }
  | { readonly kind: 'nothing' };

interface Pattern {
  readonly name: RouteName;
  readonly method: string;
  /** `undefined` = a parameter stands there. */
  readonly parts: readonly { readonly text?: string; readonly param?: string }[];
}

const PATTERNS: readonly Pattern[] = (Object.entries(ROUTES) as [RouteName, Route][]).map(
  ([name, { method, path }]) => ({
    name,
    method,
    parts: path
      .split('/')
      .map((part) => (part.startsWith('{') ? { param: part.slice(1, -1) } : { text: part })),
  }),
);

/**
 * The route of a path as it came, percent-encoded. A parameter is one segment, decoded after splitting, so that an
 * encoded slash never becomes a path; what it may be its schema says.
 */
export function matchRoute(method: string, path: string): Match {
  const segments = path.split('/').map(decoded);
  const matching = PATTERNS.filter(
    ({ parts }) =>
      parts.length === segments.length &&
      parts.every(({ text }, index) => text === undefined || text === segments[index]),
  );
  // `delegations/revoke` is no parameter's value where both would fit.
  const best = Math.min(...matching.map(paramsIn));
  const found = matching.filter((pattern) => paramsIn(pattern) === best);
  if (found.length === 0) return { kind: 'nothing' };
  const pattern = found.find((one) => one.method === method);
  if (pattern === undefined) return { kind: 'other_method', allow: found.map((one) => one.method) };
  const params = pattern.parts.flatMap(({ param }, index) =>
    param === undefined ? [] : [[param, segments[index] ?? ''] as const],
  );
  return { kind: 'route', name: pattern.name, params: Object.fromEntries(params) };
}

const paramsIn = ({ parts }: Pattern): number => parts.filter(({ param }) => param !== undefined).length;

/** What cannot be decoded stays as it is, and no schema takes a percent sign. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
