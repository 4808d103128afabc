import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundleOptions } from '../../infra/bundle-options';
import { bundleFunctions } from '../../infra/bundled-code';
import { compiledPlaybooks } from '../../infra/playbooks-asset';
import { compiledPolicies } from '../../infra/policies-asset';
import { ENV, FUNCTIONS, type FunctionName } from '../../shared/names';
import { type Figure, median } from './figure';

const ROOT = resolve(__dirname, '../..');
const KB = 1024;
const ROUNDS = 11;

/** These hold the client of EC2 or of RDS, or both: by the goals apart. */
const EC2_OR_RDS: readonly FunctionName[] = [
  FUNCTIONS.sentinel,
  FUNCTIONS.snapshot,
  FUNCTIONS.executorEc2,
  FUNCTIONS.executorRds,
  FUNCTIONS.benchmark,
  FUNCTIONS.bootstrap,
  FUNCTIONS.replanner,
];
/** These hold the client of S3 beside that of DynamoDB, and run by the clock: nobody waits for their load. */
const BY_THE_CLOCK: readonly FunctionName[] = [FUNCTIONS.auditSealer, FUNCTIONS.auditCheck];
/** These evaluate Cedar; what that costs has a figure and a goal of its own, `policy_first_decision`. */
const CEDAR: readonly FunctionName[] = [
  FUNCTIONS.admit,
  FUNCTIONS.openApproval,
  FUNCTIONS.decide,
  FUNCTIONS.replanner,
];
const LIMITS = {
  plain: { kilobytes: 350, times: 1.5 },
  ec2OrRds: { kilobytes: 1.1 * KB, times: 5 },
  cedar: { kilobytes: 450 },
  /** The API: six services' clients, and the schemas of every route. */
  api: { kilobytes: 650, times: 3 },
  byTheClock: { kilobytes: 500 },
} as const;

/** Variables that every function can be loaded with; nothing is called. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  [ENV.stateTable]: 'state',
  [ENV.tokensTable]: 'tokens',
  [ENV.auditTable]: 'audit',
  [ENV.busName]: 'mesh',
  [ENV.evidenceBucket]: 'evidence',
  [ENV.tokenKeyId]: 'alias/tokens',
  [ENV.stateMachineArn]: 'arn:aws:states:us-east-1:123456789012:stateMachine:grace',
  [ENV.settings]: '{}',
  [ENV.executors]: '{}',
  [ENV.account]: '123456789012',
  [ENV.region]: 'us-east-1',
  [ENV.tokenIssuer]: 'https://issuer.example.com',
  [ENV.tokenAudience]: 'grace',
  [ENV.tokenKeysUri]: 'https://issuer.example.com/keys',
  [ENV.tokenRolesClaim]: 'groups',
  [ENV.userPoolId]: 'none',
  [ENV.decideFunction]: 'grace-decide',
  [ENV.sealBucket]: 'sealed',
  [ENV.sealKeys]: '["key"]',
  [ENV.logName]: 'grace/grace/123456789012/us-east-1',
  [ENV.witnesses]: '[]',
  [ENV.auditSequencer]: 'arn:aws:lambda:us-east-1:123456789012:function:grace-audit-sequencer',
  [ENV.auditSealer]: 'arn:aws:lambda:us-east-1:123456789012:function:grace-audit-sealer',
  [ENV.relayQueueUrl]: 'https://sqs.us-east-1.amazonaws.com/123456789012/relay',
  [ENV.webhookQueueUrl]: 'https://sqs.us-east-1.amazonaws.com/123456789012/webhooks',
  [ENV.webhookDeadLettersUrl]: 'https://sqs.us-east-1.amazonaws.com/123456789012/webhooks-dead',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
};

interface Bundle {
  readonly name: string;
  readonly file: string;
}

/**
 * Size and cold load of each function as it is deployed, and of a bare DynamoDB handler bundled with the same
 * options. Loaded is the module, in a fresh Node process each time, the reference right before each function;
 * compared are medians of CPU time, since a load does nothing but compute, and its wall time on a shared machine
 * is mostly the others'. Lambda's own start (sandbox, download, runtime) is not in it.
 */
