/** The functions: what they read, how long they may take, and that they build. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../infra/bundled-code';
import { SDK_CALL_SECONDS } from '../../infra/constructs/function-specs';
import { EXECUTORS } from '../../infra/executor-registry';
import { compiledPlaybooks, PlaybooksError } from '../../infra/playbooks-asset';
import { compiledPolicies } from '../../infra/policies-asset';
import { readSettings, SettingsError } from '../../infra/read-settings';
import { readCompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import { readCompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { Plan } from '../../shared/contracts/plan';
import { parseSettings } from '../../shared/contracts/settings';
import { ACTIONS } from '../../shared/domain/actions';
import { leaseMs } from '../../shared/domain/timing';
import { REQUEST_TIMEOUT } from '../../shared/executors/aws/client-options';
import { ENV, FUNCTIONS, PLAYBOOKS_ASSET, POLICIES_ASSET } from '../../shared/names';
import { asText, ofType, templates } from '../support/stack-template';

const ROOT = join(__dirname, '../..');
const GIVEN = {
  limits: { executorTimeout: '45s', fingerprintWindow: '10m' },
  approvals: { approvers: ['a', 'b'] },
};
const { grace } = templates(GIVEN);
const functions = ofType(grace, 'AWS::Lambda::Function').map(([, { Properties }]) => ({
  name: Properties.FunctionName.replace(/^grace-/, '') as string,
  seconds: Properties.Timeout as number,
  variables: Properties.Environment.Variables as Record<string, unknown>,
  properties: Properties,
}));
const definition = JSON.parse(readFileSync(join(ROOT, 'statemachines/verified-action.asl.json'), 'utf8'));

it('there is one function for each role, named by deployment and role, on arm64 and Node 22', () => {
  expect(functions.map(({ name }) => name).sort()).toEqual(Object.values(FUNCTIONS).sort());
  for (const { properties } of functions) {
    expect(properties).toMatchObject({
      Runtime: 'nodejs22.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
  }
});

describe('the environment', () => {
  it.each(functions)('of $name is what its index.ts reads, and nothing else', ({ name, variables }) => {
    const source = readFileSync(join(ROOT, 'functions', name, 'index.ts'), 'utf8');
    const [, names] = /functionEnvironment\(([^)]*)\)/.exec(source) ?? [];
    const read = [...(names ?? '').matchAll(/'(\w+)'/g)].map(
      ([, variable]) => ENV[variable as keyof typeof ENV],
    );
    expect(Object.keys(variables).sort()).toEqual([...read, ENV.logLevel].sort());
    // The SDK's own variable for emulators is the one that is not ours to set.
    expect(source).not.toMatch(/process\.env(?!\.AWS_ENDPOINT_URL)/);
  });

  it('holds settings that the functions read as synth did', () => {
    const text = functions.find(({ name }) => name === 'sentinel')?.variables[ENV.settings] as string;
    expect(parseSettings(JSON.parse(text))).toEqual(parseSettings(GIVEN));
  });

  it('names for each action the function that performs it', () => {
    expect(EXECUTORS).toEqual(
      Object.fromEntries(Object.values(ACTIONS).map(({ name, executor }) => [name, executor])),
    );
    const text = asText(functions.find(({ name }) => name === 'admit')?.variables[ENV.executors]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    const here = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:grace-';
    expect(JSON.parse(text)).toEqual(
      Object.fromEntries(Object.entries(EXECUTORS).map(([action, executor]) => [action, here + executor])),
    );
  });
});

describe('time runs out from the inside out', () => {
  const tasks = Object.entries<{
    Type: string;
    TimeoutSeconds: number;
    Resource: string;
    Parameters: { FunctionName?: string };
  }>(definition.States).filter(
    ([, { Type, Resource }]) => Type === 'Task' && !Resource.endsWith('.waitForTaskToken'),
  );
  const seconds = (name: string) => functions.find((each) => each.name === name)?.seconds as number;
  const roleOf = (placeholder: string) =>
    placeholder
      .replace(/^\$\{(\w+)FunctionArn\}$/, '$1')
      .replace(/(?<!^)[A-Z]/g, '-$&')
      .toLowerCase();

  it('a request before its function', () => {
    expect(SDK_CALL_SECONDS * 1000).toBe(REQUEST_TIMEOUT);
    for (const { name, seconds: limit } of functions)
      expect([name, limit > SDK_CALL_SECONDS]).toEqual([name, true]);
  });

  it.each(tasks)('a function before its state: %s', (_state, { TimeoutSeconds, Parameters }) => {
    const called =
      Parameters.FunctionName === undefined ? Object.values(EXECUTORS) : [roleOf(Parameters.FunctionName)];
    for (const name of called) expect([name, seconds(name) < TimeoutSeconds]).toEqual([name, true]);
  });

  it('a state before the lease of its lock, however short the plan', () => {
    const shortest = { steps: [{}], effect: { windowSeconds: 0 } } as unknown as Plan;
    const longest = Math.max(...tasks.map(([, { TimeoutSeconds }]) => TimeoutSeconds));
    expect(2 * longest * 1000).toBeLessThan(leaseMs(shortest));
  });

  it('an executor before its state, whatever the settings say', () => {
    const given = (executorTimeout: string) => () => templates({ limits: { executorTimeout } });
    expect(given('75s')).toThrow('limits.executorTimeout is 75 s');
    expect(given('10s')).toThrow('limits.executorTimeout is 10 s');
    expect(functions.find(({ name }) => name === 'executor-rds')?.seconds).toBe(45);
  });
});

describe('settings', () => {
  const read = (given: unknown) => () => readSettings({ given, executorTaskSeconds: 75 });

  it.each([
    ['an unknown field', '{"ephemral":true}', /settings cannot be used:\n.*ephemral/],
    ['a wrong value', '{"limits":{"executorTimeout":60}}', /limits\.executorTimeout: /],
    ['no JSON', '{"ephemeral":', /settings: not JSON/],
    ['no such file', 'nowhere.json', /There is no file nowhere\.json\. Name one with -c settings=FILE/],
    [
      'more than an environment takes',
      JSON.stringify({ approvals: { approvers: Array(20).fill('x'.repeat(200)) } }),
      /approvals\.approvers/,
    ],
  ])('are refused, naming the field and the fix: %s', (_what, given, message) => {
    expect(read(given)).toThrow(SettingsError);
    expect(read(given)).toThrow(message);
  });

  it('are safe when nothing is said', () => {
    expect(read(undefined)().settings).toEqual(parseSettings({}));
  });
});

describe('bundles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'grace-bundles-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are built of all functions, each one file, with the playbooks beside the one that reads them', async () => {
    await bundleFunctions({ folder, playbooks: compiledPlaybooks(), policies: compiledPolicies() });
    const sizes = Object.values(FUNCTIONS).map((name) => [
      name,
      Math.round(statSync(join(folder, name, 'index.mjs')).size / 1000),
    ]);
    process.stdout.write(`KB minified: ${sizes.map(([name, size]) => `${name} ${size}`).join(', ')}\n`);
    for (const name of Object.values(FUNCTIONS)) {
      expect([name, existsSync(join(folder, name, PLAYBOOKS_ASSET))]).toEqual([
        name,
        name === FUNCTIONS.bootstrap,
      ]);
    }
    // Beside whoever decides by policies or names their version; Cedar's WebAssembly beside whoever decides.
    for (const name of Object.values(FUNCTIONS)) {
      const wiring = readFileSync(join(ROOT, 'functions', name, 'index.ts'), 'utf8');
      expect([name, existsSync(join(folder, name, POLICIES_ASSET))]).toEqual([
        name,
        wiring.includes('bundledPolicies('),
      ]);
      expect([name, existsSync(join(folder, name, 'cedar_wasm_bg.wasm'))]).toEqual([
        name,
        wiring.includes('cedarPolicies('),
      ]);
    }
    const asset = JSON.parse(readFileSync(join(folder, FUNCTIONS.bootstrap, PLAYBOOKS_ASSET), 'utf8'));
    expect(readCompiledPlaybooks(asset).length).toBeGreaterThanOrEqual(6);
    // Whoever asks `decide` or the API hears of the policies that admit decides by.
    const assets = Object.values(FUNCTIONS)
      .map((name) => join(folder, name, POLICIES_ASSET))
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'utf8'));
    expect(assets.length).toBeGreaterThan(5);
    expect(new Set(assets).size).toBe(1);
    const policies = JSON.parse(readFileSync(join(folder, FUNCTIONS.admit, POLICIES_ASSET), 'utf8'));
    expect(readCompiledPolicies(policies).policies.length).toBeGreaterThan(10);
  }, 60_000);

  it('are not built of playbooks that have mistakes: file, line, field and fix are named', () => {
    const wrong = join(ROOT, 'test/fixtures/playbooks-with-mistakes');
    expect(() => compiledPlaybooks(wrong)).toThrow(PlaybooksError);
    expect(() => compiledPlaybooks(wrong)).toThrow(/playbooks\/unknown-executor\.yaml:\d+ /);
  });
});
