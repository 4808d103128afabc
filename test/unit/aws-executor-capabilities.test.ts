import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { executorCapabilities } from '../../shared/stores/aws/executor-capabilities';
import { fakeService, NOWHERE, serviceError } from '../support/aws-answers';

const clients = { lambda: new LambdaClient(NOWHERE), iam: new IAMClient(NOWHERE) };
const lambda = mockClient(clients.lambda);
const iam = mockClient(clients.iam);
const ROLE = 'arn:aws:iam::123456789012:role/grace-ec2';
const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:grace-executor-ec2';

beforeEach(() => {
  lambda.reset();
  iam.reset();
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active', Role: ROLE });
});

const of = (action = 'aws.restart_ec2', arn = FUNCTION) =>
  executorCapabilities({ ...clients, executors: { [action]: arn } }).of(action);

/** IAM allows what is not named here. */
const iamSays = (decisions: Readonly<Record<string, object>> = {}) =>
  iam.on(SimulatePrincipalPolicyCommand).callsFake(({ ActionNames: [action] }) => ({
    EvaluationResults: [{ EvalActionName: action, EvalDecision: 'allowed', ...decisions[action] }],
  }));
const asked = () => iam.commandCalls(SimulatePrincipalPolicyCommand).map(({ args }) => args[0].input);

describe('an action', () => {
  test('is usable when its function is there and IAM lets its role do all that it takes', async () => {
    iamSays();
    expect(await of()).toMatchObject({ usable: 'yes', missing: [] });
  });

  test('has its permissions asked for one by one, on a tagged target of the same account and region', async () => {
    iamSays();
    await of();
    const describing = { PolicySourceArn: ROLE, ResourceArns: ['*'] };
    expect(asked()).toEqual([
      { ...describing, ActionNames: ['ec2:DescribeInstances'] },
      { ...describing, ActionNames: ['ec2:DescribeInstanceStatus'] },
      {
        PolicySourceArn: ROLE,
        ActionNames: ['ec2:RebootInstances'],
        ResourceArns: ['arn:aws:ec2:eu-west-1:123456789012:instance/i-00000000000000000'],
        ContextEntries: ['ec2', 'aws'].map((service) => ({
          ContextKeyName: `${service}:ResourceTag/grace:managed`,
          ContextKeyValues: ['true'],
          ContextKeyType: 'string',
        })),
      },
    ]);
  });

  test('is asked for in the partition where its function is', async () => {
    iamSays();
    await of('aws.rds_reboot', 'arn:aws-cn:lambda:cn-north-1:123456789012:function:grace-executor-rds');
    expect(asked().map(({ ResourceArns }) => ResourceArns?.[0])).toEqual([
      'arn:aws-cn:rds:cn-north-1:123456789012:db:any-database',
      '*',
      'arn:aws-cn:rds:cn-north-1:123456789012:db:any-database',
    ]);
  });

  test.each(['implicitDeny', 'explicitDeny'])(
    'whose role lacks something is not: %s',
    async (EvalDecision) => {
      iamSays({ 'ec2:RebootInstances': { EvalDecision } });
      expect(await of()).toEqual({
        usable: 'no',
        missing: ['ec2:RebootInstances'],
        detail: 'its role lacks ec2:RebootInstances',
      });
    },
  );

  test('that only the organization refuses is unknown, since IAM leaves its conditions out', async () => {
    const above = {
      EvalDecision: 'implicitDeny',
      OrganizationsDecisionDetail: { AllowedByOrganizations: false },
    };
    iamSays({ 'ec2:RebootInstances': above });
    expect(await of()).toMatchObject({
      usable: 'unknown',
      missing: [],
      detail: expect.stringContaining('organization'),
    });
    iamSays({ 'ec2:RebootInstances': above, 'ec2:DescribeInstances': { EvalDecision: 'implicitDeny' } });
    expect(await of()).toMatchObject({ usable: 'no', missing: ['ec2:DescribeInstances'] });
  });

  test.each(['AccessDenied', 'Throttling', 'NoSuchEntity'])(
    'whose role cannot be examined is unknown, with the reason and nothing else: %s',
    async (name) => {
      iam.on(SimulatePrincipalPolicyCommand).rejects(serviceError(name, 403));
      expect(await of()).toEqual({
        usable: 'unknown',
        missing: [],
        detail: `its function is there; what its role may do cannot be asked: ${name}`,
      });
    },
  );

  test.each([[{}], [{ EvaluationResults: [] }], [{ EvaluationResults: [{ EvalActionName: 'x:Y' }] }]])(
    'that IAM says nothing about is unknown: %j',
    async (answer) => {
      iam.on(SimulatePrincipalPolicyCommand).resolves(answer as object);
      expect(await of()).toMatchObject({
        usable: 'unknown',
        detail: expect.stringContaining('IAM does not say'),
      });
    },
  );
});

describe('the function', () => {
  test.each([
    ['that is not there', () => lambda.rejects(serviceError('ResourceNotFoundException', 404)), 'no'],
    ['that failed', () => lambda.resolves({ State: 'Failed', Role: ROLE }), 'no'],
    ['that cannot be asked for', () => lambda.rejects(serviceError('AccessDeniedException', 403)), 'unknown'],
    ['whose role is not told', () => lambda.resolves({ State: 'Active' }), 'unknown'],
  ])('%s makes its action neither usable nor asked about', async (_what, given, usable) => {
    lambda.reset();
    given();
    expect(await of()).toMatchObject({ usable, missing: [] });
    expect(asked()).toEqual([]);
  });

  test.each(['aws.restart_ec2', 'constructor', '__proto__'])(
    'that performs none is none: %s',
    async (action) => {
      const capabilities = executorCapabilities({ ...clients, executors: {} });
      expect(await capabilities.of(action)).toMatchObject({
        usable: 'no',
        detail: 'no function performs it here',
      });
      expect(lambda.calls()).toEqual([]);
    },
  );

  test('that sleeps is woken when it is called: its role counts', async () => {
    lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Inactive', Role: ROLE });
    iamSays();
    expect(await of()).toMatchObject({ usable: 'yes' });
  });
});

test('IAM is asked, and understood, in its own protocol', async () => {
  const decisions = (action: string | null) =>
    action === 'ec2:RebootInstances' ? 'explicitDeny' : 'allowed';
  const service = await fakeService((response, body) => {
    const action = new URLSearchParams(body).get('ActionNames.member.1');
    response.end(`<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
      <SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults><member>
      <EvalActionName>${action}</EvalActionName><EvalDecision>${decisions(action)}</EvalDecision>
      <EvalResourceName>*</EvalResourceName></member></EvaluationResults></SimulatePrincipalPolicyResult>
      </SimulatePrincipalPolicyResponse>`);
  });
  const found = await executorCapabilities({
    ...clients,
    iam: new IAMClient({ ...NOWHERE, endpoint: service.endpoint }),
    executors: { 'aws.restart_ec2': FUNCTION },
  }).of('aws.restart_ec2');
  await service.close();
  expect(found).toMatchObject({ usable: 'no', missing: ['ec2:RebootInstances'] });
  const reboot = service.requests
    .map(({ body }) => new URLSearchParams(body))
    .find((form) => form.get('ActionNames.member.1') === 'ec2:RebootInstances');
  expect(reboot?.get('PolicySourceArn')).toBe(ROLE);
  expect(reboot?.get('ContextEntries.member.1.ContextKeyValues.member.1')).toBe('true');
});
