import type { SettingsFile } from '../../shared/contracts/settings';

/** Where and when the demo plays. Always the same, so that it always tells the same story. */
export const DEMO = {
  seed: 'demo',
  /** A Monday morning. */
  startMs: Date.parse('2026-01-05T09:00:00Z'),
  account: '123456789012',
  region: 'us-east-1',
} as const;

/** Names taken at their word: there is no IAM in the simulator. */
export const DEMO_SETTINGS: SettingsFile = {
  ephemeral: true,
  approvals: { approvers: ['operator', 'alice', 'bob'], administrators: ['operator'] },
};
