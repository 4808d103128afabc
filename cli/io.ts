import { createInterface } from 'node:readline/promises';
import { type Paint, paintFor } from './paint';

/** Where a command reads and writes. Results go to standard output; everything else to standard error. */
export interface Io {
  /** One line, or several, of the answer. */
  out(text: string): void;
  /** For people only: progress, hints, errors. */
  err(text: string): void;
  /** Standard output is a terminal. */
  readonly isTerminal: boolean;
  /** A person is there to be asked: standard input and output are terminals. */
  readonly canAsk: boolean;
  readonly paint: Paint;
  /** Characters of a line; 100 where it is not known. */
  readonly width: number;
  /** Relative names start here, and `.grace/` lies here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line from the person; `undefined` at the end of input. Only where `canAsk`. */
  ask(question: string): Promise<string | undefined>;
  /** How the command ends: 0 well, 1 the answer is bad, 2 usage or nothing there. The worst one counts. */
  exitWith(code: ExitCode): void;
  exitCode(): ExitCode;
}
export type ExitCode = 0 | 1 | 2;

/** Keeps the exit code of one command. */
export function exitCodes(): Pick<Io, 'exitWith' | 'exitCode'> {
  let worst: ExitCode = 0;
  return {
    exitWith(code) {
      if (code > worst) worst = code;
    },
    exitCode: () => worst,
  };
}

/** The process's own streams. A reader that goes away (`| head`) ends the output, not the command. */
export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process;
  let open = true;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    open = false;
  });
  const isTerminal = stdout.isTTY === true;
  return {
    out(text) {
      if (open) stdout.write(`${text}\n`);
    },
    err: (text) => {
      stderr.write(`${text}\n`);
    },
    isTerminal,
    canAsk: isTerminal && stdin.isTTY === true,
    paint: paintFor(isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'),
    width: Math.max(60, Math.min(stdout.columns ?? 100, 120)),
    cwd: process.cwd(),
    env,
    ask,
    ...exitCodes(),
  };
}

async function ask(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}

/** The answer as JSON: one document on standard output. A set becomes a sorted array. */
export function printJson(io: Io, value: unknown): void {
  const plain = (_key: string, member: unknown) => (member instanceof Set ? [...member].sort() : member);
  io.out(JSON.stringify(value, plain, 2));
}
