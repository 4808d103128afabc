import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** What `run.json` says about the MiniStack that this project started. */
export type EmulatorRun = z.infer<typeof EmulatorRun>;
export const EmulatorRun = z.object({
  /** Also the id of its process group, which the Lambda workers belong to. */
  pid: z.number().int().positive(),
  port: z.number().int().positive(),
  endpoint: z.url(),
  startedAt: z.iso.datetime(),
  /** Its own temporary folder, which it fills with a copy of every function and does not clear. */
  scratch: z.string(),
});

const runFile = (directory: string): string => join(directory, 'run.json');

/** The recorded run, or undefined where there is none or the file cannot be understood. */
export const readRun = (directory: string): EmulatorRun | undefined => {
  try {
    return EmulatorRun.safeParse(JSON.parse(readFileSync(runFile(directory), 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

export const writeRun = (directory: string, run: EmulatorRun): void =>
  writeFileSync(runFile(directory), `${JSON.stringify(run, null, 2)}\n`);

const SCRATCH_PREFIX = 'grace-ministack-';

export const makeScratch = (): string => mkdtempSync(join(tmpdir(), SCRATCH_PREFIX));

/** Forgets the recorded run and deletes its temporary folder. Call once nothing of it runs any more. */
export const removeRun = (directory: string): void => {
  const scratch = readRun(directory)?.scratch;
  // The file can be edited: delete nothing but what `makeScratch` made.
  if (scratch !== undefined && basename(scratch).startsWith(SCRATCH_PREFIX)) {
    rmSync(scratch, { recursive: true, force: true });
  }
  rmSync(runFile(directory), { force: true });
};

/**
 * Whether the recorded process is still ours. Process ids are used again, so a living one counts only if
 * its command line is MiniStack's; a group whose leader has gone counts only if it began since the last boot.
 */
export const isOurs = (run: EmulatorRun): boolean => {
  if (signalTo(run.pid, 0)) return /[/\\]ministack(\0|\s|$)/.test(commandLine(run.pid));
  const bootedAt = Date.now() - uptime() * 1000;
  return Date.parse(run.startedAt) > bootedAt && signalTo(-run.pid, 0);
};

/** True while the server itself, not only one of its workers, is there and ours. */
export const isServing = (run: EmulatorRun): boolean => signalTo(run.pid, 0) && isOurs(run);

/**
 * Ends the whole process group: SIGTERM, up to `graceMs`, then SIGKILL. MiniStack can outlive SIGTERM and
 * go on polling streams, and its Lambda workers outlive it, hence the group and the second signal.
 *
 * @returns how it ended
 */
export const endGroup = async (pid: number, graceMs = 3_000): Promise<'ended' | 'killed'> => {
  signalTo(-pid, 'SIGTERM');
  if (await groupGone(pid, graceMs)) return 'ended';
  signalTo(-pid, 'SIGKILL');
  // Bounded: in a container without an init process the dead may stay listed for ever.
  await groupGone(pid, 1_000);
  return 'killed';
};

const groupGone = async (pid: number, withinMs: number): Promise<boolean> => {
  const deadline = Date.now() + withinMs;
  while (signalTo(-pid, 0)) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
};

/** Sends a signal (0 only asks) to a process, or to a group if negative; false if there is none of ours. */
const signalTo = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
};

const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // No /proc (macOS), or it has just ended.
    try {
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    } catch {
      return '';
    }
  }
};
