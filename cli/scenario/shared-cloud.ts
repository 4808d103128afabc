import type { CallAnswer } from '../../shared/ports/actions';
import type { ExecutorName } from '../simulator/cloud/ports';
import { simulatedActions, simulatedResources, simulatedTelemetry } from '../simulator/cloud/ports';
import type { World } from '../simulator/cloud/world';
import type { SimulatedCloud } from '../simulator/ports';
import { namesOf } from './own-names';

/** Many worlds as the one cloud of an account; each answers for the names that are in its file. */
export interface SharedCloud extends SimulatedCloud {
  add(world: World): void;
}

interface Part {
  readonly resources: ReturnType<typeof simulatedResources>;
  readonly telemetry: ReturnType<typeof simulatedTelemetry>;
  readonly actions: ReturnType<typeof simulatedActions>;
}

const EXECUTORS: readonly ExecutorName[] = ['executor-autoscaling', 'executor-ec2', 'executor-rds'];
const nowhere: CallAnswer = { kind: 'rejected', code: 'NotFound', message: 'there is no such resource' };

export function sharedCloud(): SharedCloud {
  const parts = new Map<string, Part>();
  return {
    add(world) {
      const part = {
        resources: simulatedResources(world),
        telemetry: simulatedTelemetry(world),
        actions: simulatedActions(world),
      };
      for (const name of namesOf(world.file)) parts.set(name, part);
    },
    resources: { describe: async (target) => parts.get(target.id)?.resources.describe(target) },
    telemetry: {
      alarm: async (name) => parts.get(name)?.telemetry.alarm(name),
      alarmHistory: async (name, from, to) => parts.get(name)?.telemetry.alarmHistory(name, from, to) ?? [],
      async series(query, from, to) {
        const name = Object.values(query.dimensions).find((value) => parts.has(value));
        return name === undefined ? [] : (parts.get(name)?.telemetry.series(query, from, to) ?? []);
      },
    },
    actions: Object.fromEntries(
      EXECUTORS.map((executor) => [
        executor,
        {
          describe: async (target) => parts.get(target.id)?.actions[executor].describe(target),
          send: async (call) => parts.get(call.target.id)?.actions[executor].send(call) ?? nowhere,
          evidence: async (call) => parts.get(call.target.id)?.actions[executor].evidence(call) ?? 'unknown',
        },
      ]),
    ),
  };
}
