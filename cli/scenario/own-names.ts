import type { WorldFile } from '../simulator/cloud/world-file';

const INSTANCE = /^i-[0-9a-f]{17}$/;
const LOAD_BALANCER = /^app\/([^/]+)\/([^/]+)$/;

/** `s0007-orders`: a name of its own for each iteration, so that many worlds can stand in one account. */
export function ownName(iteration: number, name: string): string {
  if (INSTANCE.test(name)) return `i-${name.slice(2, 9)}${iteration.toString(16).padStart(10, '0')}`;
  const prefix = `s${String(iteration).padStart(4, '0')}-`;
  const balancer = LOAD_BALANCER.exec(name);
  // Playbooks find a group by what stands before `-workers` or between the slashes, so the prefix goes there.
  return balancer === null ? prefix + name : `app/${prefix}${balancer[1]}/${balancer[2]}`;
}

/** The same world with all names that an event or a look can bear made the iteration's own. */
export function withOwnNames(file: WorldFile, iteration: number): WorldFile {
  const own = (name: string) => ownName(iteration, name);
  const owned = <Value>(named: Readonly<Record<string, Value>>, change: (value: Value) => Value) =>
    Object.fromEntries(Object.entries(named).map(([key, value]) => [key, change(value)]));
  return {
    ...file,
    resources: file.resources.map((resource) => ({ ...resource, id: own(resource.id) })),
    metrics: file.metrics.map((metric) => ({ ...metric, dimensions: owned(metric.dimensions, own) })),
    alarms: file.alarms.map((alarm) => {
      const named = { ...alarm, name: own(alarm.name) };
      if (named.type !== 'composite') return named;
      const { suppressor } = named;
      return {
        ...named,
        anyOf: named.anyOf.map(own),
        ...(suppressor === undefined ? {} : { suppressor: { ...suppressor, alarm: own(suppressor.alarm) } }),
      };
    }),
    causes: file.causes.map((cause) => ({
      ...cause,
      effects: cause.effects.map((effect) =>
        effect.resource === undefined ? effect : { ...effect, resource: own(effect.resource) },
      ),
    })),
    interference: file.interference.map((one) => ({ ...one, resource: own(one.resource) })),
    errors: file.errors.map((one) => ({
      ...one,
      error: { ...one.error, service: own(one.error.service), attributes: owned(one.error.attributes, own) },
    })),
  };
}

/** Every name by which a look at the cloud can ask for something of this world. */
export function namesOf(file: WorldFile): readonly string[] {
  return [
    ...file.resources.map((resource) => resource.id),
    ...file.alarms.map((alarm) => alarm.name),
    ...file.metrics.flatMap((metric) => Object.values(metric.dimensions)),
  ];
}
