import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EmulatorError, type EmulatorErrorCode } from '../../cli/emulator/emulator-error';
import { clientSettings } from '../../cli/emulator/environment';
import { stopEmulator } from '../../cli/emulator/ministack';
import { bringUp } from '../../cli/up/bring-up';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { RUN_VARIABLE, TEST_DIRECTORY, TEST_INSTALLATION, TEST_SETTINGS } from '../support/emulator-run';
import { pushQuickPlaybooks } from '../support/push-quick-playbooks';

/** The machine cannot have an emulator; anything else that goes wrong is a failure. */
const NOT_HERE: readonly EmulatorErrorCode[] = [
  'python_missing',
  'python_too_old',
  'venv_missing',
  'install_failed',
];

/** Deploys the real stack once for all emulator tests. Where a machine cannot have an emulator they are skipped. */
export default async function setup(): Promise<void> {
  const log = (line: string) => process.stderr.write(`[emulator] ${line}\n`);
  const settings = TEST_SETTINGS;
  // Left over from a run that was cut off.
  await stopEmulator({ directory: TEST_DIRECTORY });
  mkdirSync(TEST_DIRECTORY, { recursive: true });
  try {
    const up = await bringUp({
      log,
      settings,
      port: await freePort(),
      directory: TEST_DIRECTORY,
      installation: TEST_INSTALLATION,
    });
    const client = new DynamoDBClient(clientSettings(up.endpoint));
    await pushQuickPlaybooks(createDynamoTable({ client, tableName: up.outputs['StateTable'] ?? '' }));
    client.destroy();
    const file = join(TEST_DIRECTORY, 'brought-up.json');
    writeFileSync(file, `${JSON.stringify(up, null, 2)}\n`);
    process.env[RUN_VARIABLE] = file;
  } catch (error) {
    await stopEmulator({ directory: TEST_DIRECTORY });
    if (!(error instanceof EmulatorError && NOT_HERE.includes(error.code)) || process.env['CI'] === 'true')
      throw error;
    log('*'.repeat(100));
    log(
      'THE EMULATOR TESTS ARE SKIPPED: this machine cannot have an emulator. With CI=true this is a failure.',
    );
    log(error.message);
    log('*'.repeat(100));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
