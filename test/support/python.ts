import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { preparePython } from '../../cli/emulator/python-environment';
import { runCommand } from '../../cli/emulator/run-command';

const ROOT = resolve(__dirname, '../..');
export const VERIFIER = join(ROOT, 'docs/auditors/verify.py');
const OWN = join(ROOT, '.emulator/venv/bin/python');

/** A Python that has the package `cryptography`: the emulator's own, or the one on the path. */
function findPython(): string | undefined {
  return [OWN, 'python3'].find(hasCryptography);
}

/** Tests that need one: without it a clone skips them and says so, CI makes it. */
export function onPython(name: string, tests: (python: () => string) => void): void {
  let python = findPython();
  const describeThem = python !== undefined || process.env.CI === 'true' ? describe : describe.skip;
  describeThem(name, () => {
    beforeAll(async () => {
      if (python !== undefined) return;
      await preparePython({ directory: join(ROOT, '.emulator'), log: () => {}, run: runCommand });
      python = OWN;
    }, 400_000);
    tests(() => python as string);
  });
}

function hasCryptography(command: string): boolean {
  if (command.includes('/') && !existsSync(command)) return false;
  const probe = 'import sys, cryptography; sys.exit(sys.version_info < (3, 10))';
  return spawnSync(command, ['-c', probe]).status === 0;
}

export interface PythonAnswer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function runPython(python: string, args: readonly string[], input = ''): PythonAnswer {
  const { status, stdout, stderr } = spawnSync(python, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return { code: status, out: stdout, err: stderr };
}
