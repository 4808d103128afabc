import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { SettingsFile } from '../../shared/contracts/settings';
import { EmulatorError } from './emulator-error';
import type { Environment } from './environment';
import { describeEnd, lastLines, runCommand } from './run-command';

const SYNTH_TIMEOUT_MS = 180_000;
const ROOT = resolve(__dirname, '../..');

/**
 * Synthesises the app into `output`, with settings given as JSON.
 * @throws EmulatorError `command_failed` with the end of the output, which names a wrong setting or playbook
 */
export async function cdkSynth(options: {
  readonly output: string;
  readonly settings: SettingsFile;
  readonly env: Environment;
  readonly logFile: string;
}): Promise<void> {
  const output = resolve(options.output);
  rmSync(output, { recursive: true, force: true });
  const cdk = createRequire(join(ROOT, 'package.json')).resolve('aws-cdk/bin/cdk');
  const result = await runCommand({
    command: process.execPath,
    args: [
      cdk,
      'synth',
      '--quiet',
      '--no-notices',
      '--output',
      output,
      '-c',
      `settings=${JSON.stringify(options.settings)}`,
      '-c',
      'console=false',
    ],
    env: options.env,
    cwd: ROOT,
    timeoutMs: SYNTH_TIMEOUT_MS,
    logFile: resolve(options.logFile),
  });
  if (result.kind === 'exited' && result.code === 0) return;
  const text = 'output' in result ? lastLines(result.output, 30) : '';
  throw new EmulatorError('command_failed', `cdk synth failed: ${describeEnd(result)}\n${text}`);
}
