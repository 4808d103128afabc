import type { Settings } from '../shared/contracts/settings';
import { FUNCTIONS } from '../shared/names';

export type ActionName = Settings['executors'][number];

/**
 * The function that performs each action. A test holds that it is the domain's own table, which infrastructure
 * does not import.
 */
export const EXECUTORS = {
  'aws.scale_instances': FUNCTIONS.executorAutoscaling,
  'aws.restart_ec2': FUNCTIONS.executorEc2,
  'aws.rds_reboot': FUNCTIONS.executorRds,
} as const satisfies Record<ActionName, string>;
