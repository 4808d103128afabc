import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { droppedProperties } from '../../cli/emulator/dropped-properties';
import { endGroup, isOurs, writeRun } from '../../cli/emulator/emulator-process';
import { assertEmulator, emulatorEnvironment } from '../../cli/emulator/environment';
import { ensureEmulator, ministackEnvironment, stopEmulator } from '../../cli/emulator/ministack';
import { preparePython } from '../../cli/emulator/python-environment';
import {
  type Command,
  type CommandResult,
  type RunCommand,
  runCommand,
} from '../../cli/emulator/run-command';

const endpoint = 'http://127.0.0.1:4566';
const quiet = () => {};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grace-harness-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the environment for SDK clients and cdk', () => {
  test('points at the emulator with its account, region and credentials', () => {
    expect(emulatorEnvironment(endpoint, {})).toMatchObject({
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DEFAULT_ACCOUNT: '000000000000',
      CDK_DEFAULT_REGION: 'us-east-1',
    });
  });

  test.each(['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_S3', 'AWS_ROLE_ARN', 'CDK_OUTDIR'])(
    'does not carry over the %s of the caller',
    (name) => expect(emulatorEnvironment(endpoint, { [name]: 'real' })).not.toHaveProperty(name),
  );

  test('keeps the rest, and exempts the emulator from proxies', () => {
    const env = emulatorEnvironment('http://emulator:4566', {
      PATH: '/bin',
      HTTPS_PROXY: 'http://proxy',
      NO_PROXY: 'intra',
    });
    expect(env).toMatchObject({
      PATH: '/bin',
      HTTPS_PROXY: 'http://proxy',
      NO_PROXY: 'intra,localhost,127.0.0.1,emulator',
      no_proxy: 'intra,localhost,127.0.0.1,emulator',
    });
  });

  test('MiniStack itself gets nothing of the caller that would leak into its functions', () => {
    const env = ministackEnvironment({
      port: 4570,
      warmTtlSeconds: 5,
      scratch: '/tmp/scratch',
      env: {
        PATH: '/bin',
        HOME: '/home/x',
        AWS_PROFILE: 'real',
        NODE_OPTIONS: '--import tsx',
        HTTP_PROXY: 'p',
      },
    });
    expect(env).toEqual({
      PATH: `${dirname(process.execPath)}:/bin`,
      HOME: '/home/x',
      TMPDIR: '/tmp/scratch',
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: '4570',
      MINISTACK_HOST: 'localhost',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      LAMBDA_WARM_TTL_SECONDS: '5',
      CLOUDTRAIL_RECORDING: '1',
    });
  });
});

describe('what changes resources without asking', () => {
  test.each(['http://localhost:4566', 'http://127.0.0.1:4566', 'http://[::1]:4566'])(
    'may use %s',
    (loopback) => expect(() => assertEmulator(loopback, {})).not.toThrow(),
  );

  test('may use another host only if AWS_ENDPOINT_URL names it', () => {
    expect(() =>
      assertEmulator('http://emulator:4566', { AWS_ENDPOINT_URL: 'http://emulator:4566/' }),
    ).not.toThrow();
    expect(() => assertEmulator('http://emulator:4566', { AWS_ENDPOINT_URL: endpoint })).toThrow(
      'nothing was changed',
    );
    expect(() => assertEmulator('http://emulator:4566', {})).toThrow('nothing was changed');
  });

  test('never uses AWS, even if AWS_ENDPOINT_URL names it', () => {
    const aws = 'https://sqs.us-east-1.amazonaws.com';
    expect(() => assertEmulator(aws, { AWS_ENDPOINT_URL: aws })).toThrow('nothing was changed');
  });
});

describe('the properties that the emulator drops', () => {
  const resource = (Type: string, Properties?: unknown) => ({ Type, Properties });
  const retention = { Mode: 'COMPLIANCE', Days: 7 };
  const template = {
    Resources: {
      Work: resource('AWS::SQS::Queue', {
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['WorkDlq', 'Arn'] }, maxReceiveCount: 3 },
      }),
      WorkDlq: { Type: 'AWS::SQS::Queue' },
      State: resource('AWS::DynamoDB::Table', {
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
      Plain: resource('AWS::DynamoDB::Table', {
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: false },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      }),
      Tiles: resource('AWS::S3::Bucket', {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { Rule: { DefaultRetention: retention } },
      }),
      Assets: { Type: 'AWS::S3::Bucket' },
      Role: resource('AWS::IAM::Role', { RedrivePolicy: 'of another type' }),
    },
  };

  test('are found whatever else the template holds', () => {
    expect(droppedProperties(template)).toEqual([
      {
        kind: 'redrive',
        logicalId: 'Work',
        deadLetterQueue: { 'Fn::GetAtt': ['WorkDlq', 'Arn'] },
        maxReceiveCount: 3,
      },
      { kind: 'time_to_live', logicalId: 'State', attributeName: 'expiresAt' },
      { kind: 'point_in_time_recovery', logicalId: 'State' },
      { kind: 'object_lock', logicalId: 'Tiles', retention },
    ]);
  });

  test('fail loudly in a form that is not understood', () => {
    const odd = resource('AWS::SQS::Queue', { RedrivePolicy: { 'Fn::If': ['A', {}, {}] } });
    expect(() => droppedProperties({ Resources: { Odd: odd } })).toThrow();
  });
});

