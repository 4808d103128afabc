import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type BackendOptions, backendOptions } from '../backend/options';
import { UnusableError, UsageError } from '../errors';
import { type Io, printJson } from '../io';
import { loadPlaybooks } from '../playbooks/library';
import { SHIPPED_PLAYBOOKS } from '../playbooks/playbook-directory';
import { held, type ScenarioReport } from '../scenario/report';
import { reportLines } from '../scenario/report-lines';
import { runSimulatedScenario } from '../scenario/run-simulated';
import { printProblems } from './problems';

interface Options extends BackendOptions {
  readonly iterations: string;
  readonly seed: string;
  readonly chaos?: boolean;
  readonly monitor?: boolean;
  readonly playbooks?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const MOST_ITERATIONS = 100_000;

/** `grace scenario` */
export function register(program: Command, io: Io): void {
  const command = program
    .command('scenario')
    .description('plays incidents whose truth is known, all at once, and checks every promise');
  backendOptions(command)
    .option('--iterations <n>', 'incidents to play', '20')
    .option('--seed <s>', 'the same seed, the same scenario', '1')
    .option('--chaos', 'with faults: errors, lost processes, wrong clocks, a store that is down')
    .option('--monitor', 'a line an incident on standard error')
    .option('--playbooks <dir>', 'simulator: playbooks to use; default: those that come with Grace')
    .option('--yes', 'aws: make what is needed without asking')
    .action(async (options: Options) => {
      const report = await run(io, options, iterationsOf(options));
      const file = `scenario_report_${new Date().toISOString().replace(/[:.]/g, '-')}.json`;
      writeFileSync(join(io.cwd, file), `${JSON.stringify(report, undefined, 2)}\n`);
      if (options.json) printJson(io, report);
      else for (const line of reportLines(report)) io.out(line);
      io.err(`Written: ${file}`);
      if (!held(report)) io.exitWith(1);
    });
}

function iterationsOf({ iterations }: Options): number {
  const count = Number(iterations);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_ITERATIONS) return count;
  throw new UsageError(`--iterations ${iterations}: a whole number from 1 to ${MOST_ITERATIONS}`);
}

async function run(io: Io, options: Options, iterations: number): Promise<ScenarioReport> {
  const { seed, chaos = false } = options;
  if (options.on !== 'simulator') {
    // Only here, so that the simulator starts without the SDK.
    const { runLiveScenario } = await import('../scenario/run-live');
    return runLiveScenario(io, { ...options, iterations, seed, chaos });
  }
  const library = loadPlaybooks(resolve(io.cwd, options.playbooks ?? SHIPPED_PLAYBOOKS));
  if (!library.ok) {
    printProblems(io, library.problems);
    throw new UnusableError('the playbooks have problems, so none of them is used');
  }
  let ended = 0;
  return runSimulatedScenario({
    iterations,
    seed,
    chaos,
    playbooks: library.compiled,
    onEnded({ index, incident }, status) {
      ended += 1;
      if (options.monitor)
        io.err(`${String(ended).padStart(6)}  iteration ${index}  ${incident.name}  ${status}`);
    },
  });
}
