import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  CfnAccount,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type Resource,
  ResponseTransferMode,
  ResponseType,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { API_SOURCE } from '../../shared/contracts/api/events';
import { FUNCTIONS } from '../../shared/names';
import type { Evidence } from './evidence';
import { GraceFunction } from './grace-function';
import { allow, leadingKeys, readIndex, readTable } from './permissions';
import { dataRemoval, logRetention, type Platform } from './platform';
import type { SignIn } from './sign-in';

/** What the API may change itself: the kill switch, quarantine, findings that are closed, its own idempotency keys. */
const WRITES = ['CONTROL', 'QUARANTINE#', 'FINDING#', 'IDEMPOTENCY#'];
/** Of the whole stage; each caller has their own limits below it, in the function. */
const STAGE_RATE = 200;
const STAGE_BURST = 400;
/** API Gateway keeps the authorizer's answer so long; membership is looked up at each write all the same. */
const AUTHORIZER_TTL = Duration.seconds(60);

/** The one stage of the API. */
export const API_STAGE = 'live';
/** What the API of a deployment is called, in its metrics too. */
export const apiName = (deployment: string): string => `${deployment}-api`;

export interface ApiProps {
  /** What the functions are built from. */
  readonly platform: Platform;
  /** The state table. */
  readonly stateTable: Table;
  /** The audit log. */
  readonly auditTable: Table;
  /** Where snapshot manifests are read. */
  readonly evidence: Evidence;
  /** Where errors are reported. */
  readonly bus: EventBus;
  /** Who is believed. */
  readonly signIn: SignIn;
  /** The deciding function, which verifies who decides itself. */
  readonly decide: GraceFunction;
  /** The functions that perform actions, of which the API asks whether they are there. */
  readonly executors: readonly GraceFunction[];
}

/**
 * The REST API. Everything below `/api` goes to one function, past the authorizer; machines sign with SigV4 and call
 * the same paths below `/machine`. The function matches routes, validates and answers CORS.
 */
