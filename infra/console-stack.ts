import { Aws, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnUserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { type ConsoleConfig, consoleHeaders } from '../shared/contracts/console';
import type { Settings } from '../shared/contracts/settings';
import type { SignIn } from './constructs/sign-in';

export interface ConsoleStackProps extends StackProps {
  /** Settings as validated. */
  readonly settings: Settings;
  /** The built console (`npm run web`). */
  readonly folder: string;
  /** What answers `/api`. */
  readonly api: RestApi;
  /** Where people sign in. */
  readonly signIn: SignIn;
}

/**
 * The web console on AWS: its files in a private bucket, CloudFront before them and before the API, so that both have
 * one origin and nothing needs CORS. Not on emulators, which have no CloudFront: `npm run up` serves it there.
 */
export class ConsoleStack extends Stack {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { settings, folder, api, signIn, ...props }: ConsoleStackProps) {
    super(scope, id, {
      stackName: `${settings.deployment}-console`,
      description: 'Grace: web console',
      ...props,
    });
    const bucket = this.bucket(settings);
    const signInOrigins = this.signInOrigins(settings.deployment, signIn);
    const headers = this.headers(settings.deployment, signInOrigins);
    const files: BehaviorOptions = {
      origin: S3BucketOrigin.withOriginAccessControl(bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: headers,
      // The page and its configuration are asked for each time: a release is there at once.
      cachePolicy: CachePolicy.CACHING_DISABLED,
      compress: true,
    };
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Grace ${settings.deployment}: web console`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: files,
      additionalBehaviors: {
        // Their names hold a hash of their content.
        '/assets/*': { ...files, cachePolicy: CachePolicy.CACHING_OPTIMIZED },
        '/api/*': {
          origin: new HttpOrigin(`${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`, {
            originPath: `/${api.deploymentStage.stageName}`,
            // The stream says something every 15 seconds.
            readTimeout: Duration.seconds(60),
          }),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          // Compressing would hold back the stream.
          compress: false,
        },
      },
    });
    const config: ConsoleConfig = {
      issuer: signIn.issuer,
      clientId: signIn.audience,
      scopes: ['openid'],
      signInOrigins: [...signInOrigins],
      deployment: settings.deployment,
      place: 'aws',
    };
    new BucketDeployment(this, 'Files', {
      destinationBucket: bucket,
      sources: [Source.asset(folder), Source.jsonData('config.json', config)],
    });
    new CfnOutput(this, 'ConsoleUrl', { value: `https://${this.distribution.distributionDomainName}/` });
  }

  /**
   * Origins that the page has to reach to sign people in. The stack's own pool answers for its name on one and for its
   * pages and tokens on another; of another issuer its own is known.
   */
  private signInOrigins(deployment: string, { issuer, pool }: SignIn): readonly string[] {
    if (pool === undefined) return [new URL(issuer).origin];
    const prefix = `${deployment}-${Aws.ACCOUNT_ID}`;
    new CfnUserPoolDomain(this, 'SignInPages', { userPoolId: pool.userPoolId, domain: prefix });
    return [
      `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}`,
      `https://${prefix}.auth.${Aws.REGION}.amazoncognito.com`,
    ];
  }

  private bucket({ deployment, ephemeral }: Settings): IBucket {
    const bucket: unknown = new Bucket(this, 'Bucket', {
      bucketName: `${deployment}-console-${Aws.ACCOUNT_ID}-${Aws.REGION}`,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // What is in it is built anew by each deployment.
      removalPolicy: ephemeral ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    // CDK's own classes do not satisfy their interfaces under exactOptionalPropertyTypes.
    return bucket as IBucket;
  }

  /** The headers that the local server sends, and HTTPS for two years, which a loopback address cannot promise. */
  private headers(deployment: string, connect: readonly string[]): ResponseHeadersPolicy {
    const {
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': _nosniff,
      'x-frame-options': _frames,
      'referrer-policy': _referrer,
      ...custom
    } = consoleHeaders(connect);
    return new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: `${deployment}-console-${Aws.REGION}`,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy as string, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(730),
          includeSubdomains: true,
          override: true,
        },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries(custom).map(([header, value]) => ({ header, value, override: true })),
      },
    });
  }
}
