import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { sealPrefix } from '../../shared/contracts/log-origin';
import { RUN_DIRECTORY, SEAL_DIRECTORY } from './saved-run';

/**
 * The sealed log of a simulator run, as files that any reader of the C2SP formats takes:
 *
 * - `seal/`: what lies in the bucket on AWS (`shared/domain/tlog/seal-layout.ts`)
 * - `simulator-signing-key.pem`: the private key of its checkpoints. On AWS it is in KMS and nobody has it; here
 *   whoever has the file can sign
 */
export interface SavedSeal {
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** PEM; `undefined` = there is none yet. */
  readonly signingKey: string | undefined;
}

const KEY_FILE = 'simulator-signing-key.pem';

/** Replaces what an earlier run left. */
export function saveSeal(cwd: string, { objects, signingKey }: SavedSeal): void {
  const directory = join(cwd, RUN_DIRECTORY, SEAL_DIRECTORY);
  for (const name of namesIn(directory)) if (!objects.has(name)) rmSync(join(directory, name));
  for (const [name, bytes] of objects) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  if (signingKey !== undefined) {
    writeFileSync(join(cwd, RUN_DIRECTORY, KEY_FILE), signingKey, { mode: 0o600 });
  }
}

export function loadSeal(cwd: string): SavedSeal {
  const directory = join(cwd, RUN_DIRECTORY, SEAL_DIRECTORY);
  const objects = namesIn(directory).map(
    (name) => [placeOf(name), readFileSync(join(directory, name))] as const,
  );
  return { objects: new Map(objects), signingKey: readIfThere(join(cwd, RUN_DIRECTORY, KEY_FILE)) };
}

/** Runs that were saved before a log had epochs have the first one's copies without its prefix. */
const placeOf = (name: string): string => (/^epoch-\d+\//.test(name) ? name : sealPrefix(1) + name);

/** Names of all files below, with slashes. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