export async function bundleFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'grace-bench-'));
  try {
    await bundleFunctions({ folder, playbooks: compiledPlaybooks(), policies: compiledPolicies() });
    const bare: Bundle = { name: 'bare', file: join(folder, 'bare', 'index.mjs') };
    const entry = join(ROOT, 'test/benchmarks/bare-handler.ts');
    await build(bundleOptions({ root: ROOT, entry, outfile: bare.file }));
    const bundles = Object.values(FUNCTIONS).map((name): Bundle => {
      return { name, file: join(folder, name, 'index.mjs') };
    });
    const loads = await measureLoads(bare, bundles);
    return bundles.flatMap((bundle) => bundleFigure(bare, bundle, loads));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of one load. */
interface Load {
  readonly cpu: number;
  readonly wall: number;
}

interface Loads {
  /** By bundle, one a round; `of` the function, `bare` the reference measured right before it. */
  readonly [name: string]: { readonly of: Load[]; readonly bare: Load[] };
}

async function measureLoads(bare: Bundle, bundles: readonly Bundle[]): Promise<Loads> {
  const loads: Loads = Object.fromEntries(bundles.map(({ name }) => [name, { of: [], bare: [] }]));
  for (const { file } of [bare, ...bundles]) await loadOf(file);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, file } of bundles) {
      loads[name]?.bare.push(await loadOf(bare.file));
      loads[name]?.of.push(await loadOf(file));
    }
  }
  return loads;
}

/** One load, in a process of its own. */
async function loadOf(file: string): Promise<Load> {
  const url = JSON.stringify(pathToFileURL(file).href);
  const code = `const [from, cpu] = [performance.now(), process.cpuUsage()];
await import(${url});
const { user, system } = process.cpuUsage(cpu);
console.log('LOADED', (user + system) / 1000, performance.now() - from);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
    env: { PATH: process.env['PATH'], ...ENVIRONMENT },
  });
  const [, cpu, wall] = /LOADED ([\d.]+) ([\d.]+)/.exec(stdout) ?? [];
  if (cpu === undefined || wall === undefined) throw new Error(`${file} did not load`);
  return { cpu: Number(cpu), wall: Number(wall) };
}

function limitsOf(name: string): { readonly kilobytes: number; readonly times?: number } {
  if (name === FUNCTIONS.api) return LIMITS.api;
  const holds = (names: readonly FunctionName[]) => (names as readonly string[]).includes(name);
  if (holds(BY_THE_CLOCK)) return LIMITS.byTheClock;
  const limits = holds(EC2_OR_RDS) ? LIMITS.ec2OrRds : LIMITS.plain;
  if (!holds(CEDAR)) return limits;
  return { kilobytes: Math.max(limits.kilobytes, LIMITS.cedar.kilobytes) };
}

function bundleFigure(bare: Bundle, { name, file }: Bundle, loads: Loads): Figure[] {
  const limits = limitsOf(name);
  const loaded = loads[name];
  const middle = (loads: readonly Load[] = [], kind: keyof Load) => median(loads.map((load) => load[kind]));
  const reference = middle(loaded?.bare, 'cpu');
  return [
    {
      name: `bundle_${name}`,
      value: statSync(file).size / KB,
      unit: 'KB of 1,024 bytes, minified',
      goal: { atMost: limits.kilobytes },
      reference: { value: statSync(bare.file).size / KB, what: 'bare DynamoDB handler, same options' },
    },
    {
      name: `cold_load_${name}`,
      value: middle(loaded?.of, 'cpu'),
      unit: 'ms of CPU',
      ...(limits.times === undefined ? {} : { goal: { atMost: limits.times * reference } }),
      reference: { value: reference, what: 'bare DynamoDB handler, loaded in turn with it' },
      note: `${(middle(loaded?.of, 'cpu') / reference).toFixed(2)} × the reference${limits.times === undefined ? '' : `, goal ${limits.times} ×`}; medians of ${ROUNDS}; wall ${middle(loaded?.of, 'wall').toFixed(0)} and ${middle(loaded?.bare, 'wall').toFixed(0)} ms`,
    },
  ];
}
