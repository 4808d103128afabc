import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { contractNews } from '../../shared/contracts/contract-news';
import { parseSettings } from '../../shared/contracts/settings';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { awsResources } from '../../shared/executors/aws/resources';
import { awsTelemetry, cloudwatchClients } from '../../shared/executors/aws/telemetry';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { queueHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { approvalStore } from '../../shared/stores/approval-store';
import { deploymentDirectory } from '../../shared/stores/aws/deployment-directory';
import { cedarPolicies } from '../../shared/stores/cedar-policies';
import { contractStore } from '../../shared/stores/contract-store';
import { delegationStore } from '../../shared/stores/delegation-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { electorates } from '../../shared/stores/electorates';
import { errorStore } from '../../shared/stores/error-store';
import { currentLibrary, playbookCache } from '../../shared/stores/playbook-library';
import { playbookStore } from '../../shared/stores/playbook-store';
import { bundledPolicies } from '../../shared/stores/policies-asset';
import { replan } from './replanner';

const env = functionEnvironment('stateTable', 'settings', 'userPoolId', 'tokenIssuer');
const settings = parseSettings(env.settings);
const options = repeatableOptions();
const table = createDynamoTable({ client: new DynamoDBClient(options), tableName: env.stateTable });
const policies = cedarPolicies(bundledPolicies(import.meta.url));
const watched = observers('replanner');
const cache = playbookCache();
const deps = {
  contracts: contractStore(table),
  approvals: approvalStore(table),
  errors: errorStore(table),
  statistics: playbookStore(table),
  electorates: electorates({
    directory: deploymentDirectory({
      named: { ...settings.approvals, ...settings.signIn },
      client: new CognitoIdentityProviderClient(options),
      userPoolId: env.userPoolId,
      issuer: env.tokenIssuer,
    }),
    policies,
    delegations: delegationStore(table),
    escalation: settings.approvals.escalation,
  }),
  resources: awsResources({
    autoscaling: new AutoScalingClient(options),
    ec2: new EC2Client(options),
    rds: new RDSClient(options),
  }),
  telemetry: awsTelemetry(cloudwatchClients(options)),
  clock: systemClock,
  settings,
  policyVersion: policies.version,
};

export const handler = queueHandler({
  ...watched,
  async run(records, call) {
    const failed: string[] = [];
    for (const record of records) {
      try {
        const { contractId } = contractNews(record.body);
        call.correlate(contractId);
        const { playbooks } = await currentLibrary(table, systemClock, cache);
        const outcome = await replan({ contractId }, { ...deps, playbooks });
        watched.logger.info('fresh plan', { code: 'REPLANNED', contractId, outcome });
      } catch (error) {
        failed.push(record.messageId);
        watched.logger.error('no fresh plan', { code: 'REPLAN_FAILED', error });
      }
    }
    return failed;
  },
});
