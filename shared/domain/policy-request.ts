/**
 * Why policies do not let something happen. `POLICY_FORBIDS`: a policy forbids it. `CONSTITUTION`: one that nothing
 * overrides. `NOT_PERMITTED`: none permits it. `POLICY_ERROR`: it could not be decided.
 */
export const POLICY_REFUSALS = ['POLICY_FORBIDS', 'CONSTITUTION', 'NOT_PERMITTED', 'POLICY_ERROR'] as const;
export type PolicyRefusal = (typeof POLICY_REFUSALS)[number];

/** `break_glass`: one person, in an emergency, alone. */
export const APPROVED_BY = ['nobody', 'quorum', 'break_glass'] as const;
export type ApprovedBy = (typeof APPROVED_BY)[number];

/** What change calendars say of now. `none`: none is configured. `unknown`: they could not be asked. */
export const CALENDAR_STATES = ['none', 'open', 'closed', 'unknown'] as const;
export type CalendarState = (typeof CALENDAR_STATES)[number];
