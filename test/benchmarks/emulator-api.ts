import { percentiles } from '../../cli/scenario/percentiles';
import { DEV_PEOPLE } from '../../cli/serve/dev-people';
import { emulatorApi } from '../support/emulator-api';
import type { Figure } from './figure';
import { httpLoad } from './http-load';
import { onEmulator } from './on-emulator';

const SECONDS = 8;
const PATH = '/api/governance/switch';

/**
 * The deployed API on an emulator: its gateway, which remembers what the authorizer said for a minute, and the
 * function. It says as much of the emulator and this machine as of Grace.
 */
export function emulatorApiFigures(print: (line: string) => void): Promise<readonly Figure[]> {
  // Throttling would be what is measured.
  const settings = { api: { burst: 5000, requestsPerSecond: 1000 } };
  return onEmulator({ print, settings }, async (up) => {
    const api = await emulatorApi(up, DEV_PEOPLE);
    const tokens = await Promise.all(DEV_PEOPLE.map(({ name }) => api.token(name)));
    const headers = (n: number) => ({ authorization: `Bearer ${tokens[n % tokens.length]}` });
    const url = `${api.url}${PATH}`;
    // Processes start at their first request.
    await httpLoad({ url, concurrent: 50, seconds: 4, headers });
    const figures: Figure[] = [];
    for (const concurrent of [1, 50, 200]) {
      print(`emulator: ${concurrent} requests at once`);
      const health = `${up.endpoint}/_localstack/health`;
      const base = await httpLoad({ url: health, concurrent, seconds: 2 });
      const { perSecond, times, failed } = await httpLoad({ url, concurrent, seconds: SECONDS, headers });
      const { p50, p95, max } = percentiles(times);
      figures.push({
        name: `emulator_api_requests_at_${concurrent}`,
        value: perSecond,
        unit: 'requests/s',
        reference: { value: base.perSecond, what: 'the emulator’s own health page, same client' },
        note: `${PATH}: p50 ${p50.toFixed(0)}, p95 ${p95.toFixed(0)}, max ${max.toFixed(0)} ms, ${failed} failed; ${tokens.length} people, whose tokens the gateway remembers`,
      });
    }
    return figures;
  });
}
