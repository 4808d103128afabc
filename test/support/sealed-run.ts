import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { logOf } from '../../cli/audit/backend-log';
import { simulatorBackend } from '../../cli/backend/simulator-backend';
import { exitCodes, type Io } from '../../cli/io';
import { PLAIN } from '../../cli/paint';
import { allOf } from './audit-scenario';
import { type SealedLog, sealLog, type TestSigner } from './sealed-log';

/** Seals the log of a saved run with a key of the test's own, as far as it goes but for the last `unsealed` entries. */
export async function sealSavedRun(cwd: string, signer: TestSigner, unsealed = 0): Promise<SealedLog> {
  const backend = await simulatorBackend(quietIo(cwd), undefined);
  const entries = await allOf(logOf(backend).entries(0));
  await backend.close();
  const last = entries.length - unsealed;
  const sealed = sealLog(entries, [Math.floor(last / 2), last], { signer });
  writeObjects(join(cwd, '.grace/seal/epoch-1'), sealed.objects);
  return sealed;
}

/** The objects as files, and nothing else. */
export function writeObjects(directory: string, objects: ReadonlyMap<string, Uint8Array>): void {
  rmSync(directory, { recursive: true, force: true });
  for (const [name, bytes] of objects) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), bytes);
  }
}

function quietIo(cwd: string): Io {
  return {
    out: () => {},
    err: () => {},
    isTerminal: false,
    canAsk: false,
    paint: PLAIN,
    width: 100,
    cwd,
    env: {},
    ask: async () => undefined,
    ...exitCodes(),
  };
}
