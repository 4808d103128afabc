import { Duration } from 'aws-cdk-lib';
import { AccountRootPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';
import { dataRemoval } from './platform';

/** All that it takes to look after a key, and nothing that uses it. Listed, since a wildcard would use it too. */
export const KEY_ADMINISTRATION = [
  'CancelKeyDeletion',
  'CreateAlias',
  'CreateGrant',
  'DeleteAlias',
  'DescribeKey',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListAliases',
  'ListGrants',
  'ListKeyPolicies',
  'ListKeyRotations',
  'ListResourceTags',
  'PutKeyPolicy',
  'RetireGrant',
  'RevokeGrant',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateKeyDescription',
].map((action) => `kms:${action}`);

export interface EncryptionKeyProps {
  /** Settings as validated: decide whether the key outlives the stack. */
  readonly settings: Settings;
  /** What the key is for. */
  readonly description: string;
  /** Actions that the account may give away by IAM policies. Default: none, only the key's own policy counts. */
  readonly delegated?: readonly string[];
}

/** A customer-managed key, rotated yearly, whose policy names every action: no wildcard, no default. */
export class EncryptionKey extends Construct {
  /** The key. */
  readonly key: Key;

  constructor(scope: Construct, id: string, { settings, description, delegated = [] }: EncryptionKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description,
      enableKeyRotation: true,
      removalPolicy: dataRemoval(settings),
      ...(settings.ephemeral && { pendingWindow: Duration.days(7) }),
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            effect: Effect.ALLOW,
            principals: [new AccountRootPrincipal()],
            actions: [...KEY_ADMINISTRATION, ...delegated],
            resources: ['*'],
          }),
        ],
      }),
    });
  }
}
