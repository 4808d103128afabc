import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';
import { allow } from './permissions';
import { dataRemoval } from './platform';

export interface EvidenceProps {
  /** Settings as validated. */
  readonly settings: Settings;
}

/** Documents kept as evidence: snapshot manifests and golden snapshots. Encrypted, versioned, TLS only. */
export class Evidence extends Construct {
  /** The bucket. */
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { settings }: EvidenceProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: dataRemoval(settings),
    });
  }

  /** Reads documents whose names begin so. */
  read(prefix: string): readonly PolicyStatement[] {
    return [
      allow(['s3:GetObject'], [this.bucket.arnForObjects(`${prefix}*`)]),
      allow(['s3:ListBucket'], [this.bucket.bucketArn], { StringLike: { 's3:prefix': `${prefix}*` } }),
    ];
  }

  /**
   * Reads and writes documents whose names begin so. ListBucket is what makes S3 say "not there" instead of
   * "denied".
   */
  keep(prefix: string): readonly PolicyStatement[] {
    return [
      allow(['s3:GetObject', 's3:PutObject'], [this.bucket.arnForObjects(`${prefix}*`)]),
      allow(['s3:ListBucket'], [this.bucket.bucketArn], { StringLike: { 's3:prefix': `${prefix}*` } }),
    ];
  }
}
