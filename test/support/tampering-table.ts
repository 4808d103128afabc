import type { Trust } from '../../cli/audit/read-checkpoint';
import { type LogReport, verifyEvidence } from '../../cli/audit/verify-log';
import { evidenceOf, type Scene } from './tamperings';

/** What an auditor may have besides the table itself. */
export const MEASURES = {
  chain: {},
  'signed checkpoints': { checkpoints: true },
  'pinned key': { checkpoints: true, pinned: true },
  'kept checkpoint': { kept: true },
  'sealed copies': { sealed: true },
} as const satisfies Record<string, Measure>;
export type MeasureName = keyof typeof MEASURES;
export const ALL_MEASURES: Measure = { checkpoints: true, pinned: true, kept: true, sealed: true };

interface Measure {
  readonly checkpoints?: boolean;
  readonly sealed?: boolean;
  readonly pinned?: boolean;
  readonly kept?: boolean;
}

export function verifyScene(scene: Scene, measure: Measure, auditor: Required<Trust>): Promise<LogReport> {
  const trust = {
    ...(measure.pinned ? { keys: auditor.keys } : {}),
    ...(measure.kept ? { since: auditor.since } : {}),
  };
  return verifyEvidence(evidenceOf(scene, measure), { trust });
}

/** Which measure finds which kind, as the guide prints it. */
export function tamperingTable(found: ReadonlyMap<string, readonly MeasureName[]>): string {
  const names = Object.keys(MEASURES) as MeasureName[];
  const rows = [...found].map(
    ([kind, by]) => `| ${kind} | ${names.map((name) => (by.includes(name) ? '✔' : '–')).join(' | ')} |`,
  );
  const counts = names.map((name) => [...found.values()].filter((by) => by.includes(name)).length);
  return [
    `| kind | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---').join('|')}|`,
    ...rows,
    `| of ${found.size} | ${counts.join(' | ')} |`,
  ].join('\n');
}
