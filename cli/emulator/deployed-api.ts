import type { EmulatorPool } from './user-pool';

/** Where the API of a stack on an emulator is, and the pool whose tokens it takes. */
export interface DeployedApi {
  /** Paths of the API, such as `/api/me`, go behind it. */
  readonly url: string;
  readonly pool: EmulatorPool;
}

/**
 * Emulators answer for an API below their own address, since the name in its URL leads nowhere.
 * @param output reads an output of the stack
 */
export function deployedApi(endpoint: string, output: (name: string) => string): DeployedApi {
  const stage = new URL(output('ApiUrl')).pathname;
  return {
    url: new URL(`/restapis/${output('ApiId')}${stage}/_user_request_`, endpoint).href,
    pool: { endpoint, userPoolId: output('UserPoolId'), clientId: output('TokenAudience') },
  };
}
