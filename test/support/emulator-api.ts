import { deployedApi } from '../../cli/emulator/deployed-api';
import { accessTokenOf, makePeople, type PoolPerson } from '../../cli/emulator/user-pool';
import type { BroughtUp } from '../../cli/up/bring-up';
import type { ApiResponse } from '../../shared/contracts/api/http';

/** One request to the API. */
export interface Asking {
  readonly token?: string | undefined;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The API of a stack on an emulator: over HTTP, past its authorizer, as people of its user pool. */
export async function emulatorApi({ endpoint, outputs }: BroughtUp, people: readonly PoolPerson[]) {
  const { url, pool } = deployedApi(endpoint, (name) => outputs[name] ?? '');
  await makePeople(pool, people);
  return {
    url,
    pool,
    async token(name: string): Promise<string> {
      const token = await accessTokenOf(pool, name);
      if (token === undefined) throw new Error(`the pool knows no ${name}`);
      return token;
    },
    /** `GET`, or `POST` where there is a body. */
    async ask(path: string, { token, body, headers }: Asking = {}): Promise<ApiResponse> {
      const answer = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: await answer.text(),
      };
    },
  };
}
export type EmulatorApi = Awaited<ReturnType<typeof emulatorApi>>;
