import { SINGERS, SUBSYSTEMS, type Subsystem } from '../../shared/domain/subsystems';
import type { Canaries } from '../../shared/ports/canaries';

/** A part of Grace: how long it may be silent, and what shows that it is there. */
export interface PartRow {
  readonly part: string;
  readonly functions: readonly string[];
  /** Milliseconds; `null`: as long as it likes. */
  readonly budgetMs: number | null;
  /** The way of the canary's song through it; `null`: no song comes to it. */
  readonly canary: string | null;
  /** Why no song comes to it, or to some of it. */
  readonly without: string | null;
  /** The last song that it answered, and when; milliseconds since 1970. */
  readonly answered: { readonly song: number; readonly at: number } | null;
}

/** Every part, as the table of the domain says, with what it last answered. */
export async function partsOfGrace(canaries: Pick<Canaries, 'answered'>): Promise<readonly PartRow[]> {
  const answers = new Map<string, PartRow['answered']>();
  for (const part of SINGERS) {
    const { rev, at } = await canaries.answered(part);
    if (rev > 0) answers.set(part, { song: rev, at });
  }
  return (Object.entries(SUBSYSTEMS) as [string, Subsystem][]).map(
    ([part, { actors, budgetMs, canary }]) => ({
      part,
      functions: actors,
      budgetMs: Number.isFinite(budgetMs) ? budgetMs : null,
      canary: canary.kind === 'none' ? null : canary.through,
      without: canary.kind === 'none' ? canary.because : (canary.kind === 'song' && canary.beside) || null,
      answered: answers.get(part) ?? null,
    }),
  );
}

/** Lines for a person. */
export function partLines(rows: readonly PartRow[]): readonly string[] {
  const width = Math.max(...rows.map(({ part }) => part.length));
  return rows.flatMap(({ part, budgetMs, canary, without, answered }) => {
    const budget = budgetMs === null ? 'no limit' : `${Math.round(budgetMs / 60_000)} min`;
    const heard =
      answered === null ? '' : `; song ${answered.song} at ${new Date(answered.at).toISOString()}`;
    const says = canary === null ? `no canary: ${without}` : `canary by ${canary}${heard}`;
    const rest =
      canary === null || without === null ? [] : [`${' '.repeat(width)}  ${' '.repeat(8)}  (${without})`];
    return [`${part.padEnd(width)}  ${budget.padStart(8)}  ${says}`, ...rest];
  });
}
