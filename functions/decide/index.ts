import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import { parseSettings } from '../../shared/contracts/settings';
import type { PolicyQuestion } from '../../shared/domain/policy-request';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import type { Policies } from '../../shared/ports/policy';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { approvalStore } from '../../shared/stores/approval-store';
import { auditStore } from '../../shared/stores/audit-store';
import { stsCallers } from '../../shared/stores/aws/callers';
import { deploymentDirectory } from '../../shared/stores/aws/deployment-directory';
import { callers } from '../../shared/stores/callers';
import { cedarPolicies } from '../../shared/stores/cedar-policies';
import { contractStore } from '../../shared/stores/contract-store';
import { delegationStore } from '../../shared/stores/delegation-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { epochClosings } from '../../shared/stores/epoch-closings';
import { bundledPolicies } from '../../shared/stores/policies-asset';
import { reservations } from '../../shared/stores/reservations';
import { reviewStore } from '../../shared/stores/review-store';
import { keysAt, tokenReader } from '../../shared/stores/token-reader';
import { tokenVerifier } from '../../shared/stores/token-verifier';
import { decide } from './decide';

const env = functionEnvironment(
  'stateTable',
  'auditTable',
  'region',
  'settings',
  'userPoolId',
  'tokenIssuer',
  'tokenAudience',
  'tokenKeysUri',
  'tokenRolesClaim',
);
const { approvals, signIn } = parseSettings(env.settings);
// The SDK's own variable for emulators; STS and the issuer's keys are asked where everything else is.
const endpoint = process.env.AWS_ENDPOINT_URL;
const client = new DynamoDBClient(repeatableOptions());
const table = createDynamoTable({ client, tableName: env.stateTable });
const audit = createDynamoTable({ client, tableName: env.auditTable, indexes: {} });
let compiled: CompiledPolicies | undefined;
let policies: Policies | undefined;
// Breaking the glass is rare: no other command waits for policies to be read.
const inForce = (): CompiledPolicies => {
  compiled ??= bundledPolicies(import.meta.url);
  return compiled;
};
const deps = {
  contracts: contractStore(table),
  approvals: approvalStore(table),
  delegations: delegationStore(table),
  reviews: reviewStore(table),
  closings: epochClosings(table),
  log: auditStore(audit, { clock: systemClock, random: Math.random }),
  reservations: reservations(table),
  directory: deploymentDirectory({
    named: { ...approvals, ...signIn },
    client: new CognitoIdentityProviderClient(repeatableOptions()),
    userPoolId: env.userPoolId,
    issuer: env.tokenIssuer,
  }),
  policies: {
    decide: (question: PolicyQuestion) => {
      policies ??= cedarPolicies(inForce());
      return policies.decide(question);
    },
  },
  inForce,
  escalation: approvals.escalation,
  longestDelegation: approvals.longestDelegation,
  callers: callers({
    signed: stsCallers({ region: env.region, endpoint }),
    tokens: tokenVerifier(
      tokenReader(
        {
          issuer: env.tokenIssuer,
          audience: env.tokenAudience,
          jwksUri: keysAt(env.tokenKeysUri, endpoint),
          rolesClaim: env.tokenRolesClaim,
        },
        { clock: systemClock },
      ),
    ),
  }),
  clock: systemClock,
  random: Math.random,
};

export const handler = taskHandler({
  ...observers('decide'),
  // Looked at by `decide` itself: what is wrong with a command is an answer, not a fault.
  input: z.unknown(),
  run: (input) => decide(input, deps),
});
