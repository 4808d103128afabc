import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { BootstrapOutput } from '../../functions/bootstrap/bootstrap';
import type { SettingsFile } from '../../shared/contracts/settings';
import type { Target } from '../../shared/domain/target';
import { applyDropped } from '../emulator/after-deploy';
import { cdkBootstrap, cdkDeploy } from '../emulator/cdk-deploy';
import { cdkSynth } from '../emulator/cdk-synth';
import { clientSettings, emulatorEnvironment } from '../emulator/environment';
import { DEFAULT_DIRECTORY, ensureEmulator } from '../emulator/ministack';

export interface BringUpOptions {
  readonly log: (line: string) => void;
  readonly port?: number;
  readonly directory?: string;
  /** See `ensureEmulator`. */
  readonly installation?: string;
  readonly settings?: SettingsFile;
  /** Makes targets through the AWS API before bootstrap looks at them. */
  readonly targets?: (endpoint: string) => Promise<readonly Target[]>;
}

/** Grace on an emulator, ready to take events. */
export interface BroughtUp {
  readonly endpoint: string;
  readonly stack: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly bootstrap: BootstrapOutput;
}

/** An emulator is for trying out: data may go with the stack, and there is somebody who may approve. */
export const EMULATOR_SETTINGS: SettingsFile = {
  ephemeral: true,
  approvals: { approvers: ['arn:aws:iam::000000000000:root', 'alice', 'bob'] },
  limits: { concurrentActions: 50 },
};

/** Starts an emulator where none is given, deploys the real stack with the real `cdk deploy`, and bootstraps. */
export async function bringUp(options: BringUpOptions): Promise<BroughtUp> {
  const { log, directory = DEFAULT_DIRECTORY, settings = EMULATOR_SETTINGS } = options;
  const { port, installation } = options;
  const { endpoint } = await ensureEmulator({
    log,
    directory,
    ...(port === undefined ? {} : { port }),
    ...(installation === undefined ? {} : { installation }),
  });
  const env = emulatorEnvironment(endpoint);
  const stack = settings.deployment ?? 'grace';
  const app = join(directory, 'cdk.out');
  const outputsFile = join(directory, 'outputs.json');
  const logFile = join(directory, 'cdk.log');
  mkdirSync(directory, { recursive: true });
  log('Bundling the functions and synthesising the stack');
  await cdkSynth({ output: app, settings, env, logFile });
  log('Bootstrapping the emulator for CDK');
  await cdkBootstrap({ env, logFile });
  log(`Deploying stack ${stack}`);
  await cdkDeploy({ app, stacks: [stack], env, outputsFile, logFile });
  const dropped = await applyDropped({
    endpoint,
    template: join(app, templateName(app, stack)),
    stackName: stack,
  });
  log(`Set what the emulator leaves out of CloudFormation: ${dropped.length} properties`);
  const outputs =
    (JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>)[stack] ?? {};
  const targets = (await options.targets?.(endpoint)) ?? [];
  log('Bootstrapping Grace');
  const bootstrap = await invokeBootstrap(endpoint, stack, targets);
  return { endpoint, stack, outputs, bootstrap };
}

function templateName(app: string, stack: string): string {
  const name = readdirSync(app).find((file) => file === `${stack}.template.json`);
  if (name === undefined) throw new Error(`${app} has no template of stack ${stack}: synthesise again`);
  return name;
}

async function invokeBootstrap(
  endpoint: string,
  stack: string,
  targets: readonly Target[],
): Promise<BootstrapOutput> {
  const client = new LambdaClient(clientSettings(endpoint));
  const answer = await client.send(
    new InvokeCommand({ FunctionName: `${stack}-bootstrap`, Payload: JSON.stringify({ targets }) }),
  );
  client.destroy();
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError !== undefined) throw new Error(`bootstrap failed: ${text}`);
  return JSON.parse(text) as BootstrapOutput;
}
