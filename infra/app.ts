import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { bundleFunctions } from './bundled-code';
import { buildConsole } from './console-asset';
import { GraceApp } from './grace-app';
import { compiledPlaybooks, PlaybooksError } from './playbooks-asset';
import { compiledPolicies, PoliciesError } from './policies-asset';
import { SettingsError } from './read-settings';

/**
 * `npx cdk synth`: no account is needed. Settings: `-c settings=FILE` or `-c settings='{"ephemeral":true}'`. Without
 * the console, which emulators cannot serve: `-c console=false`.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'grace-functions-'));
  try {
    const code = await bundleFunctions({
      folder,
      playbooks: compiledPlaybooks(),
      policies: compiledPolicies(),
    });
    const app = new App({ analyticsReporting: false });
    const withConsole = app.node.tryGetContext('console') !== 'false';
    const console = withConsole ? { console: await buildConsole(join(folder, 'console')) } : {};
    new GraceApp(app, { code, ...console }).synth();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  // A mistake in a file of the user's needs no stack trace.
  const isUsers =
    error instanceof SettingsError || error instanceof PlaybooksError || error instanceof PoliciesError;
  console.error(isUsers ? error.message : error);
  process.exitCode = 1;
});
