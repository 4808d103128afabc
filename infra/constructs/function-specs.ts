import type { ENV, FunctionName } from '../../shared/names';

type Variable = keyof typeof ENV;

/** What a function is given beside its permissions. */
export interface FunctionSpec {
  /** Default: 30 s, which is less than the state machine waits for it. */
  readonly timeoutSeconds?: number;
  /** Memory in MB, and with it the share of a processor. Default 512. */
  readonly memoryMb?: number;
  /** Environment variables that the function reads, beside the log level. */
  readonly reads: readonly Variable[];
}

const EXECUTOR: FunctionSpec = { reads: ['stateTable', 'settings', 'executors'] };

/**
 * One line a function. A test holds that `reads` is what the function's `index.ts` reads: a variable too
 * many is a name or an ARN that it has no business with, one too few is a function that does not load.
 */
export const FUNCTION_SPECS: Readonly<Record<FunctionName, FunctionSpec>> = {
  sentinel: { memoryMb: 1024, reads: ['stateTable', 'stateMachineArn', 'settings', 'account', 'region'] },
  // Evaluates Cedar, whose WebAssembly is compiled while it runs: a share of a processor that small would feel it.
  admit: { memoryMb: 1024, reads: ['stateTable', 'settings', 'executors'] },
  replanner: { memoryMb: 1024, reads: ['stateTable', 'settings', 'userPoolId', 'tokenIssuer'] },
  'open-approval': {
    memoryMb: 1024,
    reads: ['stateTable', 'tokensTable', 'tokenKeyId', 'settings', 'userPoolId', 'tokenIssuer'],
  },
  decide: {
    reads: [
      'stateTable',
      'auditTable',
      'region',
      'settings',
      'userPoolId',
      'tokenIssuer',
      'tokenAudience',
      'tokenKeysUri',
      'tokenRolesClaim',
    ],
  },
  relay: { reads: ['stateTable', 'tokensTable', 'tokenKeyId', 'stateMachineArn'] },
  snapshot: { reads: ['stateTable', 'evidenceBucket', 'executors'] },
  'executor-autoscaling': EXECUTOR,
  'executor-ec2': EXECUTOR,
  'executor-rds': EXECUTOR,
  benchmark: { reads: ['stateTable'] },
  verify: { reads: ['stateTable'] },
  rollback: { reads: ['stateTable', 'executors'] },
  close: { reads: ['stateTable'] },
  'mesh-publisher': { reads: ['busName'] },
  'audit-sequencer': { reads: ['auditTable', 'stateTable', 'busName', 'logName'] },
  'audit-sealer': {
    timeoutSeconds: 120,
    memoryMb: 1024,
    reads: ['auditTable', 'stateTable', 'sealBucket', 'sealKeys', 'logName', 'witnesses'],
  },
  'audit-check': {
    timeoutSeconds: 300,
    memoryMb: 1024,
    reads: ['auditTable', 'stateTable', 'sealBucket', 'auditSequencer', 'auditSealer'],
  },
  recorder: { reads: ['stateTable'] },
  reaper: { reads: ['stateTable', 'stateMachineArn', 'relayQueueUrl'] },
  api: {
    memoryMb: 1024,
    reads: [
      'stateTable',
      'auditTable',
      'busName',
      'evidenceBucket',
      'sealBucket',
      'decideFunction',
      'executors',
      'userPoolId',
      'tokenIssuer',
      'settings',
      'account',
      'region',
    ],
  },
  authorizer: {
    timeoutSeconds: 15,
    reads: ['tokenIssuer', 'tokenAudience', 'tokenKeysUri', 'tokenRolesClaim'],
  },
  bootstrap: {
    reads: ['stateTable', 'evidenceBucket', 'stateMachineArn', 'settings', 'account', 'region'],
  },
  // Longer than a stream lives; it waits nearly all of that time.
  'notices-stream': { timeoutSeconds: 330, memoryMb: 256, reads: ['stateTable', 'auditTable', 'settings'] },
  // All webhooks of one event at once, each with 13 s at most, and the time to keep what came of it.
  'webhook-sender': {
    timeoutSeconds: 60,
    reads: ['stateTable', 'settings', 'webhookQueueUrl', 'webhookDeadLettersUrl'],
  },
};

/** Seconds that a function may run when its line says nothing else. */
export const DEFAULT_TIMEOUT_SECONDS = 30;
/** Seconds that one request of the SDK may take: `REQUEST_TIMEOUT` of the clients' options. */
export const SDK_CALL_SECONDS = 10;
