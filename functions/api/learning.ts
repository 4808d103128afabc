import type { LearningStats, Recommendations } from '../../shared/contracts/api/governance';
import { betaQuantile } from '../../shared/domain/beta';
import type { PlaybookStore } from '../../shared/ports/stores';
import type { Handlers } from './asked';

/** Both ends leave this probability outside: a 95 % interval. */
const TAIL = 0.025;
/** Fewer outcomes than this say little, whatever they are. */
const ENOUGH = 5;

type Statistics = LearningStats['playbooks'][number];

export const LEARNING_ROUTES: Handlers<'getLearningStats' | 'getRecommendations'> = {
  async getLearningStats(_asked, { playbooks }) {
    return { ok: true, data: { playbooks: await learningStats(playbooks) } };
  },

  async getRecommendations(_asked, { playbooks }) {
    return { ok: true, data: { recommendations: recommended(await learningStats(playbooks)) } };
  },
};

/** Playbooks by how surely they help. */
export function recommended(stats: readonly Statistics[]): Recommendations['recommendations'] {
  return stats
    .map(recommendation)
    .sort((a, b) => b.low - a.low || b.mean - a.mean || (a.playbook < b.playbook ? -1 : 1))
    .map((one, index) => ({ rank: index + 1, ...one }));
}

/** How the contracts of each playbook in use ended. */
export async function learningStats(
  playbooks: Pick<PlaybookStore, 'current' | 'statistics'>,
): Promise<Statistics[]> {
  const current = await playbooks.current();
  return Promise.all(
    current.map(async ({ name, version }) => {
      const seen = await playbooks.statistics(name);
      return {
        playbook: name,
        version,
        resolved: seen?.resolved ?? 0,
        rolledBack: seen?.rolledBack ?? 0,
        needsPerson: seen?.needsPerson ?? 0,
        notTaken: seen?.notTaken ?? 0,
        lastTen: seen?.lastTen ?? '',
      };
    }),
  );
}

/**
 * How surely a playbook helps: the posterior of its success rate, from a uniform prior, over all contracts of it
 * that acted. Ranked by the interval's lower end, so that a playbook that has shown little is not put above one
 * that has shown much.
 */
function recommendation({
  playbook,
  resolved,
  rolledBack,
  needsPerson,
}: Statistics): Omit<Recommendations['recommendations'][number], 'rank'> {
  const failures = rolledBack + needsPerson;
  const [a, b] = [1 + resolved, 1 + failures];
  const tried = resolved + failures;
  const mean = a / (a + b);
  const low = betaQuantile(TAIL, a, b);
  const high = betaQuantile(1 - TAIL, a, b);
  const record = `helped in ${resolved} of ${tried}`;
  if (tried < ENOUGH) {
    return {
      playbook,
      successes: resolved,
      failures,
      mean,
      low,
      high,
      advice: 'gather_evidence',
      why: `${record}: too few to say`,
    };
  }
  const advice = low > 0.5 ? 'trust' : high < 0.5 ? 'review' : 'gather_evidence';
  const words = {
    trust: 'more likely than not it helps, at the lower end too',
    review: 'more likely than not it does not help: look at its diagnosis',
    gather_evidence: 'it is open whether it helps more often than not',
  } as const;
  return {
    playbook,
    successes: resolved,
    failures,
    mean,
    low,
    high,
    advice,
    why: `${record}: ${words[advice]}`,
  };
}