export class Api extends Construct {
  /** The API. */
  readonly rest: RestApi;
  /** Answers every route. */
  readonly handler: GraceFunction;
  /** Tells who calls. */
  readonly authorizer: GraceFunction;
  /** `/api`, below which other functions may answer too. */
  readonly root: Resource;
  /** For methods that other constructs add. */
  readonly tokens: TokenAuthorizer;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { platform, signIn } = props;
    this.authorizer = new GraceFunction(this, FUNCTIONS.authorizer, { platform, statements: [] });
    this.handler = this.function(props);
    this.rest = this.restApi(platform);
    this.tokens = new TokenAuthorizer(this, 'Tokens', {
      handler: this.authorizer.lambda,
      resultsCacheTtl: AUTHORIZER_TTL,
      // What is no token does not reach the function.
      validationRegex: '^[Bb]earer [-0-9a-zA-Z_.]+$',
    });
    this.root = this.rest.root.addResource('api');
    this.methods();
    this.gatewayResponses();
    this.handler.grant(...signIn.lookUp());
  }

  private function(props: ApiProps): GraceFunction {
    const { platform, stateTable, auditTable, evidence, bus, decide, executors } = props;
    return new GraceFunction(this, FUNCTIONS.api, {
      platform,
      statements: [
        readTable(stateTable),
        readIndex(stateTable, 'list'),
        readIndex(stateTable, 'open'),
        ...WRITES.map((prefix) =>
          allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], [stateTable.tableArn], leadingKeys(prefix)),
        ),
        readTable(auditTable),
        ...evidence.read('snapshots/'),
        // It reports errors, and cannot speak as Grace.
        allow(['events:PutEvents'], [bus.eventBusArn], { StringEquals: { 'events:source': API_SOURCE } }),
        allow(['lambda:InvokeFunction'], [decide.lambda.functionArn]),
        allow(
          ['lambda:GetFunctionConfiguration'],
          executors.map(({ lambda }) => lambda.functionArn),
        ),
        // Asks IAM what the executors' roles may do; no other role is its business.
        allow(
          ['iam:SimulatePrincipalPolicy'],
          executors.map(({ role }) => role.roleArn),
        ),
      ],
    });
  }

  private restApi({ settings }: Platform): RestApi {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: logRetention(settings.retention.logDays),
      removalPolicy: dataRemoval(settings),
    });
    const api = new RestApi(this, 'Rest', {
      restApiName: apiName(settings.deployment),
      description: `Grace (${settings.deployment})`,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: {
        stageName: API_STAGE,
        throttlingRateLimit: STAGE_RATE,
        throttlingBurstLimit: STAGE_BURST,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        // Bodies hold people's words.
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    api.deploymentStage.node.addDependency(this.logging());
    return api;
  }

  /** The account's own role for API Gateway's logs; the setting is one for all APIs of a region, so it stays. */
  private logging(): CfnAccount {
    const role = new Role(this, 'LogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'API Gateway of this region writes its logs',
    });
    role.addToPolicy(
      allow(
        [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogGroups',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
          'logs:GetLogEvents',
          'logs:FilterLogEvents',
        ],
        [Stack.of(this).formatArn({ service: 'logs', resource: '*' })],
      ),
    );
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    for (const kept of [role, account]) kept.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return account;
  }

  private methods(): void {
    const integration = new LambdaIntegration(this.handler.lambda, { proxy: true, allowTestInvoke: false });
    const open = { authorizationType: AuthorizationType.NONE };
    for (const document of ['openapi.json', 'docs']) {
      this.root.addResource(document).addMethod('GET', integration, open);
    }
    const paths = this.root.addResource('{proxy+}');
    paths.addMethod('ANY', integration, {
      authorizationType: AuthorizationType.CUSTOM,
      authorizer: this.tokens,
    });
    // A browser asks before it sends the token; the function answers by its list of origins.
    paths.addMethod('OPTIONS', integration, open);
    this.rest.root
      .addResource('machine')
      .addResource('{proxy+}')
      .addMethod('ANY', integration, { authorizationType: AuthorizationType.IAM });
  }

  /**
   * `GET` of a path below `/api` by a function that streams: as it is written, for as long as the function runs. A path
   * of its own hides `{proxy+}`, so that what a browser asks before is answered here as well.
   */
  stream(path: readonly string[], { lambda, timeoutSeconds }: GraceFunction): void {
    const resource = path.reduce((above, part) => above.addResource(part), this.root as Resource);
    const integration = new LambdaIntegration(lambda, {
      proxy: true,
      allowTestInvoke: false,
      responseTransferMode: ResponseTransferMode.STREAM,
      timeout: Duration.seconds(timeoutSeconds),
    });
    resource.addMethod('GET', integration, {
      authorizationType: AuthorizationType.CUSTOM,
      authorizer: this.tokens,
    });
    resource.addMethod(
      'OPTIONS',
      new LambdaIntegration(this.handler.lambda, { proxy: true, allowTestInvoke: false }),
      { authorizationType: AuthorizationType.NONE },
    );
  }

  /** What the gateway answers itself is a problem too. */
  private gatewayResponses(): void {
    const add = (type: ResponseType, status: string, code: string, title: string, detail: string) =>
      this.rest.addGatewayResponse(type.responseType, {
        type,
        statusCode: status,
        responseHeaders: {
          'Content-Type': "'application/problem+json'",
          'Cache-Control': "'no-store'",
          'X-Content-Type-Options': "'nosniff'",
          // Says nothing that is anybody's; without it a page could not tell 401 from a lost network.
          'Access-Control-Allow-Origin': 'method.request.header.Origin',
          Vary: "'Origin'",
        },
        templates: {
          'application/json': JSON.stringify({
            type: `urn:grace:problem:${code}`,
            title,
            status: Number(status),
            detail,
            code,
            correlationId: '$context.requestId',
          }),
        },
      });
    const again = 'send `Authorization: Bearer` with an access token of this deployment';
    const title = 'The caller is not known';
    add(ResponseType.UNAUTHORIZED, '401', 'TOKEN_MISSING', title, again);
    // The authorizer's context says what is wrong with the token.
    add(ResponseType.ACCESS_DENIED, '401', '$context.authorizer.code', title, again);
    add(ResponseType.AUTHORIZER_FAILURE, '503', 'UNAVAILABLE', 'The issuer does not answer', 'try again');
    add(ResponseType.THROTTLED, '429', 'RATE_LIMITED', 'Too many requests', 'try again in a second');
    add(
      ResponseType.REQUEST_TOO_LARGE,
      '413',
      'BODY_TOO_LARGE',
      'The body is too large',
      'send at most 65536 bytes',
    );
  }
}

/** One line a request: who, what, how long. No token, no body, no query. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  who: '$context.authorizer.principalId',
  machine: '$context.identity.userArn',
  error: '$context.error.responseType',
};

/** `https://<id>.execute-api.<region>.<suffix>/live` */
export function apiUrl({ rest }: Api): string {
  return `https://${rest.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${rest.deploymentStage.stageName}`;
}
