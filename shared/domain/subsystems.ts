/**
 * Parts of Grace as the log shows them. Each is known by the actors of its entries, is given work by entries
 * of certain events, and may be silent for so long after that. The audit log itself has a canary, a change
 * that every check makes, so that it is never without work.
 */
export interface Subsystem {
  readonly actors: readonly string[];
  /** Events whose entries mean that this part has something to do. */
  readonly askedBy: readonly string[];
  readonly budgetMs: number;
}

const MINUTE = 60_000;
export const CANARY_EVENT = 'audit.canary';
/** From the canary's write until its entry is in the log. */
export const CANARY_BUDGET_MS = 10 * MINUTE;
const ENDS = [
  'agentic.action_not_taken',
  'agentic.problem_resolved',
  'agentic.action_rolled_back',
  'agentic.escalated',
];

export const SUBSYSTEMS = {
  /** Its queue has an alarm of its own; in the log it is asked by nobody. */
  intake: { actors: ['sentinel'], askedBy: [], budgetMs: Number.POSITIVE_INFINITY },
  execution: {
    actors: [
      'admit',
      'open-approval',
      'snapshot',
      'executor-autoscaling',
      'executor-ec2',
      'executor-rds',
      'benchmark',
      'verify',
      'rollback',
      'close',
      'reaper',
      'replanner',
    ],
    askedBy: ['agentic.action_planned'],
    budgetMs: 10 * MINUTE,
  },
  /** Decided, and not told to the execution that waits for it. */
  relay: {
    actors: ['relay'],
    askedBy: ['approval.granted', 'approval.rejected', 'approval.expired'],
    budgetMs: 10 * MINUTE,
  },
  views: { actors: ['recorder'], askedBy: ENDS, budgetMs: 20 * MINUTE },
  /** Asked by its own canary, whose rev must come back (`CANARY_BUDGET_MS`). */
  audit: { actors: ['audit-check', 'audit-sealer'], askedBy: [], budgetMs: Number.POSITIVE_INFINITY },
  /** People's commands, and messages to them: asked by people and by the mesh, which have alarms of their own. */
  people: { actors: ['decide', 'webhook-sender', 'api'], askedBy: [], budgetMs: Number.POSITIVE_INFINITY },
  deployment: { actors: ['bootstrap'], askedBy: [], budgetMs: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, Subsystem>;
export type SubsystemName = keyof typeof SUBSYSTEMS;

/** Everybody else is a person, or a hand in the console. */
export type Acting = SubsystemName | 'unknown';

const OF_ACTOR = new Map<string, SubsystemName>(
  Object.entries(SUBSYSTEMS).flatMap(([name, { actors }]) =>
    actors.map((actor): [string, SubsystemName] => [actor, name as SubsystemName]),
  ),
);

export function actingSubsystem(actor: string): Acting {
  if (actor === 'unknown') return 'unknown';
  return OF_ACTOR.get(actor) ?? 'people';
}

/** When each subsystem was last asked for something, and last did something: milliseconds since 1970. */
export type Heard = Readonly<Record<string, { readonly askedAt?: number; readonly activeAt?: number }>>;

/** Subsystems that were asked and have been silent for longer than they may be. */
export function silentSubsystems(heard: Heard, now: number): SubsystemName[] {
  return (Object.entries(SUBSYSTEMS) as [SubsystemName, Subsystem][]).flatMap(([name, { budgetMs }]) => {
    const { askedAt, activeAt = 0 } = heard[name] ?? {};
    return askedAt !== undefined && askedAt > activeAt && now - askedAt > budgetMs ? [name] : [];
  });
}
