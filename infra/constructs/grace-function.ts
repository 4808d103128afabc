import { Duration } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ENV, type FunctionName } from '../../shared/names';
import { DEFAULT_TIMEOUT_SECONDS, FUNCTION_SPECS } from './function-specs';
import { allow } from './permissions';
import { dataRemoval, logRetention, type Platform } from './platform';

export interface GraceFunctionProps {
  /** What the function is built from. */
  readonly platform: Platform;
  /** All that its role may do, beside writing its own log. */
  readonly statements: readonly PolicyStatement[];
  /** Seconds that it may run. Default: as `FUNCTION_SPECS` says. */
  readonly timeoutSeconds?: number;
}

/**
 * One function with a role, a log group and a name of its own: `<deployment>-<role>`. The log group has no
 * name of its own, so that a stack can be made again while the old logs are kept.
 */
export class GraceFunction extends Construct {
  /** The function itself. */
  readonly lambda: LambdaFunction;
  /** Its role, which no other function has. */
  readonly role: Role;
  /** Seconds that it may run. */
  readonly timeoutSeconds: number;

  constructor(scope: Construct, name: FunctionName, { platform, ...props }: GraceFunctionProps) {
    super(scope, name);
    const { settings, environment } = platform;
    const spec = FUNCTION_SPECS[name];
    this.timeoutSeconds = props.timeoutSeconds ?? spec.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;

    const logGroup = new LogGroup(this, 'Log', {
      retention: logRetention(settings.retention.logDays),
      removalPolicy: dataRemoval(settings),
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Grace (${settings.deployment}): ${name}`,
      managedPolicies: [platform.guardrails],
    });
    this.grant(
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
      ...props.statements,
    );
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: functionName(settings.deployment, name),
      description: `Grace: ${name}`,
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: platform.code(name),
      role: this.role,
      logGroup,
      memorySize: spec.memoryMb ?? 512,
      timeout: Duration.seconds(this.timeoutSeconds),
      environment: Object.fromEntries(
        [...spec.reads, 'logLevel' as const].map((variable) => [ENV[variable], environment[variable]]),
      ),
    });
  }

  /** Adds to what the role may do. */
  grant(...statements: readonly PolicyStatement[]): void {
    for (const statement of statements) this.role.addToPolicy(statement);
  }
}

/** The command line finds the functions by this pattern. */
export function functionName(deployment: string, name: FunctionName): string {
  return `${deployment}-${name}`;
}
