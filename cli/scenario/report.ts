import type { Contract } from '../../shared/contracts/contract';
import { findOrphans, type StateItem } from '../../shared/domain/orphans';
import { auditStore } from '../../shared/stores/audit-store';
import { verifyLog } from '../audit/verify-log';
import { type Breach, type Judgement, judge, type StateReader } from './judge';
import { type Percentiles, percentiles } from './percentiles';
import type { Played } from './play';
import { STAGES, type Stage, type Timing, timingOf } from './timings';

/** One iteration that broke a promise, or that ended otherwise than its incident's truth says. */
export interface Finding {
  readonly iteration: number;
  readonly incident: string;
  readonly seed: number;
  readonly end: string;
  readonly breaches: readonly Breach[];
}

/** What `grace scenario` prints: the same for the same seed but for `wall`. Times: virtual milliseconds. */
export interface ScenarioReport {
  readonly on: string;
  readonly seed: number | string;
  readonly iterations: number;
  readonly chaos: boolean;
  readonly contracts: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Iterations that broke an invariant or ended in no terminal status. */
  readonly errors: number;
  readonly errorRate: number;
  readonly falseMet: number;
  /** Own time from the intake queue to the contract's end: people, effect windows and turns are not in it. */
  readonly latencyMs: Percentiles;
  /** With everything in it. */
  readonly elapsedMs: Percentiles;
  readonly stages: Readonly<Record<Stage, Percentiles>>;
  /** From a change to its event on the bus: the 95th percentile. */
  readonly eventLagMs: number;
  readonly eventLag: Percentiles;
  readonly orphans: number;
  readonly auditComplete: boolean;
  readonly auditVerified: boolean;
  readonly auditEntries: number;
  readonly byTruth: { readonly asExpected: number; readonly otherwise: number };
  readonly byVerdict: Readonly<Record<string, number>>;
  readonly decisions: Readonly<Record<string, number>>;
  readonly deadLetters: number;
  /** What was done to the run; absent without chaos. */
  readonly faults?: Readonly<Record<string, number>>;
  readonly virtual: { readonly ms: number; readonly throughputPerHour: number };
  /** Promises that are not one iteration's, and were broken. */
  readonly breaches: readonly string[];
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  readonly wall: { readonly ms: number; readonly throughput: number };
}

export interface ReportOptions {
  readonly seed: number | string;
  readonly chaos: boolean;
  readonly wallMs: number;
}

/** Judges every iteration, the audit log and the table, and counts. */
export async function reportOf(played: Played, options: ReportOptions): Promise<ScenarioReport> {
  const { deployment, iterations, kernel } = played;
  const items = [...deployment.state.items()];
  const byKey = new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]));
  const state: StateReader = { get: ({ pk, sk }) => byKey.get(`${pk} ${sk}`) };
  const judged = iterations.map((iteration) => ({ iteration, ...judge(iteration, state, options) }));

  const log = auditStore(deployment.audit, { clock: deployment.ports.clock, random: kernel.fork('report') });
  const audit = await verifyLog({ log }, { stateItems: items });
  const orphans = findOrphans(items as unknown as StateItem[]);
  const extra = extraBreaches([
    ...audit.problems.map((problem) => ({
      pk: 'pk' in problem ? problem.pk : '',
      code: 'NOT_AUDITED' as const,
      detail: JSON.stringify(problem),
    })),
    ...orphans.map((orphan) => ({
      pk: orphan.pk,
      code: 'ORPHANED' as const,
      detail: `${orphan.pk} ${orphan.sk} names ${orphan.key}, which is not there`,
    })),
  ]);
  const results = judged.map((one) => ({
    ...one,
    breaches: [
      ...one.breaches,
      ...[...one.iteration.contractIds].flatMap((id) => extra.take(`CONTRACT#${id}`)),
    ],
  }));
  const contracts = results.flatMap((one) => one.contracts);
  const timings = results.flatMap(({ iteration, contracts: own }) =>
    own.flatMap((contract) => {
      const receivedAt = iteration.received.get(contract.eventId) ?? contract.createdAt;
      const execution = deployment.stepFunctions.describeExecution(contract.contractId);
      return timingOf(contract, execution, receivedAt) ?? [];
    }),
  );
  const errors = results.filter((one) => one.breaches.length > 0).length;
  const virtualMs = kernel.now() - (iterations[0]?.world.start ?? kernel.now());
  const chainHolds = !audit.problems.some((problem) => 'seq' in problem) && audit.verified === audit.entries;
  const eventLag = percentiles(played.eventLags);
  return {
    on: 'simulator',
    seed: options.seed,
    iterations: iterations.length,
    chaos: options.chaos,
    contracts: contracts.length,
    byStatus: tally(contracts.map((contract) => contract.status)),
    errors,
    errorRate: iterations.length === 0 ? 0 : errors / iterations.length,
    falseMet: results.filter((one) => one.falseMet).length,
    latencyMs: percentiles(timings.map((timing) => timing.total)),
    elapsedMs: percentiles(timings.map((timing) => timing.elapsed)),
    stages: stagesOf(timings),
    eventLagMs: eventLag.p95,
    eventLag,
    orphans: orphans.length,
    auditComplete: audit.problems.length === 0 && audit.unattributed === 0,
    auditVerified: chainHolds,
    auditEntries: audit.entries,
    byTruth: {
      asExpected: results.filter((one) => one.asExpected).length,
      otherwise: results.filter((one) => !one.asExpected).length,
    },
    byVerdict: tally(contracts.map((contract) => contract.verdict ?? 'none')),
    decisions: sorted(played.decisions),
    deadLetters: deployment.deadLetters().length,
    ...(played.chaos === undefined ? {} : { faults: played.chaos }),
    virtual: { ms: virtualMs, throughputPerHour: perHour(contracts.length, virtualMs) },
    breaches: [...extra.rest(), ...globalBreaches(played, contracts, items.length, options.chaos)],
    findings: results.filter((one) => one.breaches.length > 0 || !one.asExpected).map(findingOf),
    notes: [],
    wall: { ms: Math.round(options.wallMs), throughput: perSecond(contracts.length, options.wallMs) },
  };
}

