import type { FunctionName } from '../names';
import type { Observers } from './call';
import { powertoolsLogger } from './logger';
import { emfMetrics } from './metrics';

/** Logger and metrics of one function. */
export function observers(name: FunctionName): Observers {
  return { name, logger: powertoolsLogger({ service: name }), metrics: emfMetrics() };
}
