import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { Contract } from '../../shared/contracts/contract';
import type { Plan } from '../../shared/contracts/plan';
import type { Status } from '../../shared/domain/transitions';

/** An incident that can be played with real resources. */
export interface LiveIncident {
  readonly name: string;
  readonly kind: 'group' | 'asked' | 'database';
  readonly cure: 'effect' | 'never';
  readonly decision: 'approve' | 'deny' | 'none';
  /** Ends that are no mistake. */
  readonly ends: readonly Status[];
  /** Most requests that may be sent, there and back. */
  readonly maxEffects: number;
}

/** One incident under way on real resources. */
export interface LiveIteration {
  readonly index: number;
  readonly incident: LiveIncident;
  readonly targetId: string;
  readonly beganAt: number;
  contract: Contract | undefined;
  plan: Plan | undefined;
  decided: boolean;
}

/** What plays the load: resources and alarms that it made, tagged `grace:scenario=true`, and nothing else. */
export interface LiveLoad {
  /** Said before anything is done. */
  readonly notice: string;
  readonly incidents: readonly LiveIncident[];
  /** Playbooks that must be in use beside the deployment's own. */
  readonly playbooks: CompiledPlaybooks;
  /** Until the longest of its incidents has surely ended. */
  readonly longestMs: number;
  /** Makes the target and breaks it. Answers the target's id. */
  begin(incident: LiveIncident, name: string): Promise<string>;
  /** Removes all that it made. Answers what could not be removed. */
  remove(): Promise<readonly string[]>;
}

export const HELPS: LiveIncident = {
  name: 'scale-out-helps',
  kind: 'group',
  cure: 'effect',
  decision: 'none',
  ends: ['resolved'],
  maxEffects: 1,
};
export const IN_VAIN: LiveIncident = {
  ...HELPS,
  name: 'scale-out-does-nothing',
  cure: 'never',
  ends: ['rolled_back'],
  maxEffects: 2,
};
export const APPROVED: LiveIncident = { ...HELPS, name: 'approved', kind: 'asked', decision: 'approve' };
export const DENIED: LiveIncident = {
  ...APPROVED,
  name: 'denied',
  decision: 'deny',
  ends: ['denied'],
  maxEffects: 0,
};
export const DATABASE: LiveIncident = { ...APPROVED, name: 'reboot-database', kind: 'database' };
