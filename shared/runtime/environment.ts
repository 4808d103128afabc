import * as z from 'zod/mini';
import { EnvironmentError } from './errors';
import { issueLines } from './issues';

/**
 * The environment as the schema has it; read once, in `index.ts`, so that a function that is wired
 * wrongly fails when it is loaded. An empty variable counts as missing.
 * @throws EnvironmentError that names every variable that is missing or wrong, and shows no value
 */
export function readEnv<Schema extends z.ZodMiniObject>(
  schema: Schema,
  source: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  // Only those that the schema names, so that a strict schema does not refuse the rest of the environment.
  const names = Object.keys(schema.shape);
  const present = names.filter((name) => source[name] !== undefined && source[name] !== '');
  const parsed = schema.safeParse(Object.fromEntries(present.map((name) => [name, source[name]])));
  if (parsed.success) return parsed.data;
  const isPresent = ({ path }: { readonly path: readonly PropertyKey[] }) =>
    present.includes(String(path[0]));
  const missing = parsed.error.issues.filter((issue) => !isPresent(issue)).map(({ path }) => String(path[0]));
  const wrong = issueLines(parsed.error.issues.filter(isPresent));
  throw new EnvironmentError(
    [
      missing.length > 0 ? `missing environment variables: ${[...new Set(missing)].join(', ')}` : '',
      wrong.length > 0 ? `wrong environment variables: ${wrong.join('; ')}` : '',
    ]
      .filter(Boolean)
      .join('; '),
  );
}

/** A variable that holds JSON of this schema. */
export function jsonText<Schema extends z.ZodMiniType<unknown, unknown>>(schema: Schema) {
  const json = z.pipe(
    z.string(),
    z.transform((text: string, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.issues.push({ code: 'custom', message: 'not JSON', input: text });
        return z.NEVER;
      }
    }),
  );
  return z.pipe(json, schema);
}
