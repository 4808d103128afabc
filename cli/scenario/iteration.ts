import type { AlarmEvent } from '../simulator/cloud/alarm-events';
import { type Incident, PROMPT_APPROVAL, type ScriptedApproval } from '../simulator/cloud/incident';
import { createWorld, type World } from '../simulator/cloud/world';
import type { WorldFile } from '../simulator/cloud/world-file';
import type { Kernel } from '../simulator/kernel';
import { withOwnNames } from './own-names';

/** One incident that is to be played: which, with which draws, and when its world begins. */
export interface PlannedIteration {
  readonly index: number;
  readonly incident: Incident;
  readonly seed: number;
  readonly startsAfterMs: number;
}

/** The same, under way. Times: virtual, milliseconds since 1970. */
export interface Iteration extends PlannedIteration {
  readonly world: World;
  /** Event id to when its message came to the intake queue. */
  readonly received: Map<string, number>;
  /** Of those, the ones of which the sentinel has said what it does. */
  readonly decided: Set<string>;
  readonly contractIds: Set<string>;
  approval(): ScriptedApproval;
  /** Nothing more will happen by itself: the world only answers. */
  quieten(): void;
}

export interface IterationDeps {
  readonly kernel: Kernel;
  intake(body: string): void;
  /** Names of an iteration's own, where several share a deployment. */
  readonly ownNames: boolean;
  /** Called once for each event that reaches the bus. */
  onReceived(iteration: Iteration, eventId: string): void;
}

/** Begins an iteration now: its world, from which alarm events and reported errors reach the intake queue. */
export function beginIteration(planned: PlannedIteration, deps: IterationDeps): Iteration {
  const { kernel } = deps;
  const { incident, seed, index } = planned;
  const file: WorldFile = deps.ownNames ? withOwnNames(incident.world(seed), index) : incident.world(seed);
  const received = new Map<string, number>();
  let errors = 0;
  let quiet = false;

  const arrive = (eventId: string, body: unknown): void => {
    const deliver = () => {
      received.set(eventId, kernel.now());
      deps.onReceived(iteration, eventId);
      deps.intake(JSON.stringify(body));
    };
    const delay = (incident.eventDelaySeconds ?? 0) * 1000;
    if (delay === 0) deliver();
    else kernel.schedule(delay, deliver, 'late event');
  };
  const world = createWorld({
    kernel,
    file,
    onEvent: (event: AlarmEvent) => arrive(event.id, event),
    onError: (error, at) => {
      errors += 1;
      const id = `scenario-${index}-${seed}-error-${errors}`;
      arrive(id, capturedEvent(file, { id, at, error }));
    },
    alive: () => !quiet,
  });
  const iteration: Iteration = {
    ...planned,
    world,
    received,
    decided: new Set(),
    contractIds: new Set(),
    approval: () => incident.approval ?? PROMPT_APPROVAL,
    quieten() {
      quiet = true;
      world.stop();
    },
  };
  return iteration;
}

/** As `captureErrors()` puts it on the bus. */
function capturedEvent(
  { account, region }: Pick<WorldFile, 'account' | 'region'>,
  captured: { readonly id: string; readonly at: number; readonly error: object },
) {
  const time = new Date(captured.at).toISOString();
  return {
    version: '0',
    id: captured.id,
    source: 'grace.captured',
    'detail-type': 'error.captured',
    account,
    region,
    time,
    resources: [],
    detail: {
      id: captured.id,
      type: 'error.captured',
      version: 1,
      time,
      correlationId: captured.id,
      detail: captured.error,
    },
  };
}
