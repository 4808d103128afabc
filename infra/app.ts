import { App } from 'aws-cdk-lib';
import { GraceApp } from './grace-app';
import { PlaybooksError } from './playbooks-asset';
import { SettingsError } from './read-settings';

/** `npx cdk synth`: no account is needed. Settings: `-c settings=FILE` or `-c settings='{"ephemeral":true}'`. */
try {
  new GraceApp(new App({ analyticsReporting: false })).synth();
} catch (error) {
  if (!(error instanceof SettingsError || error instanceof PlaybooksError)) throw error;
  // A mistake in a file of the user's needs no stack trace.
  console.error(error.message);
  process.exitCode = 1;
}
