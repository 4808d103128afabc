import { parseSettings, type Settings, type SettingsFile } from '../../../shared/contracts/settings';

/** Settings in `act` mode with two approvers, and whatever a test changes. */
export function buildSettings(changes: SettingsFile = {}): Settings {
  return parseSettings({ mode: 'act', approvals: { approvers: ['ana', 'ben'] }, ...changes });
}
