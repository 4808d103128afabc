import { Aws, Duration } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';
import { allow } from './permissions';
import { dataRemoval } from './platform';

/** As `ROLES` of the domain, which infrastructure does not import; a test holds that they are the same. */
export const GROUPS = ['viewer', 'operator', 'approver', 'auditor', 'administrator', 'emergency'] as const;

export interface SignInProps {
  /** Settings as validated. */
  readonly settings: Settings;
}

/**
 * Whose access tokens are believed: another issuer's, where the settings name one, else those of a user pool of the
 * stack's own. Nobody signs themselves up; whoever is in a group has the role of its name.
 */
export class SignIn extends Construct {
  /** The stack's own pool; none where another issuer is named. */
  readonly pool: UserPool | undefined;
  /** OpenID issuer. */
  readonly issuer: string;
  /** What tokens must be made for. */
  readonly audience: string;
  /** Where the issuer publishes its keys. */
  readonly keysUri: string;
  /** The claim that holds the roles. */
  readonly rolesClaim: string;

  constructor(scope: Construct, id: string, { settings }: SignInProps) {
    super(scope, id);
    const { signIn } = settings;
    if (signIn.issuer !== undefined) {
      this.issuer = signIn.issuer;
      this.audience = signIn.audience ?? '';
      this.keysUri = signIn.keys ?? `${signIn.issuer.replace(/\/$/, '')}/.well-known/jwks.json`;
      this.rolesClaim = signIn.rolesClaim;
      return;
    }
    this.pool = new UserPool(this, 'People', {
      userPoolName: `${settings.deployment}-people`,
      selfSignUpEnabled: false,
      // The pool's own user name is then the `sub` of its tokens.
      signInAliases: { email: true },
      signInCaseSensitive: false,
      mfa: signIn.mfa === 'required' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 14,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(1),
      },
      deletionProtection: !settings.ephemeral,
      removalPolicy: dataRemoval(settings),
    });
    for (const group of GROUPS) {
      new CfnUserPoolGroup(this, group, {
        userPoolId: this.pool.userPoolId,
        groupName: group,
        description: `Grace: the role ${group}`,
      });
    }
    this.audience = this.client(this.pool, signIn.callbacks).userPoolClientId;
    this.issuer = `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}/${this.pool.userPoolId}`;
    this.keysUri = `${this.issuer}/.well-known/jwks.json`;
    this.rolesClaim = 'cognito:groups';
  }

  /** A public client: authorization code with PKCE, no secret, short tokens. */
  private client(pool: UserPool, callbacks: readonly string[]): UserPoolClient {
    return pool.addClient('Console', {
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.hours(8),
      authFlows: { userSrp: true },
      ...(callbacks.length === 0
        ? { disableOAuth: true }
        : {
            oAuth: {
              flows: { authorizationCodeGrant: true },
              scopes: [OAuthScope.OPENID],
              callbackUrls: [...callbacks],
              logoutUrls: [...callbacks],
            },
          }),
    });
  }

  /** Looks up people and their groups; changes nothing. */
  lookUp(): readonly PolicyStatement[] {
    if (this.pool === undefined) return [];
    const actions = ['AdminGetUser', 'AdminListGroupsForUser', 'ListUsersInGroup'];
    return [
      allow(
        actions.map((action) => `cognito-idp:${action}`),
        [this.pool.userPoolArn],
      ),
    ];
  }
}
