import type { JsonValue } from '../domain/canonical-json';
import { parseSettings, Settings } from './settings';
import { checkSettings, type SettingFinding } from './settings-rules';
import { readYaml } from './yaml-source';
import { describeIssues } from './zod-problems';

/** One thing wrong with a settings file; `line` counts from 1. */
export interface SettingProblem extends SettingFinding {
  readonly line: number;
}

/** A setting that is not what it would be by itself. Durations are in seconds. */
export interface ChangedSetting {
  readonly field: string;
  readonly value: JsonValue;
  readonly default: JsonValue;
}

export type SettingsReading =
  | {
      readonly ok: true;
      readonly settings: Settings;
      /** What the file says, as plain data. */
      readonly source: JsonValue;
      readonly warnings: readonly SettingProblem[];
      readonly changed: readonly ChangedSetting[];
    }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] };

/** Reads settings from JSON or YAML text (JSON is YAML). Names everything that is wrong, each with its fix. */
export function readSettingsText(text: string): SettingsReading {
  // Tabs are no indentation in YAML, but they are in JSON, where they mean nothing.
  const yaml = readYaml(text.trimStart().startsWith('{') ? text.replace(/\t/g, ' ') : text);
  if (!yaml.ok) {
    return {
      ok: false,
      problems: yaml.problems.map(({ line, path, message, fix }) => ({
        field: fieldOf(path),
        line,
        message,
        fix,
      })),
    };
  }
  const lineOf = (field: string) => yaml.placeOf(field === '(file)' ? [] : field.split('.')).line;
  const parsed = Settings.safeParse(yaml.value);
  if (!parsed.success) {
    return {
      ok: false,
      problems: describeIssues(Settings, parsed.error.issues, yaml.value).map(({ path, message, fix }) => ({
        field: fieldOf(path),
        line: yaml.placeOf(path).line,
        message,
        fix,
      })),
    };
  }
  const settings = parseSettings(yaml.value);
  const { problems, warnings } = checkSettings(settings);
  const placed = (finding: SettingFinding): SettingProblem => ({ ...finding, line: lineOf(finding.field) });
  if (problems.length > 0) return { ok: false, problems: problems.map(placed) };
  return {
    ok: true,
    settings,
    source: yaml.value,
    warnings: warnings.map(placed),
    changed: changedSettings(settings),
  };
}

/** Settings that differ from their defaults, in the order of the schema. */
export function changedSettings(settings: Settings): readonly ChangedSetting[] {
  const defaults = new Map(flat(parseSettings({}) as unknown as JsonValue));
  return flat(settings as unknown as JsonValue).flatMap(([field, value]): ChangedSetting[] => {
    const preset = defaults.get(field) ?? null;
    return JSON.stringify(value) === JSON.stringify(preset) ? [] : [{ field, value, default: preset }];
  });
}

function flat(value: JsonValue, prefix = ''): [string, JsonValue][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[prefix, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flat(inner as JsonValue, prefix === '' ? key : `${prefix}.${key}`),
  );
}

const fieldOf = (path: readonly (string | number)[]): string =>
  path.length === 0 ? '(file)' : path.map(String).join('.');
