import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LIVENESS, MUTANTS, PARTS, type Part, SAFETY } from './claims';
import { readSearch, type Search } from './search-output';

const MODEL = resolve(__dirname, 'approval.pml');
/** MB; the largest search takes under a tenth of it. */
const MEMORY_LIMIT = 4000;
/** Steps of one path; the longest has under 200. A search that reaches it counts as unfinished. */
const DEPTH_LIMIT = 100_000;
const SEARCH_TIMEOUT_MS = 600_000;

/** `npm run model`: searches the model for each property, then for each seeded mistake. Exit 1 if one is amiss. */
function main(): number {
  const compiler = ['cc', 'gcc', 'clang'].find((name) => answers(name, '--version'));
  if (!answers('spin', '-V') || compiler === undefined) {
    console.error('The model is checked by spin, which needs a C compiler. Install both:');
    console.error('  Debian, Ubuntu: apt-get install spin gcc       macOS: brew install spin');
    return 1;
  }
  const directory = mkdtempSync(join(tmpdir(), 'grace-model-'));
  try {
    copyFileSync(MODEL, join(directory, 'approval.pml'));
    const check = checker(directory, compiler);
    const held = checkProperties(check);
    const caught = MUTANTS.filter(([mutant, part, property]) => {
      const search = check(property, part, [mutant]);
      const isCaught = search.result === 'violated';
      console.log(
        `mutant   ${mutant.padEnd(26)} ${isCaught ? 'caught by' : `NOT CAUGHT (${describe(search)}) by`} ${property}`,
      );
      return isCaught;
    }).length;
    const all = Object.keys(SAFETY).length + Object.keys(LIVENESS).length;
    console.log(`properties ${held}/${all}, mutants ${caught}/${MUTANTS.length}`);
    return held === all && caught === MUTANTS.length ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Check = (property: string, part: Part, mutants?: readonly string[]) => Search;

/** The safety properties in one search a part; one by one only to say which of them fails. */
function checkProperties(check: Check): number {
  const together = PARTS.map((part) => check('all_safety', part));
  const whole = together.every(({ result }) => result === 'holds');
  const rows = [
    ...Object.entries(SAFETY).map(
      ([name, says]) => [name, says, whole ? together : PARTS.map((part) => check(name, part))] as const,
    ),
    ...Object.entries(LIVENESS).map(
      ([name, says]) => [name, says, PARTS.map((part) => check(name, part))] as const,
    ),
  ];
  for (const [name, says, searches] of rows) {
    const found = searches.map((search, n) => `${PARTS[n]?.toLowerCase()} ${describe(search)}`).join(', ');
    console.log(`property ${name.padEnd(20)} ${found}: ${says}`);
  }
  return rows.filter(([, , searches]) => searches.every(({ result }) => result === 'holds')).length;
}

const describe = (search: Search): string => {
  if (search.result === 'holds') return `holds in all ${search.states.toLocaleString('en')} states`;
  return search.result === 'violated' ? 'VIOLATED' : `UNFINISHED: ${search.why}`;
};

/** Generates, compiles and runs the verifier, once a claim. */
function checker(directory: string, compiler: string): Check {
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, {
      cwd: directory,
      encoding: 'utf8',
      timeout: SEARCH_TIMEOUT_MS,
      maxBuffer: 2 ** 26,
    });
  return (property, part, mutants = []) => {
    const defines = [part, ...mutants].map((name) => `-D${name}`);
    const generated = run('spin', [...defines, '-a', 'approval.pml']);
    if (generated.status !== 0) return { result: 'unfinished', why: firstLine(generated.stdout) };
    const isLive = property in LIVENESS;
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
