import * as z from 'zod/mini';
import { TimelineEntry } from './contracts';
import { ContractId, MissionId, named, Rev, Time } from './values';

export const MissionView = named(
  'Mission',
  'A trouble, with the contracts that came of it',
  z.strictObject({
    missionId: MissionId,
    status: z.enum(['open', 'ended']),
    openedAt: Time,
    openedBy: z.string(),
    /** Of its newest contract; nothing where there is none yet. */
    playbook: z.nullable(z.string()),
    contracts: z.array(z.strictObject({ contractId: ContractId, status: z.string() })),
    rev: Rev,
  }),
);
export type MissionView = z.infer<typeof MissionView>;

export const MissionDetail = named(
  'MissionDetail',
  'A mission with its timeline',
  z.strictObject({ ...MissionView.shape, timeline: z.array(TimelineEntry) }),
);
export type MissionDetail = z.infer<typeof MissionDetail>;
