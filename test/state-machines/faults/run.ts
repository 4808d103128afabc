/**
 * `npm run faults`: the crash matrix and the other rows of the fault table. `--ends` tells also how the
 * contracts ended. Parts of the matrix run in processes of their own, one a core. The script keeps V8 from inlining calls of
 * WebAssembly (Cedar, asked some ten thousand times here): Node 20 has ended in its deoptimizer ("unreachable code") at this table.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { NotApplicable } from './cells';
import { matrix, runCells } from './matrix';
import { endLines, matrixLines, notApplicableLines, rowLines } from './report';
import { ROWS } from './rows/rows';
import type { CellResult } from './run-cell';

interface Part {
  readonly results: readonly CellResult[];
  readonly notApplicable: readonly NotApplicable[];
}

async function main(): Promise<void> {
  const part = process.argv.indexOf('--part');
  if (part !== -1) return runPart(Number(process.argv[part + 1]), Number(process.argv[part + 2]));
  const started = performance.now();
  const cores = Math.min(availableParallelism(), 8);
  const parts = Promise.all(Array.from({ length: cores }, (_, index) => forked(index, cores)));
  const say = (lines: readonly string[]): void => {
    for (const line of lines) process.stdout.write(`${line}\n`);
  };
  let passed = 0;
  let failed = 0;
  const count = (isGood: boolean): void => {
    if (isGood) passed += 1;
    else failed += 1;
  };
  const done = await parts;
  const results = done.flatMap((each) => each.results);
  say(matrixLines(results));
  say(notApplicableLines(done[0]?.notApplicable ?? [], results));
  if (process.argv.includes('--ends')) say(endLines(results));
  for (const { broken } of results) count(broken.length === 0);
  for (const run of ROWS) {
    const row = await run();
    say(rowLines(row));
    for (const { problem } of row.cases) count(problem === undefined);
  }
  say([`${Math.round((performance.now() - started) / 1000)} s`, `${passed} passed, ${failed} failed`]);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

async function runPart(first: number, step: number): Promise<void> {
  const { cells, notApplicable } = await matrix();
  const results = await runCells(cells, { first, step });
  process.send?.({ results, notApplicable } satisfies Part, () => process.disconnect());
}

function forked(index: number, of: number): Promise<Part> {
  return new Promise((fulfil, reject) => {
    const child = fork(__filename, ['--part', String(index), String(of)]);
    child.on('message', (message) => fulfil(message as Part));
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`part ${index} ended with ${code} and no result`)));
  });
}

void main();
