import type { SealWriter } from '../ports/sealing';

/** Sealed copies in memory, for tests and the simulator. `objects` is what is there, by `prefix` and name. */
export function memorySeal(
  objects: Map<string, Uint8Array> = new Map(),
  prefix = '',
): SealWriter & {
  readonly objects: ReadonlyMap<string, Uint8Array>;
} {
  return {
    objects,
    read: async (name) => objects.get(prefix + name),
    async write(name, bytes) {
      const stored = objects.get(prefix + name);
      if (stored === undefined) objects.set(prefix + name, bytes);
      return stored === undefined || Buffer.compare(stored, bytes) === 0;
    },
    async replace(name, bytes) {
      objects.set(prefix + name, bytes);
    },
  };
}
