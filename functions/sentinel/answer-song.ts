import type { SongNotice } from '../../shared/contracts/song-notice';
import { songExecution } from '../../shared/domain/song';
import type { Canaries } from '../../shared/ports/canaries';
import type { Clock } from '../../shared/ports/clock';
import type { Executions } from '../../shared/ports/executions';

export interface AnswerSongDeps {
  readonly canaries: Pick<Canaries, 'answer'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly clock: Clock;
}

/**
 * Answers a song of the canary, and sends it on into the state machine. What is no error is neither scanned nor
 * diagnosed, and no decision comes of it. Both halves are repeated by a second delivery, and say nothing new then.
 */
export async function answerSong({ song: rev }: SongNotice, deps: AnswerSongDeps): Promise<void> {
  const song = await deps.canaries.answer('intake', { rev, at: deps.clock.now() });
  if (song !== undefined) await deps.executions.start(songExecution(song));
}
