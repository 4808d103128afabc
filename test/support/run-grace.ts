import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

export interface GraceRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the `grace` command line as a process of its own. */
export function runGrace(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<GraceRun> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/grace.mjs'), ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString('utf8');
    });
    child.on('error', failed);
    child.on('close', (code) => done({ code, out, err }));
  });
}

/** The answer of a command that was given `--json`. */
export function jsonOf({ code, out, err }: GraceRun): Record<string, unknown> {
  try {
    return JSON.parse(out) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`exit code ${code}, no JSON: ${out.slice(0, 500)} ${err.slice(-1500)}`, { cause });
  }
}
