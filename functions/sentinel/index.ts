import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { SFNClient } from '@aws-sdk/client-sfn';
import { parseSettings } from '../../shared/contracts/settings';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { awsResources } from '../../shared/executors/aws/resources';
import { awsTelemetry, cloudwatchClients } from '../../shared/executors/aws/telemetry';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { queueHandler } from '../../shared/runtime/handler';
import { ulids } from '../../shared/runtime/ids';
import { observers } from '../../shared/runtime/observers';
import { sfnExecutions } from '../../shared/stores/aws/step-functions';
import { canaryStore } from '../../shared/stores/canary-store';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { errorStore } from '../../shared/stores/error-store';
import { missionStore } from '../../shared/stores/mission-store';
import { currentLibrary, playbookCache } from '../../shared/stores/playbook-library';
import { playbookStore } from '../../shared/stores/playbook-store';
import { bundledPolicies } from '../../shared/stores/policies-asset';
import { quarantineStore } from '../../shared/stores/quarantine-store';
import { reservations } from '../../shared/stores/reservations';
import { sentinel } from './sentinel';

const env = functionEnvironment('stateTable', 'stateMachineArn', 'settings', 'account', 'region');
const settings = parseSettings(env.settings);
const options = repeatableOptions();
const table = createDynamoTable({ client: new DynamoDBClient(options), tableName: env.stateTable });
const watched = observers('sentinel');
const cache = playbookCache();
const deps = {
  statistics: playbookStore(table),
  contracts: contractStore(table),
  canaries: canaryStore(table),
  reservations: reservations(table),
  errors: errorStore(table),
  quarantine: quarantineStore(table),
  missions: missionStore(table),
  resources: awsResources({
    autoscaling: new AutoScalingClient(options),
    ec2: new EC2Client(options),
    rds: new RDSClient(options),
  }),
  telemetry: awsTelemetry(cloudwatchClients(options)),
  executions: sfnExecutions({ client: new SFNClient(options), stateMachineArn: env.stateMachineArn }),
  clock: systemClock,
  ids: ulids(),
  settings,
  policyVersion: bundledPolicies(import.meta.url).version,
  account: env.account,
  region: env.region,
  logger: watched.logger,
  metrics: watched.metrics,
};

export const handler = queueHandler({
  ...watched,
  async run(records) {
    const library = await currentLibrary(table, systemClock, cache);
    const { failed } = await sentinel(records, { ...deps, ...library });
    return failed;
  },
});
