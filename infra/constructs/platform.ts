import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Settings } from '../../shared/contracts/settings';
import type { ENV, FunctionName } from '../../shared/names';

/** The deployable code of a function: the real bundle, or a stand-in in template tests. */
export type FunctionCode = (name: FunctionName) => Code;

/** Values of all environment variables; each function is given only those that it reads. */
export type Environment = Readonly<Record<keyof typeof ENV, string>>;

/** What every construct of the stack is built from. */
export interface Platform {
  /** Settings as validated. */
  readonly settings: Settings;
  /** Where the functions' code comes from. */
  readonly code: FunctionCode;
  /** Values of the environment variables. */
  readonly environment: Environment;
  /** Denials that every function's role carries. */
  readonly guardrails: IManagedPolicy;
}

/** Data outlives the stack, unless the deployment says that it is only a trial. */
export function dataRemoval({ ephemeral }: Pick<Settings, 'ephemeral'>): RemovalPolicy {
  return ephemeral ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}

/** The retention periods that CloudWatch Logs takes, in days. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** The shortest retention that keeps at least as many days as asked for. */
export function logRetention(days: number): number {
  return LOG_RETENTION_DAYS.find((allowed) => allowed >= days) ?? 3653;
}

/** How long a message may wait in a dead-letter queue: the longest that SQS keeps one. */
export const DEAD_LETTER_RETENTION = Duration.days(14);
