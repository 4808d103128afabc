import { type Figure, goalOf, isMet, missed, rounded } from './figure';
import type { Machine } from './machine';

export interface BenchReport {
  readonly figures: readonly Figure[];
  /** Suites that could not be measured, and why. */
  readonly unmeasured: readonly { readonly suite: string; readonly why: string }[];
  readonly machine: Machine;
  /** Of the day on which it was measured. */
  readonly date: string;
  readonly command: string;
  readonly seconds: number;
}

const number = (value: number): string => String(rounded(value));

function goalText(figure: Figure): string {
  const goal = goalOf(figure);
  if (goal === null || figure.goal === undefined) return '';
  return `${'atMost' in figure.goal ? '≤' : '≥'} ${number(goal)}`;
}

const metText = (figure: Figure): string =>
  ({ true: 'yes', false: '**no**', null: '' })[String(isMet(figure))] ?? '';

/** For a terminal. */
export function reportLines({ figures, unmeasured }: Pick<BenchReport, 'figures' | 'unmeasured'>): string[] {
  const rows = figures.map((figure) => [
    figure.name,
    number(figure.value),
    figure.unit,
    goalText(figure),
    figure.reference === undefined ? '' : number(figure.reference.value),
    { true: 'met', false: 'MISSED', null: '' }[String(isMet(figure))] ?? '',
  ]);
  const all = [['figure', 'value', 'unit', 'goal', 'reference', ''], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const bad = missed(figures);
  return [
    ...all.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    '',
    ...unmeasured.map(({ suite, why }) => `NOT MEASURED: ${suite}: ${why}`),
    bad.length === 0
      ? 'Every goal is met.'
      : `Missed: ${bad.map((figure) => `${figure.name} ${number(figure.value)} (goal ${goalText(figure)})`).join(', ')}`,
  ];
}

/** `docs/benchmarks.md`. */
export function reportMarkdown(report: BenchReport): string {
  const { machine } = report;
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const bad = missed(report.figures);
  return [
    '# Benchmarks',
    '',
    `Written by \`${report.command}\` on ${report.date}; do not edit. It took ${Math.round(report.seconds)} s on ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}; load before it began: ${machine.load}.`,
    '',
    'A goal is in the unit of its figure; where it is a multiple of a reference, the reference was measured in the same run.',
    '',
    row(['figure', 'value', 'unit', 'goal', 'met', 'reference']),
    row(Array(6).fill('---')),
    ...report.figures.map((figure) =>
      row([
        `\`${figure.name}\``,
        number(figure.value),
        figure.unit,
        goalText(figure),
        metText(figure),
        figure.reference === undefined ? '' : `${number(figure.reference.value)} (${figure.reference.what})`,
      ]),
    ),
    '',
    bad.length === 0 ? 'Every goal is met.' : `Missed: ${bad.map(({ name }) => `\`${name}\``).join(', ')}.`,
    ...report.unmeasured.map(({ suite, why }) => `\nNot measured: ${suite}: ${why}`),
    '',
    '## How each came about',
    '',
    ...report.figures
      .filter(({ note }) => note !== undefined)
      .map(({ name, note }) => `- \`${name}\`: ${note}`),
    '',
    ...METHOD,
    '',
  ].join('\n');
}

const METHOD = [
  '## Method, and what it does not show',
  '',
  '- Counted, and the same on every machine: transitions, waits, invocations, write units, bundle sizes, cases and variants. They come of the deployed functions in the simulator; write units follow the rules of the DynamoDB developer guide (`shared/stores/write-units.ts`), not a bill.',
  '- Write units of an action are those from its alarm’s event to its end. Events that only say that the alarm is OK again, and what runs by the clock, are left out; the first are a figure of their own. They depend on the size of items: long names, many approvers or long reasons can cost a unit more a write.',
  '- Timed, and noisy: everything in µs, ms, and a second. Figures are medians of rounds, and the reference is measured in turn with its figure, so that the load of the machine is in both; single runs still differ. Own compute is CPU time of the process.',
  '- Cold load is the load of the module in a new Node process. Lambda’s sandbox, download and slower share of a core come on top, and nothing offline shows them.',
  '- The emulator’s figures are as much the emulator’s as Grace’s: it starts a process a function and polls all queues and streams with one thread. They say that 50 at once work, not how fast AWS is.',
  '- Dollars are arithmetic on counted figures, a price table typed in by hand and an assumed billed time; unproven against any bill.',
  '- The AWS security-response solution’s 20 transitions are a given figure, not measured here.',
  '- The metric-change cases are real series with changes made by multiplication; cases of one day share points, hence the intervals by days. The incident corpus is synthetic: its rates say how Grace behaves on what is known to go wrong, not how often that happens.',
];
