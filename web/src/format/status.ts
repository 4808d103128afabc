import type { ContractRow } from '../../../shared/contracts/api/contracts';

export type Status = ContractRow['status'];
type Kind = 'pending' | 'in-progress' | 'success' | 'warning' | 'error' | 'stopped' | 'info';

interface StatusWords {
  readonly label: string;
  readonly kind: Kind;
  /** What it means, in one sentence. */
  readonly means: string;
}

/** Where a contract stands, in words. */
export const STATUS_WORDS: Readonly<Record<Status, StatusWords>> = {
  planned: { label: 'Planned', kind: 'pending', means: 'The plan is stored and hashed. Nothing has run.' },
  refused: {
    label: 'Refused by a rule',
    kind: 'stopped',
    means: 'A rule stood in the way. Nothing was sent.',
  },
  observed: { label: 'Observed', kind: 'info', means: 'Observe mode: this is what Grace would have done.' },
  awaiting_approval: {
    label: 'Waiting for approval',
    kind: 'pending',
    means: 'It waits for people to agree.',
  },
  approved: { label: 'Approved', kind: 'in-progress', means: 'Agreed to. The action has not begun.' },
  denied: { label: 'Denied', kind: 'stopped', means: 'A person said no. Nothing was sent.' },
  expired: { label: 'Expired', kind: 'stopped', means: 'Nobody decided in time. Nothing was sent.' },
  stale: {
    label: 'Stale',
    kind: 'stopped',
    means: 'The world changed after it was planned. Nothing was sent.',
  },
  cancelled: { label: 'Cancelled', kind: 'stopped', means: 'It ended before anything was sent.' },
  executing: { label: 'Acting', kind: 'in-progress', means: 'The request is being sent.' },
  verifying: {
    label: 'Checking the effect',
    kind: 'in-progress',
    means: 'It was sent. The effect is watched.',
  },
  resolved: { label: 'Resolved', kind: 'success', means: 'All that was expected came true and held.' },
  rolling_back: {
    label: 'Rolling back',
    kind: 'in-progress',
    means: 'The effect did not come. It is being undone.',
  },
  rolled_back: { label: 'Rolled back', kind: 'warning', means: 'It did not help, and was undone.' },
  needs_person: {
    label: 'Needs a person',
    kind: 'error',
    means: 'Grace stopped, and called a person to look at it.',
  },
};

export const VERDICT_WORDS = {
  met: { label: 'Met', kind: 'success' },
  not_met: { label: 'Not met', kind: 'error' },
  inconclusive: { label: 'Not known', kind: 'warning' },
} as const;

/** Nothing more will happen to it by itself. */
export function hasEnded(status: Status): boolean {
  return ['stopped', 'success', 'warning', 'error', 'info'].includes(STATUS_WORDS[status].kind);
}

export const TIER_WORDS = {
  1: 'Tier 1: automatic',
  2: 'Tier 2: people approve',
  3: 'Tier 3: several people approve',
} as const;
