import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EmulatorError } from '../../cli/emulator/emulator-error';
import { actionPathFigures } from './action-path';
import { apiFigures } from './api-load';
import { auditLogFigures } from './audit-log';
import { bundledFigures } from './bundled-run';
import { bundleFigures } from './bundles';
import { consoleFigures } from './console-load';
import { emulatorApiFigures } from './emulator-api';
import { emulatorFigures } from './emulator-load';
import { type Figure, figuresJson, missed } from './figure';
import { hunterFigures } from './hunter';
import { corpusFigures, metricChangeFigures } from './judgement';
import { machine } from './machine';
import { noticeFigures } from './notices';
import { policyFigures } from './policy-decisions';
import { type BenchReport, reportLines, reportMarkdown } from './report';
import { simulatorFigures } from './simulator-throughput';

type Suite = (print: (line: string) => void) => readonly Figure[] | Promise<readonly Figure[]>;

/** In the order in which they run: what is timed comes before what heats the machine up. */
const SUITES: Readonly<Record<string, Suite>> = {
  'own-compute': () => bundledFigures('own-compute-main.ts'),
  'audit-verify': () => bundledFigures('audit-verify-main.ts'),
  'audit-check': () => bundledFigures('audit-check-main.ts'),
  bundles: bundleFigures,
  policies: policyFigures,
  notices: noticeFigures,
  'audit-log': auditLogFigures,
  'action-path': actionPathFigures,
  simulator: simulatorFigures,
  api: apiFigures,
  console: consoleFigures,
  'metric-change': metricChangeFigures,
  'incident-corpus': corpusFigures,
  hunter: hunterFigures,
  emulator: emulatorFigures,
  'emulator-api': emulatorApiFigures,
};
const DOCUMENT = resolve(__dirname, '../../docs/benchmarks.md');
const USAGE = `usage: npm run bench -- [--json] [--no-goals] [--only ${Object.keys(SUITES).join('|')}]...`;

async function main(): Promise<number> {
  const wanted = options();
  if (wanted === undefined) {
    console.error(USAGE);
    return 2;
  }
  const began = performance.now();
  const where = machine();
  const print = (line: string) => console.error(line);
  const figures: Figure[] = [];
  const unmeasured: { suite: string; why: string }[] = [];
  let broken = false;
  for (const suite of wanted.suites) {
    print(`bench: ${suite}`);
    try {
      figures.push(...((await SUITES[suite]?.(print)) ?? []));
    } catch (error) {
      // A machine that cannot have an emulator still gets the rest; anything else is a broken benchmark.
      broken ||= !(error instanceof EmulatorError) || process.env['CI'] === 'true';
      unmeasured.push({ suite, why: error instanceof Error ? error.message : String(error) });
      print(`NOT MEASURED: ${suite}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  const report: BenchReport = {
    figures,
    unmeasured,
    machine: where,
    date: new Date().toISOString().slice(0, 10),
    command: 'npm run bench',
    seconds: (performance.now() - began) / 1000,
  };
  // A selection would leave out figures that the document is read for.
  if (wanted.suites.length === Object.keys(SUITES).length) writeFileSync(DOCUMENT, reportMarkdown(report));
  if (wanted.json) console.log(JSON.stringify(figuresJson(figures), null, 2));
  else for (const line of reportLines(report)) console.log(line);
  if (wanted.json) for (const { name } of missed(figures)) print(`missed: ${name}`);
  return broken || (wanted.goals && missed(figures).length > 0) ? 1 : 0;
}

interface Options {
  readonly json: boolean;
  readonly suites: readonly string[];
  /** Whether a missed goal is a failure; on a machine that does other things besides, it says little. */
  readonly goals: boolean;
}

function options(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        'no-goals': { type: 'boolean', default: false },
        only: { type: 'string', multiple: true },
      },
    });
    const suites = values.only ?? Object.keys(SUITES);
    if (!suites.every((suite) => Object.hasOwn(SUITES, suite))) return undefined;
    return { json: values.json, suites, goals: !values['no-goals'] };
  } catch {
    return undefined;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
