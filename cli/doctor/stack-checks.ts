import { ACTIONS, type ActionSpec } from '../../shared/domain/actions';
import { FUNCTIONS, type FunctionName } from '../../shared/names';
import { type Check, look, notChecked, warning, well, wrong } from './checks';
import type { StackProbe, StackResource } from './stack-probe';

/** Outputs that commands need. */
const OUTPUTS = [
  'StateTable',
  'TokensTable',
  'AuditTable',
  'EvidenceBucket',
  'BusName',
  'StateMachineArn',
  'FunctionPattern',
  'IntakeQueueUrl',
];
/** Functions that something must be mapped to. */
const MAPPED: readonly FunctionName[] = [
  'sentinel',
  'relay',
  'recorder',
  'mesh-publisher',
  'audit-sequencer',
];
const DEPLOY_AGAIN = 'deploy the stack again: `npm run up` (emulator), `npx cdk deploy` (AWS)';

export interface StackFindings {
  readonly checks: readonly Check[];
  /** There is no stack, or nobody who could be asked. */
  readonly nothing: boolean;
}

/** Connection, credentials, and every part of the stack that Grace cannot work without. */
export async function stackChecks(probe: StackProbe, where: string): Promise<StackFindings> {
  const caller = await look('credentials', async () => well('credentials', await probe.caller()));
  if (caller[0]?.status === 'wrong') {
    const fix =
      where === 'AWS'
        ? 'set credentials (AWS_PROFILE, or `aws sso login`) and AWS_REGION'
        : '`npm run up` starts one, or set AWS_ENDPOINT_URL';
    return {
      checks: [wrong('connection', `${where} does not answer: ${caller[0].detail}`, fix)],
      nothing: true,
    };
  }
  let stack: Awaited<ReturnType<StackProbe['stack']>>;
  const found = await look('stack', async () => {
    stack = await probe.stack();
    if (stack === undefined)
      return wrong('stack', 'there is none', `${DEPLOY_AGAIN}, or name it with --stack`);
    const { status } = stack;
    return /^(CREATE|UPDATE)_COMPLETE$/.test(status)
      ? well('stack', status)
      : wrong('stack', `it is ${status}`, 'wait for it, or look at its events');
  });
  const start = [...caller, ...found];
  if (stack === undefined) return { checks: start, nothing: found.every(({ status }) => status === 'wrong') };
  const { outputs } = stack;
  const output = (name: string): string => outputs.get(name) ?? '';
  const missing = OUTPUTS.filter((name) => !outputs.has(name));
  const resources: StackResource[] = [];
  const listed = await look('resources', async () => {
    resources.push(...(await probe.resources()));
    return well('resources', `${resources.length} in the stack`);
  });
  const checks = await Promise.all([
    missing.length === 0
      ? [well('outputs', `all ${OUTPUTS.length}`)]
      : [wrong('outputs', `${missing.join(', ')} missing`, DEPLOY_AGAIN)],
    look('functions', () => functionsCheck(probe, output('FunctionPattern'))),
    look('event sources', () => mappingsCheck(probe, output('FunctionPattern'))),
    look('state machine', async () => {
      const status = await probe.stateMachine(output('StateMachineArn'));
      return status === 'ACTIVE'
        ? well('state machine', status)
        : wrong('state machine', status, DEPLOY_AGAIN);
    }),
    look('tables', () => tablesCheck(probe, output)),
    look('queues', () => queuesCheck(probe, resources, output('IntakeQueueUrl'))),
    look('bus', () => busCheck(probe, output('BusName'))),
    look('evidence bucket', async () => {
      await probe.bucket(output('EvidenceBucket'));
      return well('evidence bucket', output('EvidenceBucket'));
    }),
    look('keys', () => keysCheck(probe, resources)),
    actionChecks(probe, output('FunctionPattern'), where),
  ]);
  return { checks: [...start, ...listed, ...checks.flat()], nothing: false };
}

const functionName = (pattern: string, role: string) => pattern.replace('<role>', role);

async function functionsCheck(probe: StackProbe, pattern: string): Promise<Check> {
  const bad: string[] = [];
  for (const role of Object.values(FUNCTIONS)) {
    try {
      const { state, reason } = await probe.functionState(functionName(pattern, role));
      // Lambda puts functions to sleep that are not used; the next call wakes them.
      if (state !== 'Active' && state !== 'Inactive') bad.push(`${role} is ${state} ${reason}`.trim());
    } catch (error) {
      if ((error as Error).name !== 'ResourceNotFoundException') throw error;
      bad.push(`${role} is not there`);
    }
  }
  const all = Object.keys(FUNCTIONS).length;
  return bad.length === 0
    ? well('functions', `all ${all} are there and active`)
    : wrong('functions', bad.join('; '), DEPLOY_AGAIN);
}

