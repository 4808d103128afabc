import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { RDSClient } from '@aws-sdk/client-rds';
import type { Resources } from '../../ports/cloud';
import { describeGroup } from './autoscaling-group';
import { describeInstance } from './ec2-instance';
import { describeDatabase } from './rds-instance';

export interface ResourceClients {
  readonly autoscaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly rds: RDSClient;
}

/** Looks at live resources of every kind; it only ever describes. Clients: `repeatableOptions`. */
export function awsResources({ autoscaling, ec2, rds }: ResourceClients): Resources {
  return {
    async describe(target) {
      switch (target.kind) {
        case 'autoscaling:group':
          return describeGroup(autoscaling, target);
        case 'ec2:instance':
          return describeInstance(ec2, target);
        case 'rds:instance':
          return describeDatabase(rds, target);
      }
    },
  };
}
