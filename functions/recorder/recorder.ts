import type { SongNotice } from '../../shared/contracts/song-notice';
import { isEnd, STATUSES, type Status } from '../../shared/domain/transitions';
import type { Canaries } from '../../shared/ports/canaries';
import type { Clock } from '../../shared/ports/clock';
import type { ContractStore, OutcomeReader } from '../../shared/ports/contract-store';
import type { Metrics } from '../../shared/ports/outside';
import type { MissionStore, PlaybookStore } from '../../shared/ports/stores';
import { approvalMeasure } from './approval-measure';
import { measureOutcome } from './outcome-measures';

export interface RecorderDeps {
  readonly contracts: Pick<ContractStore, 'get'>;
  readonly canaries: Pick<Canaries, 'answer'>;
  readonly outcomes: OutcomeReader;
  readonly missions: MissionStore;
  readonly playbooks: PlaybookStore;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** What the recorder reads of an event on the mesh. */
export interface ContractNews {
  /** `approval.requested` … */
  readonly event: string;
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
  readonly contractId: string;
  readonly missionId: string;
  readonly status: string;
  readonly rev: number;
}

/**
 * Keeps the views that are fed from events: missions, and the statistics of playbooks. Events may come
 * twice and out of order: a mission keeps the news with the highest rev, an outcome is counted once, and an
 * outcome or a request for approval is measured at most once. A song of the canary is answered.
 */
export async function record(
  news: ContractNews | SongNotice,
  deps: RecorderDeps,
): Promise<'noted' | 'counted' | 'no_news' | 'song_answered'> {
  if ('song' in news) {
    const song = await deps.canaries.answer('views', { rev: news.song, at: deps.clock.now() });
    return song === undefined ? 'no_news' : 'song_answered';
  }
  // A mission that held a word which is no status could not be read as open or ended any more.
  if (!isStatus(news.status)) return 'no_news';
  const why = { actor: 'recorder', reason: news.status.toUpperCase(), at: deps.clock.now() };
  const measure = await approvalMeasure(news, deps);
  const noted = await deps.missions.note(news.missionId, news.contractId, news.status, news.rev, why);
  // What was known before is a repeat, which was measured then.
  if (noted === 'noted') measure();
  if (!isEnd(news.status)) return 'noted';
  const outcome = await deps.outcomes.outcome(news.contractId);
  if (outcome === undefined) throw new Error(`contract ${news.contractId} ended without an outcome`);
  if ((await deps.playbooks.countOutcome(outcome, why)) === 'counted') {
    measureOutcome(outcome, deps.metrics);
  }
  return 'counted';
}

const isStatus = (text: string): text is Status => (STATUSES as readonly string[]).includes(text);
