import { spawn } from 'node:child_process';
import { appendFile } from 'node:fs/promises';

/** A child process to run to its end. Times are milliseconds. */
export type Command = {
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Gets the whole output appended, preceded by the command line. */
  readonly logFile?: string;
};

/** How it ended. `output` is standard output and error in the order they arrived. */
export type CommandResult =
  | { readonly kind: 'exited'; readonly code: number; readonly output: string }
  | { readonly kind: 'timed_out'; readonly output: string }
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals; readonly output: string }
  | { readonly kind: 'not_found' };

export type RunCommand = (command: Command) => Promise<CommandResult>;

/**
 * Runs a command without a shell and waits for it, at most `timeoutMs`, then SIGKILL.
 * A command that fails is a value, not a throw; only a log file that cannot be written throws.
 */
export const runCommand: RunCommand = async (command) => {
  const result = await runToEnd(command);
  if (command.logFile !== undefined) {
    const output = 'output' in result ? result.output : '';
    await appendFile(
      command.logFile,
      `$ ${[command.command, ...command.args].join(' ')}\n${output}\n[${describeEnd(result)}]\n`,
    );
  }
  return result;
};

const runToEnd = ({ command, args, timeoutMs, env, cwd }: Command): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    let output = '';
    let timedOut = false;
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(env === undefined ? {} : { env: { ...env } }),
      ...(cwd === undefined ? {} : { cwd }),
    });
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open; the end of the child is what counts.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve({ kind: 'not_found' });
      else reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (timedOut) resolve({ kind: 'timed_out', output });
      else if (signal !== null) resolve({ kind: 'killed', signal, output });
      else resolve({ kind: 'exited', code: code ?? 0, output });
    });
  });

/** The end of a command in words, for messages and logs. */
export const describeEnd = (result: CommandResult): string => {
  switch (result.kind) {
    case 'exited':
      return `exit code ${result.code}`;
    case 'timed_out':
      return 'ran out of time and was killed';
    case 'killed':
      return `killed by ${result.signal}`;
    case 'not_found':
      return 'command not found';
  }
};

/** The last lines of an output, which is where tools say why they failed. */
export const lastLines = (output: string, count = 20): string =>
  output.trimEnd().split('\n').slice(-count).join('\n');
