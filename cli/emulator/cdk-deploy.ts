import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { EmulatorError } from './emulator-error';
import {
  assertEmulator,
  clientSettings,
  EMULATOR_ACCOUNT,
  EMULATOR_REGION,
  type Environment,
} from './environment';
import { DEFAULT_DIRECTORY } from './ministack';
import { describeEnd, lastLines, runCommand } from './run-command';

const BOOTSTRAP_TIMEOUT_MS = 120_000;
const DEPLOY_TIMEOUT_MS = 600_000;
const DELETE_TIMEOUT_MS = 120_000;

type WithLog = {
  /** Gets the output of `cdk` appended. Default `.emulator/cdk.log`. */
  readonly logFile?: string;
};

type CdkBootstrap = WithLog & {
  /** From `emulatorEnvironment`. */
  readonly env: Environment;
};

/**
 * Bootstraps the emulator's account; quick and harmless if it is done already. Runs in a temporary folder,
 * because the CLI would otherwise read `cdk.json` and synthesize the whole app first.
 *
 * @throws EmulatorError `not_an_emulator`, `cdk_missing`, `command_failed`
 */
export const cdkBootstrap = async ({ env, logFile }: CdkBootstrap): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'grace-bootstrap-'));
  try {
    await cdk({
      args: ['bootstrap', `aws://${EMULATOR_ACCOUNT}/${EMULATOR_REGION}`, '--no-notices'],
      env,
      cwd: folder,
      timeoutMs: BOOTSTRAP_TIMEOUT_MS,
      logFile,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

type CdkDeploy = WithLog & {
  /** A synthesized assembly, so that what is deployed is what was tested. */
  readonly app: string;
  /** Stack ids, or patterns such as `Grace*`. */
  readonly stacks: readonly string[];
  readonly env: Environment;
  /** Gets the outputs as JSON: `{ "<stack>": { "<output>": "<value>" } }`. */
  readonly outputsFile: string;
};

/**
 * Deploys stacks of an assembly. `--method direct`, since the emulator has no change sets for a redeploy.
 *
 * @throws EmulatorError `not_an_emulator`, `cdk_missing`, `command_failed` with the end of the output
 */
export const cdkDeploy = async ({ app, stacks, env, outputsFile, logFile }: CdkDeploy): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'grace-deploy-'));
  try {
    await cdk({
      args: [
        ...['deploy', ...stacks, '--app', resolve(app), '--outputs-file', resolve(outputsFile)],
        ...['--require-approval', 'never', '--no-notices', '--method', 'direct', '--progress', 'events'],
      ],
      env,
      cwd: folder,
      timeoutMs: DEPLOY_TIMEOUT_MS,
      logFile,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

type CdkCall = {
  readonly args: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly logFile: string | undefined;
};

const cdk = async ({ args, env, cwd, timeoutMs, logFile }: CdkCall): Promise<void> => {
  assertEmulator(endpointOf(env), env);
  const log = resolve(logFile ?? join(DEFAULT_DIRECTORY, 'cdk.log'));
  mkdirSync(join(log, '..'), { recursive: true });
  const result = await runCommand({
    command: process.execPath,
    args: [cdkScript(), ...args],
    env,
    cwd,
    timeoutMs,
    logFile: log,
  });
  if (result.kind === 'exited' && result.code === 0) return;
  const output = 'output' in result ? lastLines(result.output, 30) : '';
  throw new EmulatorError(
    'command_failed',
    `cdk ${args[0]} failed: ${describeEnd(result)} (limit ${timeoutMs / 1000} s; all of it in ${log}):\n${output}`,
  );
};

/** The project's own CLI, never one on the path: other versions cannot read this assembly. */
const cdkScript = (): string => {
  try {
    return createRequire(join(process.cwd(), 'package.json')).resolve('aws-cdk/bin/cdk');
  } catch (cause) {
    throw new EmulatorError('cdk_missing', 'The package aws-cdk is not installed. Run: npm ci', { cause });
  }
};

/**
 * Deletes stacks by name through the API (`cdk destroy` does not work on the emulator), one after another
 * in the order given, and waits for each, at most two minutes. A stack that is not there counts as deleted.
 *
 * @throws EmulatorError `not_an_emulator`, `stack_failed`
 */
export const deleteStacks = async (names: readonly string[], env: Environment): Promise<void> => {
  const endpoint = endpointOf(env);
  assertEmulator(endpoint, env);
  const client = new CloudFormationClient(clientSettings(endpoint));
  try {
    for (const name of names) await deleteStack(client, name);
  } finally {
    client.destroy();
  }
};

const deleteStack = async (client: CloudFormationClient, name: string): Promise<void> => {
  // By id, since a deleted stack can no longer be asked for by name.
  const id = (await describe(client, name))?.StackId;
  if (id === undefined) return;
  await client.send(new DeleteStackCommand({ StackName: name }));
  const deadline = Date.now() + DELETE_TIMEOUT_MS;
  for (;;) {
    const status = (await describe(client, id))?.StackStatus ?? 'DELETE_COMPLETE';
    if (status === 'DELETE_COMPLETE') return;
    if (status === 'DELETE_FAILED' || Date.now() > deadline) {
      throw new EmulatorError('stack_failed', `Stack ${name} is ${status}: ${await whyFailed(client, id)}`);
    }
    await sleep(200);
  }
};

const describe = async (client: CloudFormationClient, nameOrId: string) => {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: nameOrId }))).Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
};

const whyFailed = async (client: CloudFormationClient, id: string): Promise<string> => {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: id }));
  const reasons = StackEvents.flatMap(({ ResourceStatus, LogicalResourceId, ResourceStatusReason }) =>
    ResourceStatus?.endsWith('_FAILED') ? [`${LogicalResourceId}: ${ResourceStatusReason}`] : [],
  );
  return reasons.join('; ') || 'no reason given';
};

const endpointOf = (env: Environment): string => {
  if (env.AWS_ENDPOINT_URL !== undefined) return env.AWS_ENDPOINT_URL;
  throw new EmulatorError(
    'not_an_emulator',
    'The environment names no AWS_ENDPOINT_URL, so this would go to AWS. Make it with emulatorEnvironment().',
  );
};
