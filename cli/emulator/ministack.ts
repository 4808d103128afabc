import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmulatorError } from './emulator-error';
import {
  type EmulatorRun,
  endGroup,
  isOurs,
  isServing,
  makeScratch,
  readRun,
  removeRun,
  writeRun,
} from './emulator-process';
import { preparePython } from './python-environment';
import { lastLines, type RunCommand, runCommand } from './run-command';

export const DEFAULT_DIRECTORY = '.emulator';
export const DEFAULT_PORT = 4566;

/** Idle time after which MiniStack ends a function's Node process of about 50 MB. */
const DEFAULT_WARM_TTL_SECONDS = 60;
const READY_WITHIN_MS = 30_000;
const ANSWER_WITHIN_MS = 2_000;

type EnsureEmulator = {
  /** Default: 4566, or whatever port our MiniStack already runs on. Ignored if `AWS_ENDPOINT_URL` is set. */
  readonly port?: number;
  /** Where the virtual environment, `run.json` and `ministack.log` live. Relative to the working directory. */
  readonly directory?: string;
  /** Folder of the virtual environment, where several emulators share one. Default: `directory`. */
  readonly installation?: string;
  /** Default 60 seconds; low values save memory in load tests, at the price of cold starts. */
  readonly lambdaWarmTtlSeconds?: number;
  readonly log: (line: string) => void;
  /** Replaced in tests. */
  readonly env?: NodeJS.ProcessEnv;
  readonly run?: RunCommand;
};

/** A running emulator and who is responsible for it: the caller (`given`) or this project. */
export type Emulator = {
  readonly endpoint: string;
  readonly origin: 'given' | 'reused' | 'started';
};

/**
 * Makes sure an emulator answers: the one in `AWS_ENDPOINT_URL`, else our MiniStack that already runs, else
 * one started now. MiniStack runs detached, on the loopback interface only, until `stopEmulator`.
 *
 * @throws EmulatorError `endpoint_unreachable`, the codes of `preparePython`, `port_taken`,
 *   `already_running` (on another port than the one asked for), `not_ready`
 */
export const ensureEmulator = async (options: EnsureEmulator): Promise<Emulator> => {
  const { directory = DEFAULT_DIRECTORY, log, env = process.env, run = runCommand } = options;
  if (env.AWS_ENDPOINT_URL) return givenEmulator(env.AWS_ENDPOINT_URL);

  const previous = readRun(directory);
  if (previous !== undefined) {
    if (isServing(previous) && (await answers(previous.endpoint))) {
      if (options.port !== undefined && options.port !== previous.port) {
        throw new EmulatorError(
          'already_running',
          `MiniStack already runs at ${previous.endpoint}. Use that port, or stop it first.`,
        );
      }
      return { endpoint: previous.endpoint, origin: 'reused' };
    }
    await stopEmulator({ directory });
  }

  const port = options.port ?? DEFAULT_PORT;
  await assertPortFree(port);
  const executable = await preparePython({ directory: options.installation ?? directory, log, run });
  const endpoint = `http://127.0.0.1:${port}`;
  const warmTtlSeconds = options.lambdaWarmTtlSeconds ?? DEFAULT_WARM_TTL_SECONDS;
  const scratch = makeScratch();
  await start({
    executable,
    directory,
    run: { port, endpoint, scratch },
    env: ministackEnvironment({ port, warmTtlSeconds, scratch, env }),
  });
  log(`MiniStack answers at ${endpoint}`);
  return { endpoint, origin: 'started' };
};

const givenEmulator = async (endpoint: string): Promise<Emulator> => {
  if (!URL.canParse(endpoint)) {
    throw new EmulatorError(
      'endpoint_unreachable',
      `AWS_ENDPOINT_URL is not a URL: "${endpoint}". Set it to something like http://localhost:4566, or unset it.`,
    );
  }
  if (await answers(endpoint, 5_000)) return { endpoint: endpoint.replace(/\/+$/, ''), origin: 'given' };
  throw new EmulatorError(
    'endpoint_unreachable',
    `AWS_ENDPOINT_URL is ${endpoint}, but no emulator answers there (GET /_localstack/health). Start it, or unset AWS_ENDPOINT_URL to have MiniStack started for you.`,
  );
};

