import type { SealWriter } from '../ports/sealing';

/** Sealed copies in memory, for tests and the simulator. `objects` is what is there, by name. */
export function memorySeal(objects: Map<string, Uint8Array> = new Map()): SealWriter & {
  readonly objects: ReadonlyMap<string, Uint8Array>;
} {
  return {
    objects,
    read: async (name) => objects.get(name),
    async write(name, bytes) {
      const stored = objects.get(name);
      if (stored === undefined) objects.set(name, bytes);
      return stored === undefined || Buffer.compare(stored, bytes) === 0;
    },
    async replace(name, bytes) {
      objects.set(name, bytes);
    },
  };
}