async function mappingsCheck(probe: StackProbe, pattern: string): Promise<Check> {
  const bad: string[] = [];
  for (const role of MAPPED) {
    const mappings = await probe.mappings(functionName(pattern, role));
    if (mappings.length === 0) bad.push(`nothing feeds ${role}`);
    for (const { state } of mappings) if (state !== 'Enabled') bad.push(`what feeds ${role} is ${state}`);
  }
  return bad.length === 0
    ? well('event sources', `${MAPPED.length} functions are fed`)
    : wrong(
        'event sources',
        bad.join('; '),
        'enable it (aws lambda update-event-source-mapping --enabled), or deploy again',
      );
}

async function tablesCheck(probe: StackProbe, output: (name: string) => string): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [name, key] of [
    ['state table', 'StateTable'],
    ['tokens table', 'TokensTable'],
    ['audit table', 'AuditTable'],
  ] as const) {
    const one = await look(name, async () => {
      const { status, stream } = await probe.table(output(key));
      if (status !== 'ACTIVE') return wrong(name, `it is ${status}`, 'wait until it is ACTIVE');
      if (key === 'StateTable' && !stream)
        return wrong(name, 'its stream is off: no events go out and nothing is audited', DEPLOY_AGAIN);
      return well(name, key === 'StateTable' ? 'active, with its stream' : 'active');
    });
    checks.push(...one);
  }
  return checks;
}

/** A message in a dead-letter queue is work that nobody does any more. */
async function queuesCheck(
  probe: StackProbe,
  resources: readonly StackResource[],
  intakeUrl: string,
): Promise<Check> {
  const queues = resources.filter(({ type }) => type === 'AWS::SQS::Queue');
  if (queues.length === 0) return wrong('queues', 'the stack has none', DEPLOY_AGAIN);
  const dead: string[] = [];
  for (const { logicalId, physicalId } of queues) {
    const depth = await probe.depth(physicalId);
    if (depth > 0 && /DeadLetters|Undelivered/.test(logicalId)) dead.push(`${logicalId} has ${depth}`);
  }
  if (dead.length > 0)
    return wrong(
      'queues',
      `dead letters: ${dead.join('; ')}`,
      'look at them and send them back: docs/operations.md',
    );
  const waiting = await probe.depth(intakeUrl);
  return well('queues', `${queues.length} queues, no dead letters, ${waiting} events waiting`);
}

async function busCheck(probe: StackProbe, name: string): Promise<Check> {
  const { rules, disabled } = await probe.bus(name);
  if (rules === 0) return wrong('bus', `${name} has no rules: nothing comes in`, DEPLOY_AGAIN);
  if (disabled.length > 0)
    return wrong('bus', `disabled rules: ${disabled.join(', ')}`, 'enable them: aws events enable-rule');
  return well('bus', `${name}, ${rules} rules`);
}

async function keysCheck(probe: StackProbe, resources: readonly StackResource[]): Promise<Check> {
  const keys = resources.filter(({ type }) => type === 'AWS::KMS::Key');
  if (keys.length === 0) return warning('keys', 'the stack has none of its own', DEPLOY_AGAIN);
  const bad: string[] = [];
  for (const { logicalId, physicalId } of keys) {
    const state = await probe.key(physicalId);
    if (state !== 'Enabled') bad.push(`${logicalId} is ${state}`);
  }
  return bad.length === 0
    ? well('keys', `${keys.length} enabled`)
    : wrong('keys', bad.join('; '), 'enable it, or cancel its deletion: without it nothing can be read');
}

/** Whether each action can be taken: IAM simulates it for the role of the action's function, on a tagged target. */
async function actionCheck(probe: StackProbe, pattern: string, action: ActionSpec): Promise<Check> {
  const name = `action ${action.name}`;
  const { usable, missing, detail } = await probe.capability(
    action.name,
    functionName(pattern, action.executor),
  );
  if (usable === 'yes') return well(name, detail);
  const fix =
    missing.length === 0
      ? DEPLOY_AGAIN
      : `give the role of ${action.executor} ${missing.join(', ')}: deploy again, or look at its boundary`;
  return usable === 'no'
    ? wrong(name, detail, fix)
    : notChecked(name, detail, 'ask as somebody who may call iam:SimulatePrincipalPolicy');
}

async function actionChecks(probe: StackProbe, pattern: string, where: string): Promise<readonly Check[]> {
  const actions = Object.values(ACTIONS);
  if (where !== 'AWS') {
    const fix = 'what each role allows is held by tests of the template';
    return actions.map(({ name }) => notChecked(`action ${name}`, 'an emulator has no IAM', fix));
  }
  const checks = await Promise.all(
    actions.map((action) => look(`action ${action.name}`, () => actionCheck(probe, pattern, action))),
  );
  return checks.flat();
}