describe('preparing Python', () => {
  const exited = (code: number, output = ''): CommandResult => ({ kind: 'exited', code, output });
  const prepare = (run: RunCommand) => preparePython({ directory, log: quiet, run });
  const modern = 'python 3.11\nvenv ok\n';

  test('installs the pinned packages once, and afterwards runs nothing', async () => {
    const commands: Command[] = [];
    const run: RunCommand = async (command) => {
      commands.push(command);
      // Stands in for `python -m venv`.
      if (command.args[1] === 'venv') mkdirSync(join(directory, 'venv'));
      return exited(0, modern);
    };
    expect(await prepare(run)).toBe(join(directory, 'venv', 'bin', 'ministack'));
    expect(commands.at(-1)?.args).toEqual(
      expect.arrayContaining(['ministack==1.4.21', 'cryptography==50.0.2']),
    );
    const count = commands.length;
    await prepare(run);
    expect(commands).toHaveLength(count);
  });

  test.each<[string, CommandResult, string, RegExp]>([
    ['no Python', { kind: 'not_found' }, 'python_missing', /sudo apt install python3/],
    [
      'an old one',
      exited(0, 'python 3.9\nvenv ok'),
      'python_too_old',
      /Python 3\.9; the emulator needs 3\.10/,
    ],
    [
      'one without venv',
      exited(1, "python 3.11\nNo module named 'ensurepip'"),
      'venv_missing',
      /No module named 'ensurepip'[\s\S]*apt install python3-venv/,
    ],
  ])('with %s, it says what is wrong and what to install', async (_, result, code, message) => {
    await expect(prepare(async () => result)).rejects.toMatchObject({
      name: 'EmulatorError',
      code,
      message: expect.stringMatching(message),
    });
  });

  test('takes a newer Python that stands beside an old one', async () => {
    const used: string[] = [];
    const run: RunCommand = async ({ command, args }) => {
      if (args[1] === 'venv') mkdirSync(join(directory, 'venv'));
      else if (args[0] === '-c')
        return command === 'python3.12' ? exited(0, modern) : exited(0, 'python 3.8\n');
      used.push(command);
      return exited(0);
    };
    await prepare(run);
    expect(used[0]).toBe('python3.12');
  });

  test('shows the end of what pip said, and tries again the next time', async () => {
    const run = jest.fn<ReturnType<RunCommand>, Parameters<RunCommand>>(async ({ args }) =>
      args[1] === 'pip' ? exited(1, 'No matching distribution') : exited(0, modern),
    );
    const message = expect.stringMatching(/No matching distribution[\s\S]*PIP_INDEX_URL/);
    await expect(prepare(run)).rejects.toMatchObject({ code: 'install_failed', message });
    const count = run.mock.calls.length;
    await expect(prepare(run)).rejects.toMatchObject({ code: 'install_failed' });
    expect(run).toHaveBeenCalledTimes(2 * count);
  });
});

describe('starting and stopping', () => {
  test('a taken port is reported before anything is installed', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const run = jest.fn<ReturnType<RunCommand>, Parameters<RunCommand>>();
    try {
      await expect(ensureEmulator({ port, directory, log: quiet, env: {}, run })).rejects.toMatchObject({
        code: 'port_taken',
        message: expect.stringContaining(`AWS_ENDPOINT_URL=http://localhost:${port}`),
      });
      expect(run).not.toHaveBeenCalled();
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('a given endpoint that does not answer is an error with the fix', async () => {
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    await expect(ensureEmulator({ directory, log: quiet, env })).rejects.toMatchObject({
      code: 'endpoint_unreachable',
      message: expect.stringContaining('unset AWS_ENDPOINT_URL'),
    });
  });

  test('a recorded process or folder that is not ours is left alone', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      const scratch = join(directory, 'not-made-by-us');
      mkdirSync(scratch);
      const startedAt = new Date().toISOString();
      const run = { pid: stranger.pid as number, port: 4566, endpoint, startedAt, scratch };
      writeRun(directory, run);
      expect(isOurs(run)).toBe(false);
      expect(await stopEmulator({ directory })).toBe('not_running');
      expect(stranger.exitCode).toBeNull();
      expect(readdirSync(directory)).toEqual(['not-made-by-us']);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  test('a group that ignores SIGTERM is killed after the grace time', async () => {
    const stubborn = spawn(
      process.execPath,
      ['-e', 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'],
      { detached: true, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await new Promise((resolve) => stubborn.stdout.once('data', resolve));
    expect(await endGroup(stubborn.pid as number, 200)).toBe('killed');
    expect(stubborn.signalCode).toBe('SIGKILL');
  });
});

describe('running a command', () => {
  const node = (script: string, timeoutMs = 10_000) =>
    runCommand({
      command: process.execPath,
      args: ['-e', script],
      timeoutMs,
      logFile: join(directory, 'log'),
    });

  test('gives the output of both streams, and logs it', async () => {
    const result = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(result).toEqual({ kind: 'exited', code: 3, output: expect.stringContaining('out\n') });
    expect(readFileSync(join(directory, 'log'), 'utf8')).toMatch(/err\n[\s\S]*exit code 3/);
  });

  test('ends a command that takes too long', async () => {
    expect(await node('console.log("up"); setInterval(() => {}, 1000)', 500)).toMatchObject({
      kind: 'timed_out',
    });
  });
});
