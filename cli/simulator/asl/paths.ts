/**
 * Reference paths, ResultPath and payload templates of the JSONPath query language.
 * Source: states-language.net, sections "Paths", "Reference Paths" and "Payload Template"; what Step Functions
 * does with a path that finds nothing (States.Runtime, which no Retry or Catch handles) is as LocalStack's
 * tests recorded it on AWS.
 */
import type { JsonObject, JsonValue, ReferencePath, ResultPath, Template } from './definition';
import { terminal } from './failure';
import { asString, inside, type Place, refuse } from './fields';

/** What `$$` shows. `Task.Token` exists only while a `.waitForTaskToken` Task prepares its Parameters. */
export type ContextObject = { readonly [group: string]: { readonly [field: string]: JsonValue } };

const CONTEXT_PATHS: readonly string[] = [
  '$$.Task.Token',
  '$$.Execution.Id',
  '$$.Execution.Name',
  '$$.Execution.StartTime',
  '$$.State.Name',
  '$$.State.EnteredTime',
  '$$.State.RetryCount',
];

const SEGMENT = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `$` or `$.name.name…`: no array indexes, quotes, wildcards, filters or functions. */
function parseSegments(text: string, place: Place): readonly string[] {
  if (text === '$') return [];
  const segments = text.split('.').slice(1);
  if (!text.startsWith('$.') || segments.some((segment) => !SEGMENT.test(segment) || segment === '__proto__'))
    return refuse(place, `'${text}' is not a plain reference path such as $.a.b`);
  const metadata = segments.find(
    (segment) => segment === 'SdkHttpMetadata' || segment === 'SdkResponseMetadata',
  );
  if (metadata) return refuse(place, `the simulated result of lambda:invoke has no ${metadata}`);
  return segments;
}

/** A path into the state's data (`$.…`) only. */
export function parseDataPath(value: JsonValue | undefined, place: Place): ReferencePath {
  const text = asString(value, place);
  return { text, root: 'data', segments: parseSegments(text, place) };
}

/** A path into the data or one of the context object's supported fields. */
export function parseReferencePath(value: JsonValue | undefined, place: Place): ReferencePath {
  const text = asString(value, place);
  if (!text.startsWith('$$')) return parseDataPath(text, place);
  if (!CONTEXT_PATHS.includes(text))
    return refuse(place, `'${text}' is not one of ${CONTEXT_PATHS.join(', ')}`);
  return { text, root: 'context', segments: text.split('.').slice(1) };
}

/** Absent means `$`. */
export function parseResultPath(value: JsonValue | undefined, place: Place): ResultPath {
  if (value === null) return null;
  return value === undefined ? [] : parseSegments(asString(value, place), place);
}

/** `field` is the name that errors show; it ends in `.$` where the value is a path. */
export function parseTemplate(value: JsonValue, place: Place): Template {
  if (Array.isArray(value)) {
    return {
      kind: 'array',
      items: value.map((item, index) => parseTemplate(item, inside(place, `[${index}]`))),
    };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'literal', value };
  const seen = new Set<string>();
  const fields = Object.entries(value).map(([name, content]) => {
    const at = inside(place, name);
    const target = name.endsWith('.$') ? name.slice(0, -2) : name;
    if (seen.has(target)) refuse(at, `'${target}' is given twice`);
    seen.add(target);
    const template: Template = name.endsWith('.$')
      ? { kind: 'path', field: name, path: parseReferencePath(content, at) }
      : parseTemplate(content, at);
    return [target, template] as const;
  });
  return { kind: 'object', fields };
}

/** True when some field of the template reads this path. */
export function mentions(template: Template, pathText: string): boolean {
  if (template.kind === 'path') return template.path.text === pathText;
  if (template.kind === 'object') return template.fields.some(([, field]) => mentions(field, pathText));
  return template.kind === 'array' && template.items.some((item) => mentions(item, pathText));
}

/** The value at the path, or undefined when there is none (a present null is null). */
export function lookUp(
  path: ReferencePath,
  data: JsonValue,
  context: ContextObject | undefined,
): JsonValue | undefined {
  let value: JsonValue | undefined = path.root === 'data' ? data : context;
  for (const segment of path.segments) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, segment)) return undefined;
    value = (value as JsonObject)[segment];
  }
  return value;
}

/** Throws the terminal failure States.Runtime when a path finds nothing. */
export function evaluateTemplate(template: Template, data: JsonValue, context: ContextObject): JsonValue {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'array':
      return template.items.map((item) => evaluateTemplate(item, data, context));
    case 'object':
      return Object.fromEntries(
        template.fields.map(([name, field]) => [name, evaluateTemplate(field, data, context)]),
      );
    case 'path': {
      const found = lookUp(template.path, data, context);
      if (found !== undefined) return found;
      throw terminal(
        'States.Runtime',
        `The JSONPath '${template.path.text}' specified for the field '${template.field}' could not be found in the input`,
      );
    }
  }
}

/**
 * The state's input with the result put at the path; objects on the way are made, the input is not changed.
 * Throws the terminal failure States.ResultPathMatchFailure when something on the way is not an object.
 */
export function applyResultPath(path: ResultPath, input: JsonValue, result: JsonValue): JsonValue {
  if (path === null) return input;
  const [segment, ...rest] = path;
  if (segment === undefined) return result;
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw terminal(
      'States.ResultPathMatchFailure',
      `The ResultPath cannot be applied at '${segment}' to the input`,
    );
  const object = input as JsonObject;
  const inner = Object.hasOwn(object, segment) ? (object[segment] as JsonValue) : {};
  return { ...object, [segment]: applyResultPath(rest, rest.length === 0 ? {} : inner, result) };
}
