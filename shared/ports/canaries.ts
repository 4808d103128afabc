import type { Song, Sung } from '../domain/song';
import type { Singer } from '../domain/subsystems';
import type { Reason } from './contract-store';

/** The canary's song, and what the parts of Grace answered. */
export interface Canaries {
  /** The next song. */
  sing(why: Reason): Promise<Sung>;
  /**
   * Answers a song in a part's name; one that is older than the last it answered, or the same, is answered already.
   * `undefined` = there was no such song, or it is of another series than the one given: nothing is written.
   */
  answer(part: Singer, heard: HeardSong): Promise<Song | undefined>;
  /** The last song that the part answered, and when; `rev` 0 = none. */
  answered(part: Singer): Promise<Sung>;
}

/** A song that is said to have been sung. */
export interface HeardSong {
  readonly rev: number;
  /** Absent where who says so does not know. */
  readonly series?: number;
  /** When it was heard: milliseconds since 1970. */
  readonly at: number;
}
