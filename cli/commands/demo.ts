import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { narrate } from '../demo/narrate';
import { type Audience, type DemoReport, runDemo } from '../demo/run-demo';
import type { StoryEvent } from '../demo/story';
import { closingLines, openingLines } from '../demo/summary';
import { type Io, printJson } from '../io';
import { DEFAULT_PORT } from '../serve/default-port';
import { portNumber } from './serve';

/** So that a person at a terminal can follow; nothing waits anywhere else. Milliseconds a line. */
const PACE_MS = 18;

/** `grace demo`, which is `npm start`. */
export function register(program: Command, io: Io): void {
  program
    .command('demo')
    .description('play four incidents in the simulator, from alarm to verified end')
    .option('--json', 'print the results as JSON, and nothing else')
    .option('--no-ask', 'let the script decide, also at a terminal')
    .option('--fast', 'do not slow down for the eye')
    .option('--serve', 'then go on live, with the API and the console on this machine')
    .option('--port <n>', 'where --serve listens', portNumber, DEFAULT_PORT)
    .action(async (options: DemoOptions) => {
      const started = performance.now();
      const style = { paint: io.paint, width: io.width };
      if (!options.json) io.out(openingLines(style).join('\n'));
      const audience = options.json ? silent : audienceOf(io, options);
      const show = (report: DemoReport) => showReport(io, report, { json: options.json === true, started });
      if (options.serve) {
        const { serveUntilStopped } = await import('../serve/until-stopped');
        await serveUntilStopped(io, { port: options.port, audience, onDemo: show });
      } else show(await runDemo(io.cwd, audience));
    });
}

interface DemoOptions {
  readonly json?: boolean;
  readonly ask: boolean;
  readonly fast?: boolean;
  readonly serve?: boolean;
  readonly port: number;
}

function showReport(
  io: Io,
  report: DemoReport,
  { json, started }: { readonly json: boolean; readonly started: number },
): void {
  const style = { paint: io.paint, width: io.width };
  const file = `scenario_report_${new Date().toISOString().replace(/[:.]/g, '-')}.json`;
  writeFileSync(join(io.cwd, file), `${JSON.stringify(report, undefined, 2)}\n`);
  if (json) printJson(io, report);
  else
    io.out(closingLines(report, { file, seconds: (performance.now() - started) / 1000 }, style).join('\n'));
  if (!isWell(report)) io.exitWith(1);
}

export function isWell({ incidents, audit, orphans }: DemoReport): boolean {
  return incidents.every(({ asExpected }) => asExpected) && audit.verified && orphans === 0;
}

const silent: Audience = { tell: () => {}, isPending: () => false, show: async () => {} };

function audienceOf(io: Io, options: { readonly ask: boolean; readonly fast?: boolean }): Audience {
  const waiting: StoryEvent[] = [];
  const pace = io.isTerminal && !options.fast ? PACE_MS : 0;
  return {
    tell: (event) => {
      waiting.push(event);
    },
    isPending: () => waiting.length > 0,
    async show() {
      for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
        for (const line of narrate(event, { paint: io.paint, width: io.width })) {
          io.out(line);
          if (pace > 0) await sleep(pace);
        }
      }
    },
    ...(io.canAsk && options.ask ? { ask: asking(io) } : {}),
  };
}

/** Yes or no, until it is one of them; `undefined` when the person goes away. */
function asking(io: Io): NonNullable<Audience['ask']> {
  return async () => {
    for (;;) {
      const answer = await io.ask(
        `\n  ${io.paint.bold('Approve this plan?')} It reboots the database once. [y/n] `,
      );
      if (answer === undefined) return undefined;
      const word = answer.trim().toLowerCase();
      if (word === 'y' || word === 'yes') return { principal: 'operator', decision: 'approve' };
      if (word === 'n' || word === 'no') return { principal: 'operator', decision: 'deny' };
    }
  };
}
