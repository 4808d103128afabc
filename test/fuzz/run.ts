/**
 * `npm run fuzz`: Schemathesis (schemathesis.readthedocs.io) against the running simulator's server, by the OpenAPI
 * document that it serves itself. In bounded time; ends with 1 on any answer of 500 and above, or one that is not as
 * documented. Needs Python 3.10 or newer; Schemathesis is installed once into a virtual environment of its own.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCommand } from '../../cli/emulator/run-command';
import { serve } from '../../cli/serve/server';
import { STREAM_PATH } from '../../shared/contracts/api/stream';

const SCHEMATHESIS = '4.32.5';
const FOLDER = resolve('.emulator', `fuzz-${SCHEMATHESIS}`);
/** Seconds of the whole run. */
const BUDGET = 100;
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'ignored_auth',
];
/** Has every role but the emergency, so that requests get past the way in. */
const PERSON = 'carla';

async function main(): Promise<number> {
  const st = await installed();
  const cwd = mkdtempSync(join(tmpdir(), 'grace-fuzz-'));
  const audience = { tell: () => {}, isPending: () => false, show: async () => {} };
  // Throttling is tested elsewhere; here every request shall reach its route.
  const settings = { api: { burst: 5000, requestsPerSecond: 1000 } };
  const served = await serve({ cwd, port: 0, audience, settings });
  try {
    const result = await runCommand({
      command: st,
      args: [
        ...[
          'run',
          `${served.origin}/api/openapi.json`,
          '--max-time',
          String(BUDGET),
          '--checks',
          CHECKS.join(','),
        ],
        ...['--header', `Authorization: Bearer ${await served.issuer.tokenFor(PERSON)}`],
        // It goes on answering for five minutes: `test/unit/stream-conformance.test.ts` holds it against the document.
        ...['--exclude-path', STREAM_PATH],
        ...['--seed', '1', '--no-color', '--warnings', 'off', '--suppress-health-check', 'all'],
      ],
      cwd,
      timeoutMs: (BUDGET + 80) * 1000,
    });
    const output = 'output' in result ? result.output : '';
    process.stdout.write(output);
    const passed = result.kind === 'exited' && result.code === 0;
    console.log(passed ? 'fuzz: nothing found' : `fuzz: something found, or it did not end (${result.kind})`);
    return passed ? 0 : 1;
  } finally {
    await served.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** The `st` command, in a virtual environment that is made once. */
async function installed(): Promise<string> {
  const st = join(FOLDER, 'bin', 'st');
  if (existsSync(st)) return st;
  mkdirSync(resolve('.emulator'), { recursive: true });
  console.log(`Installing Schemathesis ${SCHEMATHESIS} into ${FOLDER} (once)`);
  for (const [command, args] of [
    ['python3', ['-m', 'venv', FOLDER]],
    [join(FOLDER, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', `schemathesis==${SCHEMATHESIS}`]],
  ] as const) {
    const done = await runCommand({ command, args, timeoutMs: 300_000 });
    if (done.kind !== 'exited' || done.code !== 0) {
      rmSync(FOLDER, { recursive: true, force: true });
      const said = 'output' in done ? done.output.slice(-500) : '';
      throw new Error(
        `Schemathesis could not be installed (${done.kind}); Python 3.10 with venv is needed.\n${said}`,
      );
    }
  }
  return st;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
