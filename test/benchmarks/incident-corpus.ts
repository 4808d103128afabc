import { resolve } from 'node:path';
import { loadPlaybooks } from '../../cli/playbooks/library';
import { type Breach, judge } from '../../cli/scenario/judge';
import { play } from '../../cli/scenario/play';
import type { Incident } from '../../cli/simulator/cloud/incident';
import { INCIDENTS } from '../../cli/simulator/cloud/incidents';
import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';

/**
 * Grace against the incident corpus: each variant is one incident in a deployment of its own, with the playbooks
 * as shipped, judged by the truth that its author declared. The corpus is synthetic, so the rates say how Grace
 * behaves on what is known to go wrong, not how often it does in any real account.
 */
export interface CorpusVariant {
  readonly incident: string;
  readonly seed: number;
  readonly end: string;
  readonly asDeclared: boolean;
  readonly verdict: 'met' | 'not_met' | 'inconclusive' | undefined;
  readonly falseMet: boolean;
  /** The contract was resolved, rightly at the time, and the fault came back after the window. */
  readonly harmAfterWindow: boolean;
  readonly breaches: readonly Breach[];
}

export interface CorpusFigures {
  readonly incidents: number;
  readonly variants: number;
  readonly falseMet: number;
  readonly asDeclared: number;
  /** Variants in which anything that Grace promises was broken. */
  readonly broken: number;
  /** Variants that came to a verdict, and how many of these are inconclusive. */
  readonly verdicts: number;
  readonly inconclusive: number;
  readonly inconclusiveShare: number;
  readonly harmAfterWindow: number;
  readonly byEnd: Readonly<Record<string, number>>;
  readonly failures: readonly CorpusVariant[];
  readonly wallMs: number;
}

export const CORPUS_SEEDS: readonly number[] = Array.from({ length: 10 }, (_, index) => index + 1);

export function shippedPlaybooks(): CompiledPlaybooks {
  const library = loadPlaybooks(resolve(__dirname, '../../playbooks'));
  if (!library.ok)
    throw new Error(`the shipped playbooks are not valid: ${JSON.stringify(library.problems)}`);
  return library.compiled;
}

export async function runVariant(
  incident: Incident,
  seed: number,
  playbooks: CompiledPlaybooks,
): Promise<CorpusVariant> {
  const played = await play({
    iterations: [{ index: 1, incident, seed, startsAfterMs: 0 }],
    playbooks,
    seed: `corpus ${incident.name} ${seed}`,
  });
  const items = new Map(played.deployment.state.items().map((item) => [`${item.pk} ${item.sk}`, item]));
  const [iteration] = played.iterations;
  if (iteration === undefined) throw new Error(`${incident.name} never began`);
  const judged = judge(iteration, { get: ({ pk, sk }) => items.get(`${pk} ${sk}`) }, { chaos: false });
  return {
    incident: incident.name,
    seed,
    end: judged.end,
    asDeclared: judged.asExpected,
    verdict: judged.contracts[0]?.verdict,
    falseMet: judged.falseMet,
    harmAfterWindow: judged.end === 'resolved' && incident.truth.harmAfterWindow === true,
    breaches: judged.breaches,
  };
}

/** `npm run bench` and the test: every incident with every seed. */
export async function incidentCorpus(seeds: readonly number[] = CORPUS_SEEDS): Promise<CorpusFigures> {
  const began = performance.now();
  const playbooks = shippedPlaybooks();
  const variants: CorpusVariant[] = [];
  for (const incident of INCIDENTS)
    for (const seed of seeds) variants.push(await runVariant(incident, seed, playbooks));
  const count = (is: (variant: CorpusVariant) => boolean) => variants.filter(is).length;
  const verdicts = count((variant) => variant.verdict !== undefined);
  const inconclusive = count((variant) => variant.verdict === 'inconclusive');
  const byEnd: Record<string, number> = {};
  for (const { end } of variants) byEnd[end] = (byEnd[end] ?? 0) + 1;
  return {
    incidents: INCIDENTS.length,
    variants: variants.length,
    falseMet: count((variant) => variant.falseMet),
    asDeclared: count((variant) => variant.asDeclared),
    broken: count((variant) => variant.breaches.length > 0),
    verdicts,
    inconclusive,
    inconclusiveShare: verdicts === 0 ? 0 : inconclusive / verdicts,
    harmAfterWindow: count((variant) => variant.harmAfterWindow),
    byEnd,
    failures: variants.filter((variant) => variant.breaches.length > 0 || !variant.asDeclared),
    wallMs: performance.now() - began,
  };
}

/** One line a figure, for people. */
export function corpusLines(figures: CorpusFigures): readonly string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    `${figures.incidents} incidents, ${figures.variants} variants, ${Math.round(figures.wallMs)} ms`,
    `false met: ${figures.falseMet}`,
    `ended as declared: ${figures.asDeclared} of ${figures.variants}`,
    `inconclusive: ${figures.inconclusive} of ${figures.verdicts} verdicts (${percent(figures.inconclusiveShare)}), ${percent(figures.inconclusive / figures.variants)} of all variants`,
    `harm after the window, not to be known at its end: ${figures.harmAfterWindow}`,
    `ends: ${Object.entries(figures.byEnd)
      .map(([end, count]) => `${end} ${count}`)
      .join(', ')}`,
    ...figures.failures.map(
      ({ incident, seed, end, breaches }) =>
        `  ${incident} seed ${seed}: ${end} ${breaches.map(({ code, detail }) => `${code} ${detail}`).join('; ')}`,
    ),
  ];
}