/** Whether everything that Grace promises held. */
export const held = (report: Pick<ScenarioReport, 'errors' | 'orphans' | 'breaches'>): boolean =>
  report.errors === 0 && report.orphans === 0 && report.breaches.length === 0;

/** Findings about stored items: those of contracts go to their iterations, the rest is told by itself. */
function extraBreaches(found: readonly (Breach & { readonly pk: string })[]) {
  const left = new Map<string, (Breach & { readonly pk: string })[]>();
  for (const one of found) left.set(one.pk, [...(left.get(one.pk) ?? []), one]);
  return {
    take(pk: string): readonly Breach[] {
      const own = left.get(pk) ?? [];
      left.delete(pk);
      return own.map(({ code, detail }) => ({ code, detail }));
    },
    rest: () => [...left.values()].flat().map(({ code, detail }) => `${code}: ${detail}`),
  };
}

function globalBreaches(
  { deployment, cameToRest, bootstrap }: Played,
  contracts: readonly Contract[],
  items: number,
  underChaos: boolean,
): string[] {
  const breaches: string[] = [];
  if (items === 0) breaches.push('NOTHING_STORED: the state table is empty');
  if (!cameToRest) breaches.push('NOT_AT_REST: something was still under way when time was up');
  if (bootstrap === undefined) breaches.push('NO_BOOTSTRAP: bootstrap never worked');
  // Under chaos a message may fail as often as its queue allows; it is kept, and told.
  const dead = deployment.deadLetters().length;
  if (dead > 0 && !underChaos) breaches.push(`DEAD_LETTERS: ${dead} messages could not be handled`);
  const used = [...deployment.state.items()]
    .filter((item) => item.pk.startsWith('BUDGET#'))
    .reduce((sum, item) => sum + Number(item['used'] ?? 0), 0);
  const passed = contracts.filter((contract) => contract.startedAt !== undefined).length;
  if (used !== passed) breaches.push(`BUDGET_MISCOUNTED: ${used} counted, ${passed} passed the gate`);
  return breaches;
}

function findingOf({
  iteration,
  end,
  breaches,
}: Judgement & { readonly iteration: Played['iterations'][number] }): Finding {
  const { index, incident, seed } = iteration;
  return { iteration: index, incident: incident.name, seed, end, breaches };
}

function stagesOf(timings: readonly Timing[]): Record<Stage, Percentiles> {
  const entries = STAGES.map((stage) => [
    stage,
    percentiles(timings.flatMap((timing) => timing[stage] ?? [])),
  ]);
  return Object.fromEntries(entries) as Record<Stage, Percentiles>;
}

function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return sorted(counts);
}

const sorted = (counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
const rounded = (value: number) => Math.round(value * 10) / 10;
const perSecond = (count: number, ms: number) => (ms <= 0 ? 0 : rounded((count * 1000) / ms));
const perHour = (count: number, ms: number) => (ms <= 0 ? 0 : rounded((count * 3_600_000) / ms));
