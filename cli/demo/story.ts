import type { FieldResult } from '../../shared/contracts/outcome';
import type { Plan } from '../../shared/contracts/plan';

type Facts = Readonly<Record<string, string | number | boolean>>;

/** One thing that happened in an incident, as it is told. `at`: virtual time, milliseconds since 1970. */
export type StoryEvent =
  | {
      readonly kind: 'incident';
      readonly n: number;
      readonly of: number;
      readonly name: string;
      readonly summary: string;
    }
  | {
      readonly kind: 'alarm';
      readonly at: number;
      readonly alarm: string;
      readonly from: string;
      readonly to: string;
      readonly reason: string;
    }
  /** What the sentinel made of an event that began no contract. */
  | { readonly kind: 'ignored'; readonly at: number; readonly decision: string; readonly detail: string }
  /** The plan is stored and hashed; nothing has run. */
  | { readonly kind: 'contract'; readonly at: number; readonly plan: Plan; readonly planHash: string }
  /** The state machine entered a state. */
  | { readonly kind: 'state'; readonly at: number; readonly state: string }
  /** The contract's status changed. */
  | {
      readonly kind: 'moved';
      readonly at: number;
      readonly from: string | undefined;
      readonly to: string;
      readonly by: string;
      readonly reason: string;
      readonly lookAt?: number;
    }
  | {
      readonly kind: 'approval';
      readonly at: number;
      readonly quorum: number;
      readonly eligible: readonly string[];
      readonly expiresAt: number;
    }
  /** Who is going to decide: a person, or a script that stands in for one. */
  | {
      readonly kind: 'decider';
      readonly at: number;
      readonly principal: string;
      readonly decision: string;
      readonly scripted: boolean;
      readonly afterSeconds: number;
    }
  | { readonly kind: 'snapshot'; readonly at: number; readonly hash: string }
  | {
      readonly kind: 'step';
      readonly at: number;
      readonly direction: 'forward' | 'back';
      readonly action: string;
      readonly intended: Facts;
      readonly state: string;
      readonly outcome: string | undefined;
    }
  | { readonly kind: 'measured'; readonly at: number; readonly again: boolean }
  | { readonly kind: 'extended'; readonly at: number; readonly lookAt: number }
  | {
      readonly kind: 'verdict';
      readonly at: number;
      readonly verdict: string;
      readonly confidence: number;
    }
  /** `target`: the live facts before the action and now, where the action was undone. */
  | { readonly kind: 'ended'; readonly at: number; readonly result: IncidentResult };

/** One incident, over. The first nine keys are those that scripts rely on. */
export interface IncidentResult {
  readonly name: string;
  readonly contractId: string | null;
  readonly playbook: string | null;
  readonly tier: number | null;
  readonly status: string;
  readonly verdict: string | null;
  readonly confidence: number | null;
  /** Requests sent to the cloud, there and back. */
  readonly effects: number;
  /** States that the state machine entered. */
  readonly transitions: number;
  readonly reason: string;
  readonly summary: string;
  /** As the incident's truth has it. */
  readonly expectedStatus: string;
  readonly asExpected: boolean;
  readonly approval: {
    readonly principal: string;
    readonly decision: string;
    readonly scripted: boolean;
  } | null;
  readonly planHash: string | null;
  readonly diagnosis: Plan['diagnosis'] | null;
  readonly expected: Plan['effect']['expectations'];
  /** Expected against actual. */
  readonly fields: readonly FieldResult[];
  readonly states: readonly { readonly at: string; readonly state: string }[];
  readonly moves: readonly {
    readonly at: string;
    readonly from: string | null;
    readonly to: string;
    readonly by: string;
    readonly reason: string;
  }[];
  readonly audit: readonly AuditLine[];
  /** The target's facts in the snapshot and at the end, where there is a snapshot. */
  readonly target: {
    readonly key: string;
    readonly before: Facts;
    readonly after: Facts | null;
    readonly equal: boolean;
  } | null;
  readonly frozen: boolean;
}

export interface AuditLine {
  readonly seq: number;
  readonly at: string;
  readonly item: string;
  readonly rev: number;
  readonly event: string;
  readonly actor: string;
  readonly reason: string;
  /** SHA-256 that the next entry is chained to, hex. */
  readonly link: string;
}
