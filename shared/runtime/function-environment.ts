import * as z from 'zod/mini';
import { ENV } from '../names';
import { jsonText, readEnv } from './environment';

const Text = z.string().check(z.minLength(1));

/** How each variable is read; `infra` sets the same names. */
const VARIABLES = {
  stateTable: Text,
  tokensTable: Text,
  auditTable: Text,
  busName: Text,
  evidenceBucket: Text,
  tokenKeyId: Text,
  stateMachineArn: Text,
  relayQueueUrl: Text,
  webhookQueueUrl: Text,
  webhookDeadLettersUrl: Text,
  /** As JSON says; who reads it parses it, so that no other function loads the schema of the settings. */
  settings: jsonText(z.unknown()),
  executors: jsonText(z.record(z.string(), Text)),
  sealBucket: Text,
  sealKeys: jsonText(z.array(Text).check(z.minLength(1))),
  logName: Text,
  witnesses: jsonText(z.array(Text)),
  auditSequencer: Text,
  auditSealer: Text,
  tokenIssuer: Text,
  tokenAudience: Text,
  tokenKeysUri: Text,
  tokenRolesClaim: Text,
  userPoolId: Text,
  decideFunction: Text,
  account: z.string().check(z.regex(/^\d{12}$/)),
  region: Text,
} as const;
type Variable = keyof typeof VARIABLES;

/**
 * The variables that a function names, read once when it is loaded.
 * @throws EnvironmentError naming each that is missing or wrong
 */
export function functionEnvironment<Name extends Variable>(
  ...names: Name[]
): { readonly [N in Name]: z.output<(typeof VARIABLES)[N]> } {
  const schema = z.object(Object.fromEntries(names.map((name) => [ENV[name], VARIABLES[name]])));
  const values = readEnv(schema) as Record<string, unknown>;
  return Object.fromEntries(names.map((name) => [name, values[ENV[name]]])) as never;
}
