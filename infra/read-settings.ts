import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { parseSettings, type Settings } from '../shared/contracts/settings';
import { checkSettings } from '../shared/contracts/settings-rules';
import { SDK_CALL_SECONDS } from './constructs/function-specs';

/** The file that is read when nothing else is named. */
export const SETTINGS_FILE = 'grace.config.json';
/** Lambda's limit for all variables of a function is 4 KB; the others take less than 1 KB. */
const MAX_SETTINGS_BYTES = 3_000;

/** Settings that cannot be deployed. The message names the field and what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

export interface ReadSettingsOptions {
  /** `-c settings=…`: JSON, or the path of a file. Default: `grace.config.json` if there is one, else none. */
  readonly given: unknown;
  /** Seconds that the state machine waits for an executor. */
  readonly executorTaskSeconds: number;
}

/** Settings as they are used, and as they were written. */
export interface GivenSettings {
  /** As validated, with defaults. */
  readonly settings: Settings;
  /** JSON as given: what the functions get, who validate it in the same way. */
  readonly text: string;
}

/** @throws SettingsError */
export function readSettings({ given, executorTaskSeconds }: ReadSettingsOptions): GivenSettings {
  const source = sourceOf(given);
  const { from } = source;
  const { settings, text } = parsed(from, source.text);
  const { executorTimeout } = settings.limits;
  if (executorTimeout <= SDK_CALL_SECONDS || executorTimeout >= executorTaskSeconds) {
    throw new SettingsError(
      `${from}: limits.executorTimeout is ${executorTimeout} s. Give it more than the ${SDK_CALL_SECONDS} s of one request and less than the ${executorTaskSeconds} s that the state machine waits, such as "60s".`,
    );
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_SETTINGS_BYTES) {
    throw new SettingsError(
      `${from}: the settings are ${bytes} bytes long, and the functions' environment takes ${MAX_SETTINGS_BYTES}. Name fewer principals in approvals.approvers: one role that several people may assume will do.`,
    );
  }
  const [problem] = checkSettings(settings).problems;
  if (problem !== undefined) {
    throw new SettingsError(
      `${from}: ${problem.field}: ${problem.message}. Fix: ${problem.fix}. \`npx grace config check\` shows all of it.`,
    );
  }
  return { settings, text };
}

function sourceOf(given: unknown): { readonly from: string; readonly text: string } {
  if (given !== null && typeof given === 'object') return { from: 'settings', text: JSON.stringify(given) };
  if (typeof given === 'string' && given.trimStart().startsWith('{'))
    return { from: 'settings', text: given };
  const file = typeof given === 'string' && given !== '' ? given : SETTINGS_FILE;
  if (existsSync(file)) return { from: file, text: readFileSync(file, 'utf8') };
  if (file === SETTINGS_FILE) return { from: 'settings', text: '{}' };
  throw new SettingsError(`There is no file ${file}. Name one with -c settings=FILE, or give JSON.`);
}

function parsed(from: string, text: string): GivenSettings {
  try {
    const input: unknown = JSON.parse(text);
    return { settings: parseSettings(input), text: JSON.stringify(input) };
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new SettingsError(
        `${from}: not JSON (${cause.message}). Correct it, or leave it out for defaults.`,
        {
          cause,
        },
      );
    }
    if (!(cause instanceof z.core.$ZodError)) throw cause;
    const lines = cause.issues.map(
      ({ path, message }) => `  ${path.length > 0 ? path.join('.') : '(top)'}: ${message}`,
    );
    throw new SettingsError(
      `${from} cannot be used:\n${lines.join('\n')}\nThe fields and their limits are in shared/contracts/settings.ts; "grace config check" helps too.`,
      { cause },
    );
  }
}