/**
 * The whole environment of MiniStack. Little is passed on from the caller, because MiniStack hands its own
 * environment to every Lambda worker: a profile, proxy or NODE_OPTIONS of the caller must not get there.
 * The Node that runs this comes first on the path, so the functions run on it too.
 */
export const ministackEnvironment = ({
  port,
  warmTtlSeconds,
  scratch,
  env,
}: {
  readonly port: number;
  readonly warmTtlSeconds: number;
  readonly scratch: string;
  readonly env: NodeJS.ProcessEnv;
}): Record<string, string> => {
  const passedOn = ['HOME', 'LANG', 'LC_ALL', 'TZ', 'USER'];
  return {
    ...Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    PATH: [dirname(process.execPath), env.PATH].filter(Boolean).join(delimiter),
    TMPDIR: scratch,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: 'localhost',
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    LAMBDA_WARM_TTL_SECONDS: String(warmTtlSeconds),
    // CloudTrail is all that shows a reboot there.
    CLOUDTRAIL_RECORDING: '1',
  };
};

type Start = {
  readonly executable: string;
  readonly directory: string;
  readonly run: Omit<EmulatorRun, 'pid' | 'startedAt'>;
  readonly env: Readonly<Record<string, string>>;
};

const start = async ({ executable, directory, run, env }: Start): Promise<void> => {
  mkdirSync(directory, { recursive: true });
  const logFile = join(directory, 'ministack.log');
  const output = openSync(logFile, 'w');
  const child = spawn(executable, [], { detached: true, stdio: ['ignore', output, output], env });
  closeSync(output);
  let ended = '';
  child.on('error', (error) => {
    ended = `it could not be started: ${error.message}`;
  });
  child.on('exit', (code, signal) => {
    ended = `it ended with ${signal ?? `exit code ${code}`}`;
  });
  child.unref();
  // Before it is ready, so that an interrupted start can be stopped.
  if (child.pid !== undefined) {
    writeRun(directory, { ...run, pid: child.pid, startedAt: new Date().toISOString() });
  }

  const deadline = Date.now() + READY_WITHIN_MS;
  while (ended === '' && Date.now() < deadline) {
    if (await answers(run.endpoint)) return;
    await sleep(50);
  }
  await stopEmulator({ directory });
  throw new EmulatorError(
    'not_ready',
    `MiniStack did not become ready: ${ended || `no answer within ${READY_WITHIN_MS / 1000} s`}. The end of ${logFile}:\n${lastLines(readFileSync(logFile, 'utf8'))}\nIf the installation is damaged, delete ${join(directory, 'venv')} and run this again.`,
  );
};

/** Whether a healthy emulator answers at the endpoint. Any failure to answer is a "no". */
export const isEmulatorThere = (endpoint: string): Promise<boolean> =>
  URL.canParse(endpoint) ? answers(endpoint, 5_000) : Promise.resolve(false);

const answers = async (endpoint: string, withinMs = ANSWER_WITHIN_MS): Promise<boolean> => {
  try {
    const response = await fetch(new URL('/_localstack/health', endpoint), {
      signal: AbortSignal.timeout(withinMs),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

const assertPortFree = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${cause.code})`;
      reject(
        new EmulatorError(
          'port_taken',
          `Port ${port} ${why}. If an emulator of yours runs there, set AWS_ENDPOINT_URL=http://localhost:${port}; else choose another port, or stop what uses this one.`,
          { cause },
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });

/**
 * Stops the MiniStack that this project started, with its Lambda workers, and removes `run.json`.
 * An emulator given by `AWS_ENDPOINT_URL` is never touched. Up to about 4 s.
 */
export const stopEmulator = async ({
  directory = DEFAULT_DIRECTORY,
}: {
  readonly directory?: string;
} = {}): Promise<'not_running' | 'ended' | 'killed'> => {
  const run = readRun(directory);
  const outcome = run !== undefined && isOurs(run) ? await endGroup(run.pid) : 'not_running';
  removeRun(directory);
  return outcome;
};
