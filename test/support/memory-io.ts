import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, type Io } from '../../cli/io';
import { run } from '../../cli/main';
import { PLAIN } from '../../cli/paint';

/** What a command printed, and how it ended. */
export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A directory of its own, removed by `remove`. */
export function scratch(): { readonly cwd: string; remove(): void } {
  const cwd = mkdtempSync(join(tmpdir(), 'grace-cli-'));
  return { cwd, remove: () => rmSync(cwd, { recursive: true, force: true }) };
}

export interface Terminal {
  /** What the person at the terminal types, line by line; then the input ends. */
  readonly types: readonly string[];
}

/** Runs a command line in this process. Without `terminal` nobody is there to be asked. */
export async function grace(cwd: string, argv: readonly string[], terminal?: Terminal): Promise<Answer> {
  const [out, err]: [string[], string[]] = [[], []];
  const lines = [...(terminal?.types ?? [])];
  const io: Io = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    isTerminal: terminal !== undefined,
    canAsk: terminal !== undefined,
    paint: PLAIN,
    width: 100,
    cwd,
    env: {},
    async ask(question) {
      out.push(question);
      return lines.shift();
    },
    ...exitCodes(),
  };
  const code = await run(argv, io);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** The one JSON document that a command printed. */
export async function graceJson<T>(
  cwd: string,
  argv: readonly string[],
): Promise<{ code: number; value: T }> {
  const { code, out } = await grace(cwd, [...argv, '--json']);
  return { code, value: JSON.parse(out) as T };
}
