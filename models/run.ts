import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MODELS, type Model } from './claims';
import { readSearch, type Search } from './search-output';

/** MB; the largest search takes under a tenth of it. */
const MEMORY_LIMIT = 4000;
/** Steps of one path; the longest has under 200. A search that reaches it counts as unfinished. */
const DEPTH_LIMIT = 100_000;
const SEARCH_TIMEOUT_MS = 600_000;

/** `npm run model`: searches each model for each property, then for each seeded mistake. Exit 1 if one is amiss. */
function main(): number {
  const compiler = ['cc', 'gcc', 'clang'].find((name) => answers(name, '--version'));
  if (!answers('spin', '-V') || compiler === undefined) {
    console.error('The model is checked by spin, which needs a C compiler. Install both:');
    console.error('  Debian, Ubuntu: apt-get install spin gcc       macOS: brew install spin');
    return 1;
  }
  const directory = mkdtempSync(join(tmpdir(), 'grace-model-'));
  try {
    const counts = MODELS.map((model) => {
      copyFileSync(resolve(__dirname, model.file), join(directory, model.file));
      const check = checker(directory, compiler, model);
      return { held: checkProperties(check, model), caught: checkMutants(check, model) };
    });
    const sum = (count: (model: Model) => number) => MODELS.reduce((total, model) => total + count(model), 0);
    const held = counts.reduce((total, count) => total + count.held, 0);
    const caught = counts.reduce((total, count) => total + count.caught, 0);
    const properties = sum(
      ({ safety, liveness }) => Object.keys(safety).length + Object.keys(liveness).length,
    );
    const mutants = sum((model) => model.mutants.length);
    console.log(`properties ${held}/${properties}, mutants ${caught}/${mutants}`);
    return held === properties && caught === mutants ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Check = (property: string, part: string, mutants?: readonly string[]) => Search;

/** The safety properties in one search a part; one by one only to say which of them fails. How many hold. */
function checkProperties(check: Check, { parts, safety, liveness }: Model): number {
  const together = parts.map((part) => check('all_safety', part));
  const whole = together.every(({ result }) => result === 'holds');
  const rows = [
    ...Object.entries(safety).map(
      ([name, says]) => [name, says, whole ? together : parts.map((part) => check(name, part))] as const,
    ),
    ...Object.entries(liveness).map(
      ([name, says]) => [name, says, parts.map((part) => check(name, part))] as const,
    ),
  ];
  for (const [name, says, searches] of rows) {
    const found = searches.map((search, n) => `${parts[n]?.toLowerCase()} ${describe(search)}`).join(', ');
    console.log(`property ${name.padEnd(24)} ${found}: ${says}`);
  }
  return rows.filter(([, , searches]) => searches.every(({ result }) => result === 'holds')).length;
}

/** How many of the seeded mistakes are found by the property that is named for them. */
function checkMutants(check: Check, { mutants }: Model): number {
  return mutants.filter(([mutant, part, property]) => {
    const search = check(property, part, [mutant]);
    const isCaught = search.result === 'violated';
    console.log(
      `mutant   ${mutant.padEnd(30)} ${isCaught ? 'caught by' : `NOT CAUGHT (${describe(search)}) by`} ${property}`,
    );
    return isCaught;
  }).length;
}

const describe = (search: Search): string => {
  if (search.result === 'holds') return `holds in all ${search.states.toLocaleString('en')} states`;
  return search.result === 'violated' ? 'VIOLATED' : `UNFINISHED: ${search.why}`;
};

/** Generates, compiles and runs the verifier, once a claim. */
function checker(directory: string, compiler: string, { file, liveness }: Model): Check {
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, {
      cwd: directory,
      encoding: 'utf8',
      timeout: SEARCH_TIMEOUT_MS,
      maxBuffer: 2 ** 26,
    });
  return (property, part, mutants = []) => {
    const defines = [part, ...mutants].map((name) => `-D${name}`);
    const generated = run('spin', [...defines, '-a', file]);
    if (generated.status !== 0) return { result: 'unfinished', why: firstLine(generated.stdout) };
    const isLive = property in liveness;
    // Weak fairness keeps a flag a process, so its number has a limit of its own.
    const mode = isLive ? ['-DNFAIR=4'] : ['-DSAFETY'];
    const built = run(compiler, ['-O2', '-w', ...mode, `-DMEMLIM=${MEMORY_LIMIT}`, '-o', 'pan', 'pan.c']);
    if (built.status !== 0) return { result: 'unfinished', why: firstLine(built.stderr) };
    const fair = isLive ? ['-a', '-f'] : [];
    const searched = run(join(directory, 'pan'), [...fair, `-m${DEPTH_LIMIT}`, '-N', property]);
    if (searched.error !== undefined) return { result: 'unfinished', why: searched.error.message };
    return readSearch(searched.stdout);
  };
}

const answers = (command: string, flag: string): boolean => spawnSync(command, [flag]).status === 0;
const firstLine = (text: string): string =>
  text.split('\n').find((line) => line.trim() !== '') ?? 'no output';

process.exitCode = main();
