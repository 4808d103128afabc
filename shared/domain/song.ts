/**
 * A song of the canary: a change that each audit check makes of one item, and that goes out to every part of Grace
 * by the ways that work comes to it (`docs/adr/0022-every-part-answers-the-canary.md`).
 */
export interface Song {
  /** When the deployment's first song was sung, milliseconds since 1970: tells the songs of two tables apart. */
  readonly series: number;
  /** The item's `rev`: 1, 2, 3 … */
  readonly rev: number;
}

/** A song, and when it was sung: milliseconds since 1970. */
export interface Sung {
  readonly rev: number;
  readonly at: number;
}

const EXECUTION = /^canary-([0-9a-z]{1,11})-([1-9][0-9]{0,14})$/;

/** Name of the execution that carries a song, in the place of a contract's id; no contract is called so. */
export const songExecution = ({ series, rev }: Song): string => `canary-${series.toString(36)}-${rev}`;

/** `undefined`: it is a contract's. */
export function songOfExecution(name: string): Song | undefined {
  const [, series, rev] = EXECUTION.exec(name) ?? [];
  return series === undefined || rev === undefined
    ? undefined
    : { series: Number.parseInt(series, 36), rev: Number(rev) };
}

/** Longer than two turns of the check: then nothing of Grace ran, or nobody listened. */
const PAUSE_MS = 35 * 60_000;
/** From one part to the next, retries included. Less than there is between two songs. */
const PASSING_ON_MS = 4 * 60_000;

/**
 * The oldest song that a part has not answered, with how long it has waited, where that is longer than it may be.
 * Time in which nobody checked does not count: what was asked before a pause is asked again by the next song.
 *
 * @param songs as they were sung, oldest first
 * @param answered the last song that it answered, and when
 * @param passedOn of a part that hears from another: the last song that the other answered, and when
 */
export function overdueSong(given: {
  readonly songs: readonly Sung[];
  readonly answered: Sung;
  readonly passedOn: Sung | undefined;
  readonly budgetMs: number;
  readonly now: number;
}): { readonly rev: number; readonly waitsMs: number } | undefined {
  const { songs, answered, passedOn, budgetMs, now } = given;
  const last = songs.at(-1);
  const waiting = songs.find(
    ({ rev }) => rev > answered.rev && rev <= (passedOn?.rev ?? Number.POSITIVE_INFINITY),
  );
  if (waiting === undefined || last === undefined) return undefined;
  if (passedOn !== undefined && now - passedOn.at <= PASSING_ON_MS) return undefined;
  const waitsMs = (now - last.at > PAUSE_MS ? last.at : now) - waiting.at;
  return waitsMs > budgetMs ? { rev: waiting.rev, waitsMs } : undefined;
}
