import { Duration } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  AnyPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';
import { KEY_ADMINISTRATION } from './encryption-key';
import type { GraceFunction } from './grace-function';
import { allow, deny } from './permissions';
import { dataRemoval } from './platform';

export interface AuditSealProps {
  /** Settings as validated: names of the keys, and how long copies are locked. */
  readonly settings: Settings;
}

/** Ways to be rid of a sealed copy, or of the lock on it. */
const UNSEALING = [
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:BypassGovernanceRetention',
  's3:PutObjectRetention',
  's3:PutBucketObjectLockConfiguration',
  's3:PutLifecycleConfiguration',
  's3:PutBucketVersioning',
];

/**
 * Sealed copies of the audit log, which only the sealer may write and nobody may delete, and the keys that sign its
 * checkpoints, which only the sealer may use. Both bind every principal of the account, by the bucket's and the keys'
 * own policies; whoever may change those policies can get around them, but not around an Object Lock in compliance.
 */
export class AuditSeal extends Construct {
  /** The bucket. Locked by default for the time that the settings name, unless the deployment is a trial. */
  readonly bucket: Bucket;
  /** Oldest first. */
  readonly keys: readonly Key[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AuditSealProps,
  ) {
    super(scope, id);
    const { settings } = props;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      objectLockEnabled: true,
      ...(!settings.ephemeral && { objectLockDefaultRetention: retentionOf(settings) }),
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: dataRemoval(settings),
    });
    this.keys = settings.audit.signingKeys.map((name) => this.signingKey(name));
  }

  /** Closes bucket and keys for everyone but this function. */
  reserveFor(sealer: GraceFunction): void {
    const objects = this.bucket.arnForObjects('*');
    sealer.grant(
      allow(['s3:GetObject', 's3:PutObject'], [objects]),
      allow(['s3:ListBucket'], [this.bucket.bucketArn]),
    );
    const denials = [
      deny(['s3:PutObject'], [objects], { ArnNotEquals: { 'aws:PrincipalArn': sealer.role.roleArn } }),
      ...(this.props.settings.ephemeral ? [] : [deny(UNSEALING, [objects, this.bucket.bucketArn])]),
    ];
    for (const statement of denials) {
      statement.addPrincipals(new AnyPrincipal());
      this.bucket.addToResourcePolicy(statement);
    }
    for (const key of this.keys) {
      // In the key's own policy only: an IAM policy of somebody else cannot add to it.
      key.addToResourcePolicy(
        new PolicyStatement({
          effect: Effect.ALLOW,
          principals: [sealer.role],
          actions: ['kms:Sign'],
          resources: ['*'],
          conditions: {
            StringEquals: { 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' },
          },
        }),
      );
      key.addToResourcePolicy(
        new PolicyStatement({
          effect: Effect.ALLOW,
          principals: [sealer.role],
          actions: ['kms:GetPublicKey'],
          resources: ['*'],
        }),
      );
    }
  }

  /** Reads the copies, to compare them with the log. */
  letRead(reader: GraceFunction): void {
    reader.grant(
      allow(['s3:GetObject'], [this.bucket.arnForObjects('*')]),
      allow(['s3:ListBucket'], [this.bucket.bucketArn]),
    );
  }

  private signingKey(name: string): Key {
    const { settings } = this.props;
    return new Key(this, `SigningKey-${name}`, {
      description: `Grace (${settings.deployment}): signs checkpoints of the audit log (${name})`,
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: dataRemoval(settings),
      ...(settings.ephemeral && { pendingWindow: Duration.days(7) }),
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            effect: Effect.ALLOW,
            principals: [new AccountRootPrincipal()],
            // Anybody in the account may have the public half; auditors need it.
            actions: [...KEY_ADMINISTRATION, 'kms:GetPublicKey', 'kms:Verify'],
            resources: ['*'],
          }),
        ],
      }),
    });
  }
}

function retentionOf({ audit }: Settings): ObjectLockRetention {
  const time = Duration.days(audit.lockDays);
  return audit.lock === 'compliance'
    ? ObjectLockRetention.compliance(time)
    : ObjectLockRetention.governance(time);
}
