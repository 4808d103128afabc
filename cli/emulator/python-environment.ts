import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmulatorError } from './emulator-error';
import { type CommandResult, describeEnd, lastLines, type RunCommand } from './run-command';

/** What is installed, exactly. `cryptography` is what MiniStack signs KMS signatures with. */
export const PYTHON_PACKAGES = { ministack: '1.4.21', cryptography: '50.0.2' } as const;

const OLDEST_PYTHON = { major: 3, minor: 10 };
const CANDIDATES = [
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
  'python',
];
const PROBE = `import sys
v = sys.version_info
print("python %d.%d" % (v[0], v[1]))
import ensurepip, venv
print("venv ok")`;

const PROBE_TIMEOUT_MS = 15_000;
const VENV_TIMEOUT_MS = 120_000;
const INSTALL_TIMEOUT_MS = 300_000;

type PreparePython = {
  /** Folder of the emulator; the virtual environment is `<directory>/venv`. */
  readonly directory: string;
  readonly log: (line: string) => void;
  readonly run: RunCommand;
};

/**
 * Makes the virtual environment with the pinned packages once; later calls only read a marker file,
 * which is written last, so an interrupted installation is done again.
 *
 * @returns the path of the `ministack` executable
 * @throws EmulatorError `python_missing`, `python_too_old`, `venv_missing`, `install_failed`
 */
export const preparePython = async ({ directory, log, run }: PreparePython): Promise<string> => {
  const venv = join(directory, 'venv');
  const marker = join(venv, 'grace-packages.json');
  const executable = join(venv, 'bin', 'ministack');
  const wanted = JSON.stringify(PYTHON_PACKAGES);
  if ((await readIfPresent(marker)) === wanted) return executable;

  const python = await findPython(run);
  log(`preparing MiniStack ${PYTHON_PACKAGES.ministack} in ${venv} (once)`);
  await mkdir(directory, { recursive: true });
  await rm(venv, { recursive: true, force: true });
  const made = await run({ command: python, args: ['-m', 'venv', venv], timeoutMs: VENV_TIMEOUT_MS });
  if (!succeeded(made)) throw venvMissing(python, made);

  const logFile = join(directory, 'install.log');
  const packages = Object.entries(PYTHON_PACKAGES).map(([name, version]) => `${name}==${version}`);
  const installed = await run({
    command: join(venv, 'bin', 'python'),
    args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', ...packages],
    timeoutMs: INSTALL_TIMEOUT_MS,
    logFile,
  });
  if (!succeeded(installed)) {
    throw new EmulatorError(
      'install_failed',
      `pip could not install ${packages.join(' and ')} (${describeEnd(installed)}; all of it in ${logFile}):\n${tail(installed)}\nCheck that PyPI, or the mirror in PIP_INDEX_URL, can be reached and run this again. Or set AWS_ENDPOINT_URL to an emulator that already runs.`,
    );
  }
  await writeFile(marker, wanted);
  return executable;
};

/** The first Python on the path that is new enough and can make virtual environments. */
const findPython = async (run: RunCommand): Promise<string> => {
  let tooOld: { readonly command: string; readonly version: string } | undefined;
  let withoutVenv: { readonly command: string; readonly result: CommandResult } | undefined;
  for (const command of CANDIDATES) {
    const result = await run({ command, args: ['-c', PROBE], timeoutMs: PROBE_TIMEOUT_MS });
    const version = /python (\d+)\.(\d+)/.exec('output' in result ? result.output : '');
    // Not a Python at all, or a version manager's shim for a version that is not installed.
    if (version === null) continue;
    const [major, minor] = [Number(version[1]), Number(version[2])];
    if (major < OLDEST_PYTHON.major || (major === OLDEST_PYTHON.major && minor < OLDEST_PYTHON.minor)) {
      tooOld ??= { command, version: `${major}.${minor}` };
    } else if (!succeeded(result)) {
      withoutVenv ??= { command, result };
    } else {
      return command;
    }
  }
  if (withoutVenv !== undefined) throw venvMissing(withoutVenv.command, withoutVenv.result);
  if (tooOld !== undefined) {
    throw new EmulatorError(
      'python_too_old',
      `${tooOld.command} is Python ${tooOld.version}; the emulator needs 3.10 or newer. Install a newer Python (it may stand beside the old one, for example as python3.12), or set AWS_ENDPOINT_URL to an emulator that already runs.`,
    );
  }
  throw new EmulatorError(
    'python_missing',
    'No Python was found; the emulator needs Python 3.10 or newer as python3. Install it (Debian and Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python), or set AWS_ENDPOINT_URL to an emulator that already runs.',
  );
};

const venvMissing = (python: string, result: CommandResult): EmulatorError =>
  new EmulatorError(
    'venv_missing',
    `${python} cannot make a virtual environment (${describeEnd(result)}):\n${tail(result)}\nOn Debian and Ubuntu: sudo apt install python3-venv. Elsewhere install a Python that includes venv and ensurepip.`,
  );

const succeeded = (result: CommandResult): boolean => result.kind === 'exited' && result.code === 0;

const tail = (result: CommandResult): string => ('output' in result ? lastLines(result.output, 10) : '');

const readIfPresent = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};
