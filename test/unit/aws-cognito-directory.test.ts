import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { mockClient } from 'aws-sdk-client-mock';
import { cognitoDirectory } from '../../shared/stores/aws/cognito-directory';
import { NOWHERE, serviceError } from '../support/aws-answers';

const ISSUER = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool';
const ANA = `${ISSUER}#ana`;
const client = new CognitoIdentityProviderClient(NOWHERE);
const pool = mockClient(client);
const directory = cognitoDirectory({ client, userPoolId: 'eu-west-1_pool', issuer: ISSUER });

beforeEach(() => pool.reset());

function poolHas(groups: readonly string[], enabled: boolean | undefined = true): void {
  pool
    .on(AdminGetUserCommand)
    .resolves({ Username: 'ana', ...(enabled === undefined ? {} : { Enabled: enabled }) });
  pool.on(AdminListGroupsForUserCommand).resolves({ Groups: groups.map((GroupName) => ({ GroupName })) });
}

describe('a person of the pool', () => {
  test('has the roles whose groups they are in, and no others', async () => {
    poolHas(['approver', 'administrators', 'Approver', 'viewer', 'eu-west-1_pool_Google']);
    expect(await directory.person(ANA)).toEqual({ subject: ANA, roles: ['viewer', 'approver'] });
    const user = { UserPoolId: 'eu-west-1_pool', Username: 'ana' };
    expect(pool.commandCalls(AdminGetUserCommand)[0]?.args[0].input).toEqual(user);
    expect(pool.commandCalls(AdminListGroupsForUserCommand)[0]?.args[0].input).toMatchObject(user);
  });

  test('in no group has no role, and is somebody', async () => {
    pool.on(AdminGetUserCommand).resolves({ Username: 'ana', Enabled: true });
    pool.on(AdminListGroupsForUserCommand).resolves({});
    expect(await directory.person(ANA)).toEqual({ subject: ANA, roles: [] });
  });

  test('who is disabled is nobody, whatever groups they are in', async () => {
    poolHas(['administrator'], false);
    expect(await directory.person(ANA)).toBeUndefined();
  });

  test('who is gone is nobody', async () => {
    const gone = serviceError('UserNotFoundException', 400);
    pool.on(AdminGetUserCommand).rejects(gone);
    pool.on(AdminListGroupsForUserCommand).rejects(gone);
    expect(await directory.person(ANA)).toBeUndefined();
  });

  test.each(['TooManyRequestsException', 'NotAuthorizedException', 'ResourceNotFoundException'])(
    'is not nobody because the pool does not answer: %s is thrown',
    async (name) => {
      poolHas(['approver']);
      pool.on(AdminListGroupsForUserCommand).rejects(serviceError(name, 400));
      await expect(directory.person(ANA)).rejects.toMatchObject({ name });
    },
  );

  test.each([
    'arn:aws:iam::123456789012:role/Oncall',
    'https://issuer.example#ana',
    `${ISSUER}`,
    `${ISSUER}X#ana`,
    'ana',
  ])('of another issuer is nobody here, and is not asked for: %s', async (subject) => {
    expect(await directory.person(subject)).toBeUndefined();
    expect(pool.calls()).toHaveLength(0);
  });
});

describe('the people of a role', () => {
  const user = (sub: string, more: object = {}) => ({
    Username: sub,
    Enabled: true,
    Attributes: [
      { Name: 'email', Value: `${sub}@example.com` },
      { Name: 'sub', Value: sub },
    ],
    ...more,
  });

  test('are read page by page, without who is disabled or has no subject', async () => {
    pool
      .on(ListUsersInGroupCommand)
      .resolvesOnce({ Users: [user('ana'), user('eve', { Enabled: false })], NextToken: 'more' })
      .resolvesOnce({ Users: [user('ben'), user('bot', { Attributes: [] })] });
    expect(await directory.withRole('approver')).toEqual(
      ['ana', 'ben'].map((sub) => ({ subject: `${ISSUER}#${sub}`, roles: ['approver'] })),
    );
    expect(pool.commandCalls(ListUsersInGroupCommand).map(({ args }) => args[0].input)).toEqual([
      { UserPoolId: 'eu-west-1_pool', GroupName: 'approver', Limit: 60 },
      { UserPoolId: 'eu-west-1_pool', GroupName: 'approver', Limit: 60, NextToken: 'more' },
    ]);
  });

  test('are not read without end', async () => {
    pool.on(ListUsersInGroupCommand).resolves({ Users: [user('ana')], NextToken: 'for ever' });
    expect(await directory.withRole('viewer')).toHaveLength(5);
    expect(pool.commandCalls(ListUsersInGroupCommand)).toHaveLength(5);
  });

  test('are none where there is no such group; a fault is a fault', async () => {
    pool.on(ListUsersInGroupCommand).rejects(serviceError('ResourceNotFoundException', 400));
    expect(await directory.withRole('emergency')).toEqual([]);
    pool.on(ListUsersInGroupCommand).rejects(serviceError('TooManyRequestsException', 400));
    await expect(directory.withRole('emergency')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });
});
