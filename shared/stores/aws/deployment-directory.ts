import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { Directory } from '../../ports/people';
import { joinedDirectories, type NamedPeople, settingsDirectory } from '../settings-directory';
import { cognitoDirectory } from './cognito-directory';

/** `userPoolId` where the stack has no pool of its own. */
export const NO_USER_POOL = 'none';

/**
 * Everybody whom a deployment knows: whom its settings name, and the groups of its user pool. Of another issuer than
 * the stack's own only those are known whom the settings name.
 */
export function deploymentDirectory(from: {
  readonly named: NamedPeople;
  readonly client: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  readonly issuer: string;
}): Directory {
  const { client, userPoolId, issuer } = from;
  const named = settingsDirectory(from.named);
  return userPoolId === NO_USER_POOL
    ? named
    : joinedDirectories([named, cognitoDirectory({ client, userPoolId, issuer })]);
}
