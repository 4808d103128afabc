import type { ActivityView } from '../../../shared/contracts/api/audit';

/** What one part of Grace did in all hours together. */
export interface PartActivity {
  readonly part: string;
  readonly entries: number;
  readonly failures: number;
  /** The last hour in which it did something, ISO 8601. */
  readonly last: string;
}

/** Busiest first. Hours come oldest first. */
export function byPart(hours: readonly ActivityView[]): readonly PartActivity[] {
  const parts = new Map<string, PartActivity>();
  for (const { hour, activity, failures } of hours) {
    for (const [part, count] of Object.entries(activity)) {
      const before = parts.get(part);
      parts.set(part, {
        part,
        entries: (before?.entries ?? 0) + count,
        failures: (before?.failures ?? 0) + (failures[part] ?? 0),
        last: `${hour}:00:00.000Z`,
      });
    }
  }
  return [...parts.values()].sort((a, b) => b.entries - a.entries || (a.part < b.part ? -1 : 1));
}

export const totalOf = (counts: ActivityView['activity']): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
