/**
 * Parts of Grace as the log shows them. Each is known by the actors of its entries, is given work by entries
 * of certain events, and is asked by the canary whether there is work or not.
 */
export interface Subsystem {
  readonly actors: readonly string[];
  /** Events whose entries mean that this part has something to do. */
  readonly askedBy: readonly string[];
  /** Milliseconds that it may be silent after it was asked, by work or by the canary. */
  readonly budgetMs: number;
  readonly canary: Canary;
}

/** What shows that a part is there when it has no work. */
export type Canary =
  /** It answers each song. */
  | {
      readonly kind: 'song';
      /** The function that does. */
      readonly answeredBy: string;
      /** The way that a song takes, which is the way that work takes. */
      readonly through: string;
      /** The part that passes the song on, once it has answered: while that one is silent, this one was not asked. */
      readonly after?: 'intake';
      /** What of this part no song comes by, and why. */
      readonly beside?: string;
    }
  /** The song itself must come back through it. */
  | { readonly kind: 'log'; readonly through: string }
  | { readonly kind: 'none'; readonly because: string };

const MINUTE = 60_000;
/** The canary's song, on the mesh and in the log. */
export const CANARY_EVENT = 'audit.canary';
/** The answer of one part. It stays in the log. */
export const CANARY_ANSWERED_EVENT = 'audit.canary_answered';
const ENDS = [
  'agentic.action_not_taken',
  'agentic.problem_resolved',
  'agentic.action_rolled_back',
  'agentic.escalated',
];

export const SUBSYSTEMS = {
  /** In the log it is asked by nobody but the canary: nobody can say that errors should have come. */
  intake: {
    actors: ['sentinel'],
    askedBy: [],
    budgetMs: 10 * MINUTE,
    canary: { kind: 'song', answeredBy: 'sentinel', through: 'mesh, rule, intake queue, sentinel' },
  },
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
    canary: {
      kind: 'song',
      answeredBy: 'admit',
      through: 'sentinel, state machine, admit',
      after: 'intake',
      beside:
        'the other tasks and the replanner run for a contract only, the reaper by its schedule: their errors have alarms',
    },
  },
  /** Decided, and not told to the execution that waits for it. */
  relay: {
    actors: ['relay'],
    askedBy: ['approval.granted', 'approval.rejected', 'approval.expired'],
    budgetMs: 10 * MINUTE,
    canary: { kind: 'song', answeredBy: 'relay', through: 'mesh, rule, relay queue, relay' },
  },
  views: {
    actors: ['recorder'],
    askedBy: ENDS,
    budgetMs: 20 * MINUTE,
    canary: { kind: 'song', answeredBy: 'recorder', through: 'mesh, rule, recorder queue, recorder' },
  },
  /** Asked by the song that it must log. */
  audit: {
    actors: ['audit-check', 'audit-sealer'],
    askedBy: [],
    budgetMs: 10 * MINUTE,
    canary: { kind: 'log', through: 'table, stream, sequencer, log' },
  },
  /** People's commands, and messages to them. A receiver that is slow holds the sender up for a while. */
  people: {
    actors: ['decide', 'webhook-sender', 'api'],
    askedBy: [],
    budgetMs: 20 * MINUTE,
    canary: {
      kind: 'song',
      answeredBy: 'webhook-sender',
      through: 'mesh, rule, webhook queue, webhook sender',
      beside: 'decide and api run when people call them, who see that they do not answer',
    },
  },
  deployment: {
    actors: ['bootstrap'],
    askedBy: [],
    budgetMs: Number.POSITIVE_INFINITY,
    canary: { kind: 'none', because: 'runs when somebody deploys, who sees that it failed' },
  },
} as const satisfies Record<string, Subsystem>;
export type SubsystemName = keyof typeof SUBSYSTEMS;

/** Parts that answer each song. */
export const SINGERS = ['intake', 'execution', 'relay', 'views', 'people'] as const satisfies SubsystemName[];
export type Singer = (typeof SINGERS)[number];

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

/** Whether an entry is a song or an answer, and nothing else. */
export function isCanary(entry: {
  readonly item: { readonly pk: string };
  readonly event: string;
  readonly attributed: boolean;
}): boolean {
  const { item, event, attributed } = entry;
  return (
    attributed && item.pk.startsWith('CANARY#') && (event === CANARY_EVENT || event === CANARY_ANSWERED_EVENT)
  );
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
