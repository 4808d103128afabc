import type { Target } from '../../../shared/domain/target';
import type { ActionPort, StepCall } from '../../../shared/ports/actions';
import type { Resources, Telemetry } from '../../../shared/ports/cloud';
import { type ExecutorName, simulatedActions, simulatedResources, simulatedTelemetry } from './ports';
import type { World } from './world';

/** A call that a service accepted: enough to let it happen again. */
export interface AcceptedCall {
  readonly world: number;
  readonly at: number;
  readonly executor: ExecutorName;
  readonly call: StepCall;
}

/** Several worlds that begin at different times, seen as one account. Of two that know a name, the newer counts. */
export interface JoinedWorlds {
  readonly resources: Resources;
  readonly telemetry: Telemetry;
  readonly actions: Readonly<Record<ExecutorName, ActionPort>>;
  readonly worlds: readonly World[];
  readonly calls: readonly AcceptedCall[];
  add(world: World): void;
  /** Sends an accepted call once more, to the world that took it. */
  repeat(call: AcceptedCall): Promise<void>;
}

const EXECUTORS: readonly ExecutorName[] = ['executor-autoscaling', 'executor-ec2', 'executor-rds'];

export function joinWorlds(): JoinedWorlds {
  const worlds: World[] = [];
  const calls: AcceptedCall[] = [];
  const newest = (knows: (world: World) => boolean): World | undefined =>
    worlds.findLast(knows) ?? worlds.at(-1);
  const holder = (target: Target) => newest((world) => world.resource(target.kind, target.id) !== undefined);

  const describe = async (target: Target) => {
    const world = holder(target);
    return world && simulatedResources(world).describe(target);
  };
  const telemetryOf = (knows: (world: World) => boolean): Telemetry | undefined => {
    const world = newest(knows);
    return world && simulatedTelemetry(world);
  };
  const alarms = (name: string) => telemetryOf((world) => world.alarms.live(name) !== undefined);

  const action = (executor: ExecutorName): ActionPort => ({
    describe,
    async send(call) {
      const world = holder(call.target);
      if (world === undefined) return { kind: 'rejected', code: 'NotFound', message: 'the cloud is empty' };
      const answer = await simulatedActions(world)[executor].send(call);
      if (answer.kind === 'accepted') {
        calls.push({ world: worlds.indexOf(world), at: world.now(), executor, call });
      }
      return answer;
    },
    async evidence(call) {
      const world = holder(call.target);
      return world === undefined ? 'unknown' : simulatedActions(world)[executor].evidence(call);
    },
  });

  return {
    resources: { describe },
    telemetry: {
      alarm: async (name) => alarms(name)?.alarm(name),
      alarmHistory: async (name, from, to) => (await alarms(name)?.alarmHistory(name, from, to)) ?? [],
      series: async (query, from, to) => {
        const known = telemetryOf((world) => world.metrics.some((metric) => metric.matches(query)));
        return (await known?.series(query, from, to)) ?? [];
      },
    },
    actions: Object.fromEntries(EXECUTORS.map((name) => [name, action(name)])) as Record<
      ExecutorName,
      ActionPort
    >,
    worlds,
    calls,
    add: (world) => {
      worlds.push(world);
    },
    async repeat(accepted) {
      const world = worlds[accepted.world];
      if (world === undefined) throw new Error(`there is no world ${accepted.world}`);
      await simulatedActions(world)[accepted.executor].send(accepted.call);
      calls.push(accepted);
    },
  };
}
