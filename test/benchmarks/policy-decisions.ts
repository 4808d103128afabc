import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleInto } from '../../infra/bundled-code';
import { compiledPolicies } from '../../infra/policies-asset';
import { type Figure, median } from './figure';

const ROUNDS = 11;
const run = promisify(execFile);

interface Measured {
  /** From the start of the process, of Node itself too. */
  readonly firstMs: number;
  readonly cpuMs: number;
  readonly warmMs: number;
}

/**
 * Functions that evaluate Cedar, apart from the others: from nothing to the first decision, in fresh Node processes
 * and without what Node itself takes to start; and a decision after that.
 */
export async function policyFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'grace-policies-'));
  try {
    await bundleInto(folder, join(__dirname, 'first-decision.ts'), compiledPolicies());
    const empty = join(folder, 'empty.mjs');
    writeFileSync(
      empty,
      'const { user, system } = process.cpuUsage(); console.log(JSON.stringify({ firstMs: performance.now(), cpuMs: (user + system) / 1000 }));',
    );
    const loads: { readonly of: Measured; readonly empty: Measured }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      loads.push({ empty: await measured(empty), of: await measured(join(folder, 'index.mjs')) });
    }
    const beyond = (kind: 'firstMs' | 'cpuMs') =>
      median(loads.map((load) => load.of[kind] - load.empty[kind]));
    const wasm = statSync(join(folder, 'cedar_wasm_bg.wasm')).size / 1024 / 1024;
    return [
      {
        name: 'policy_first_decision',
        value: beyond('firstMs'),
        unit: 'ms',
        goal: { atMost: 150 },
        note: `load of Cedar (${wasm.toFixed(1)} MB of WebAssembly), of the policies, and the first decision, beyond an empty process; medians of ${ROUNDS}; ${beyond('cpuMs').toFixed(0)} ms of CPU, V8's optimising compiler in the background included`,
      },
      {
        name: 'policy_decision',
        value: median(loads.map((load) => load.of.warmMs)),
        unit: 'ms',
        goal: { atMost: 1 },
        note: 'after the first thousand: request made of the plan, and evaluated',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(file: string): Promise<Measured> {
  const { stdout } = await run(process.execPath, [file]);
  return JSON.parse(stdout) as Measured;
}
