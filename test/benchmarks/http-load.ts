import { Agent, get } from 'node:http';

/** What came of a load. Times are milliseconds, of the requests that were answered with 200. */
export interface Load {
  readonly perSecond: number;
  readonly times: readonly number[];
  readonly failed: number;
}

/** So many clients at once, each sending the next request as soon as the last is answered. */
export async function httpLoad(options: {
  readonly url: string;
  readonly concurrent: number;
  readonly seconds: number;
  /** Headers of the client with this number. */
  readonly headers?: (client: number) => Readonly<Record<string, string>>;
}): Promise<Load> {
  const { url, concurrent, seconds, headers = () => ({}) } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrent });
  const times: number[] = [];
  let failed = 0;
  const from = performance.now();
  const until = from + seconds * 1000;
  const client = async (n: number): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now();
      const status = await statusOf(url, agent, headers(n));
      if (status === 200) times.push(performance.now() - began);
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrent }, (_, n) => client(n)));
  const elapsedSeconds = (performance.now() - from) / 1000;
  agent.destroy();
  return { perSecond: times.length / elapsedSeconds, times, failed };
}

const statusOf = (url: string, agent: Agent, headers: Readonly<Record<string, string>>): Promise<number> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    }).on('error', reject);
  });
