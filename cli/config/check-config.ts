import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type ChangedSetting,
  readSettingsText,
  type SettingProblem,
} from '../../shared/contracts/settings-file';

/** Looked for in this order where no file is named. Synth reads the first one. */
export const SETTINGS_FILES = ['grace.config.json', 'grace.config.yaml', 'grace.config.yml'] as const;

export interface ConfigCheck {
  readonly ok: boolean;
  /** null: there is no settings file, so all defaults hold. */
  readonly file: string | null;
  readonly mode: 'observe' | 'act' | null;
  readonly problems: readonly SettingProblem[];
  readonly warnings: readonly SettingProblem[];
  readonly changed: readonly ChangedSetting[];
}

/** `grace config check`. `undefined`: the file that was named is not there. */
export function checkConfig(cwd: string, named?: string): ConfigCheck | undefined {
  const file = named ?? SETTINGS_FILES.find((name) => existsSync(resolve(cwd, name)));
  if (file !== undefined && !existsSync(resolve(cwd, file))) return undefined;
  const text = file === undefined ? '{}' : readFileSync(resolve(cwd, file), 'utf8');
  const reading = readSettingsText(text);
  const none = { problems: [], warnings: [], changed: [] };
  if (!reading.ok) {
    return { ...none, ok: false, file: file ?? null, mode: null, problems: reading.problems };
  }
  const { settings, warnings, changed } = reading;
  return { ...none, ok: true, file: file ?? null, mode: settings.mode, warnings, changed };
}
