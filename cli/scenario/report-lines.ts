import type { Percentiles } from './percentiles';
import { held, type ScenarioReport } from './report';

/** The report for people. */
export function reportLines(report: ScenarioReport): readonly string[] {
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([word, count]) => `${word} ${count}`)
      .join(', ') || 'none';
  const { byTruth, wall } = report;
  return [
    `${report.iterations} incidents on ${report.on}, seed ${report.seed}${report.chaos ? ', with chaos' : ''}: ${report.contracts} contracts`,
    `ends         ${counts(report.byStatus)}`,
    `verdicts     ${counts(report.byVerdict)}; false met ${report.falseMet}`,
    `as expected  ${byTruth.asExpected} of ${byTruth.asExpected + byTruth.otherwise}`,
    `latency      ${spread(report.latencyMs)} of own time`,
    ...Object.entries(report.stages).map(([stage, of]) => `  ${stage.padEnd(22)} ${spread(of)}`),
    `event lag    ${spread(report.eventLag)}`,
    `audit        ${report.auditEntries} entries, ${report.auditComplete ? 'complete' : 'NOT COMPLETE'}, ${report.auditVerified ? 'verified' : 'NOT VERIFIED'}`,
    `orphans      ${report.orphans}`,
    ...(report.faults === undefined ? [] : [`faults       ${counts(report.faults)}`]),
    `throughput   ${wall.throughput} contracts/s of this machine's time (${wall.ms} ms)`,
    `errors       ${report.errors} (${(100 * report.errorRate).toFixed(1)} %)`,
    ...report.breaches.map((breach) => `  ${breach}`),
    ...report.findings
      .filter(({ breaches }) => breaches.length > 0)
      .flatMap(({ iteration, incident, seed, breaches }) =>
        breaches.map(
          ({ code, detail }) => `  iteration ${iteration}, ${incident}, seed ${seed}: ${code}: ${detail}`,
        ),
      ),
    ...report.notes,
    held(report) ? 'Every promise held.' : 'A promise was broken.',
  ];
}

const spread = ({ p50, p95, max }: Percentiles): string => `p50 ${p50} ms, p95 ${p95} ms, max ${max} ms`;
