/** Names that code and infrastructure must agree on. `infra` sets them, `index.ts` files read them. */

/** Environment variables of the functions. */
export const ENV = {
  stateTable: 'STATE_TABLE',
  tokensTable: 'TOKENS_TABLE',
  auditTable: 'AUDIT_TABLE',
  busName: 'BUS_NAME',
  evidenceBucket: 'EVIDENCE_BUCKET',
  tokenKeyId: 'TOKEN_KEY_ID',
  stateMachineArn: 'STATE_MACHINE_ARN',
  /** JSON: settings as validated at synth (see `shared/contracts/settings.ts`). */
  settings: 'GRACE_SETTINGS',
  /** JSON: action name to the ARN of the executor function that performs it. */
  executors: 'GRACE_EXECUTORS',
  account: 'GRACE_ACCOUNT',
  region: 'GRACE_REGION',
  relayQueueUrl: 'RELAY_QUEUE_URL',
  webhookQueueUrl: 'WEBHOOK_QUEUE_URL',
  webhookDeadLettersUrl: 'WEBHOOK_DEAD_LETTERS_URL',
  sealBucket: 'SEAL_BUCKET',
  /** JSON: ids of the keys that sign checkpoints, oldest first. */
  sealKeys: 'SEAL_KEYS',
  logName: 'LOG_NAME',
  /** JSON: verifier keys. */
  witnesses: 'LOG_WITNESSES',
  auditSequencer: 'AUDIT_SEQUENCER_ARN',
  auditSealer: 'AUDIT_SEALER_ARN',
  /** OpenID issuer of access tokens, what they are made for, where its keys are, and the claim of the roles. */
  tokenIssuer: 'TOKEN_ISSUER',
  tokenAudience: 'TOKEN_AUDIENCE',
  tokenKeysUri: 'TOKEN_KEYS_URI',
  tokenRolesClaim: 'TOKEN_ROLES_CLAIM',
  /** The stack's own user pool; `none` where another issuer is named. */
  userPoolId: 'USER_POOL_ID',
  decideFunction: 'DECIDE_FUNCTION',
  logLevel: 'POWERTOOLS_LOG_LEVEL',
} as const;

/** Functions by role: folder name, construct id, and key of the simulator's registry. */
export const FUNCTIONS = {
  sentinel: 'sentinel',
  admit: 'admit',
  openApproval: 'open-approval',
  decide: 'decide',
  replanner: 'replanner',
  relay: 'relay',
  snapshot: 'snapshot',
  executorAutoscaling: 'executor-autoscaling',
  executorEc2: 'executor-ec2',
  executorRds: 'executor-rds',
  benchmark: 'benchmark',
  verify: 'verify',
  rollback: 'rollback',
  close: 'close',
  meshPublisher: 'mesh-publisher',
  auditSequencer: 'audit-sequencer',
  auditSealer: 'audit-sealer',
  auditCheck: 'audit-check',
  recorder: 'recorder',
  reaper: 'reaper',
  bootstrap: 'bootstrap',
  noticesStream: 'notices-stream',
  webhookSender: 'webhook-sender',
  api: 'api',
  authorizer: 'authorizer',
} as const;
export type FunctionName = (typeof FUNCTIONS)[keyof typeof FUNCTIONS];

/** Placeholders of `verified-action.asl.json`, replaced at synth by function ARNs. */
export const ASL_SUBSTITUTIONS: Readonly<Record<string, FunctionName>> = {
  AdmitFunctionArn: FUNCTIONS.admit,
  OpenApprovalFunctionArn: FUNCTIONS.openApproval,
  SnapshotFunctionArn: FUNCTIONS.snapshot,
  BenchmarkFunctionArn: FUNCTIONS.benchmark,
  VerifyFunctionArn: FUNCTIONS.verify,
  RollbackFunctionArn: FUNCTIONS.rollback,
  CloseFunctionArn: FUNCTIONS.close,
};

/** The source that Grace's own events carry on the mesh; intake rules exclude it. */
export const MESH_SOURCE = 'grace';
/** The source of errors captured in users' functions (`captureErrors`); intake rules let it in. */
export const CAPTURED_SOURCE = 'grace.captured';

/** The tag without which Grace changes nothing, and the one that marks what a scenario made. */
export const MANAGED_TAG = { key: 'grace:managed', value: 'true' } as const;
export const SCENARIO_TAG = { key: 'grace:scenario', value: 'true' } as const;

/** Indexes of the state table: sparse, sharded, keys only. */
export const INDEXES = {
  /** `openPk` (shard) / `openSk`: contracts that have not ended; the reaper's worklist. */
  open: { name: 'open', pk: 'openPk', sk: 'openSk' },
  /** `listPk` (kind and shard) / `listSk`: things a person lists, newest first. */
  list: { name: 'list', pk: 'listPk', sk: 'listSk' },
} as const;

/** Time of expiry in seconds since 1970, on windows and tokens: housekeeping only, no condition reads it. */
export const TTL_ATTRIBUTE = 'ttl';

export const METRIC_NAMESPACE = 'Grace';

/** The state of `verified-action.asl.json` in which an execution waits for people. */
export const AWAIT_APPROVAL_STATE = 'Await Approval';

/** The API's documents, beside the function that serves them. */
export const API_DOCUMENTS_ASSET = 'documents.json';

/** The compiled playbooks, beside the bootstrap function. */
export const PLAYBOOKS_ASSET = 'playbooks.json';

/** Decisions that a waiting execution must be told. */
export const DECISION_EVENTS: readonly string[] = [
  'approval.granted',
  'approval.rejected',
  'approval.expired',
  'approval.cancelled',
];
/** The compiled policies, beside every function that decides by them or names their version. */
export const POLICIES_ASSET = 'policies.json';
