import { devNull } from 'node:os';
import { EmulatorError } from './emulator-error';

/** MiniStack's own account and region; CDK resolves environment-agnostic stacks to them. */
export const EMULATOR_ACCOUNT = '000000000000';
export const EMULATOR_REGION = 'us-east-1';

/** Environment variables of a process; unlike `process.env`, without undefined values. */
export type Environment = Readonly<Record<string, string>>;

/**
 * The complete environment for a process that talks to the emulator (SDK clients, `cdk`).
 *
 * It starts from `base` without any `AWS_*` and `CDK_*` variable, so that no profile, session token or
 * `AWS_ENDPOINT_URL_<SERVICE>` of the caller can send a call to a real account, and points the shared
 * configuration files at the null device for the same reason. Proxies of the caller stay set, but the
 * emulator's host is exempt from them.
 */
export const emulatorEnvironment = (
  endpoint: string,
  base: NodeJS.ProcessEnv = process.env,
): Record<string, string> => {
  const kept = Object.fromEntries(
    Object.entries(base).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(AWS|CDK)_/i.test(entry[0]),
    ),
  );
  const exempt = withoutProxy(base.NO_PROXY ?? base.no_proxy, new URL(endpoint).hostname);
  return {
    ...kept,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: EMULATOR_REGION,
    AWS_DEFAULT_REGION: EMULATOR_REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    CDK_DEFAULT_ACCOUNT: EMULATOR_ACCOUNT,
    CDK_DEFAULT_REGION: EMULATOR_REGION,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    NO_PROXY: exempt,
    no_proxy: exempt,
  };
};

const withoutProxy = (existing: string | undefined, host: string): string =>
  [...new Set([...(existing ?? '').split(',').filter(Boolean), 'localhost', '127.0.0.1', host])].join(',');

/** True for an address that cannot leave this machine. */
export const isLoopback = (endpoint: string): boolean => {
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
};

/**
 * Refuses anything that could be AWS: what follows changes or deletes resources with test credentials
 * in mind. An endpoint passes if it is loopback, or if the caller named that very one in `AWS_ENDPOINT_URL`
 * and it is not an AWS host.
 *
 * @throws EmulatorError `not_an_emulator`
 */
export const assertEmulator = (endpoint: string, base: NodeJS.ProcessEnv = process.env): void => {
  if (isLoopback(endpoint)) return;
  const isAws = /(^|\.)(amazonaws\.com(\.cn)?|aws\.dev|api\.aws)$/.test(new URL(endpoint).hostname);
  if (!isAws && base.AWS_ENDPOINT_URL !== undefined && sameOrigin(base.AWS_ENDPOINT_URL, endpoint)) return;
  throw new EmulatorError(
    'not_an_emulator',
    `${endpoint} is neither on this machine nor the emulator named in AWS_ENDPOINT_URL, so nothing was changed. Use a loopback address, or set AWS_ENDPOINT_URL to your emulator.`,
  );
};

const sameOrigin = (left: string, right: string): boolean => new URL(left).origin === new URL(right).origin;

/** Settings every SDK client needs to reach the emulator, whatever the caller's environment says. */
export const clientSettings = (endpoint: string) => ({
  endpoint,
  region: EMULATOR_REGION,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
