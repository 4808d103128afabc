import { createHash } from 'node:crypto';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Role } from '../../shared/domain/person';
import { assertEmulator, clientSettings } from './environment';

/** The user pool of a stack on an emulator. */
export interface EmulatorPool {
  readonly endpoint: string;
  readonly userPoolId: string;
  readonly clientId: string;
}

/** Somebody with roles, which are the pool's groups. */
export interface PoolPerson {
  readonly name: string;
  readonly roles: readonly Role[];
}

/**
 * Makes people in the pool, or leaves those that are there, and puts them into the groups of their roles.
 * @throws EmulatorError `not_an_emulator`
 */
export async function makePeople(pool: EmulatorPool, people: readonly PoolPerson[]): Promise<void> {
  await withClient(pool, async (client) => {
    for (const { name, roles } of people) {
      const Username = await userNamed(client, pool, name);
      for (const GroupName of roles) {
        // By the user's own name: emulators list nobody whom a group got by an alias.
        await client.send(
          new AdminAddUserToGroupCommand({ UserPoolId: pool.userPoolId, Username, GroupName }),
        );
      }
    }
  });
}

/**
 * An access token of somebody in the pool, who is asked for nothing: whoever may administer the pool may set
 * passwords, and on an emulator that is everybody. `undefined` = the pool knows nobody of that name.
 *
 * @throws EmulatorError `not_an_emulator`
 */
export async function accessTokenOf(pool: EmulatorPool, name: string): Promise<string | undefined> {
  const user = { UserPoolId: pool.userPoolId, Username: addressOf(name) };
  return withClient(pool, async (client) => {
    try {
      const password = passwordOf(pool, name);
      await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
      const { AuthenticationResult } = await client.send(
        new AdminInitiateAuthCommand({
          UserPoolId: pool.userPoolId,
          ClientId: pool.clientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: user.Username, PASSWORD: password },
        }),
      );
      if (AuthenticationResult?.AccessToken !== undefined) return AuthenticationResult.AccessToken;
    } catch (error) {
      if (isNamed(error, 'UserNotFoundException')) return undefined;
      throw error;
    }
    throw new Error(`the emulator's user pool signs ${name} in without an access token`);
  });
}

async function userNamed(
  client: CognitoIdentityProviderClient,
  { userPoolId, ...pool }: EmulatorPool,
  name: string,
): Promise<string | undefined> {
  const user = { UserPoolId: userPoolId, Username: addressOf(name) };
  try {
    const { User } = await client.send(
      new AdminCreateUserCommand({
        ...user,
        MessageAction: 'SUPPRESS',
        // Given, since emulators make one up that the pool's own rules refuse.
        TemporaryPassword: passwordOf({ userPoolId, ...pool }, name),
        UserAttributes: [
          { Name: 'email', Value: user.Username },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
    return User?.Username;
  } catch (error) {
    if (!isNamed(error, 'UsernameExistsException')) throw error;
    return (await client.send(new AdminGetUserCommand(user))).Username;
  }
}

/** People of the pool sign in by e-mail address. */
const addressOf = (name: string): string => (name.includes('@') ? name : `${name}@example.com`);

/** The same each time, so that two who sign in as one person at once do not lock each other out. Guards nothing. */
const passwordOf = ({ userPoolId }: Pick<EmulatorPool, 'userPoolId'>, name: string): string =>
  `Aa1!${createHash('sha256')
    .update(`${userPoolId} ${addressOf(name)}`)
    .digest('hex')
    .slice(0, 32)}`;

async function withClient<T>(
  { endpoint }: EmulatorPool,
  use: (client: CognitoIdentityProviderClient) => Promise<T>,
): Promise<T> {
  assertEmulator(endpoint);
  const client = new CognitoIdentityProviderClient(clientSettings(endpoint));
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
