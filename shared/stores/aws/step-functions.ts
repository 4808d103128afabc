import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Callbacks, Executions } from '../../ports/executions';
import { CallbackRefusedError } from './errors';

export interface StateMachine {
  readonly client: SFNClient;
  /** May carry a version or an alias, which executions are started through. */
  readonly stateMachineArn: string;
}

/**
 * The executions of one state machine, each named by its contract. Starting is idempotent for the 90
 * days that Step Functions remembers a name; while the execution runs a repeat answers `started`.
 */
export function sfnExecutions({ client, stateMachineArn }: StateMachine): Executions {
  return {
    async start(contractId) {
      try {
        await client.send(
          new StartExecutionCommand({
            stateMachineArn,
            name: contractId,
            input: JSON.stringify({ contractId }),
          }),
        );
        return 'started';
      } catch (error) {
        if (named(error, 'ExecutionAlreadyExists')) return 'already_exists';
        throw error;
      }
    },
    status: (contractId) => statusOf(client, executionArn(stateMachineArn, contractId)),
  };
}

/** @param waitState name of the state that waits for the approval */
export function sfnCallbacks({
  client,
  stateMachineArn,
  waitState,
}: StateMachine & { readonly waitState: string }): Callbacks {
  return {
    async succeed(taskToken, output) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
        return 'accepted';
      } catch (error) {
        if (named(error, 'TaskTimedOut')) return 'timed_out';
        if (named(error, 'TaskDoesNotExist', 'InvalidToken')) return 'does_not_exist';
        // Not the error itself: services quote the value that they refuse, and this one is the token.
        throw new CallbackRefusedError(error instanceof Error ? error.name : 'unknown');
      }
    },
    async isPastWait(contractId) {
      const arn = executionArn(stateMachineArn, contractId);
      const status = await statusOf(client, arn);
      if (status !== 'RUNNING') return status !== undefined;
      return historyIsPast(newestFirst(client, arn), waitState);
    },
  };
}

/** The execution of this name, whatever version or alias it was started through. */
export function executionArn(stateMachineArn: string, name: string): string {
  const [arn, partition, service, region, account, , machine] = stateMachineArn.split(':');
  return [arn, partition, service, region, account, 'execution', machine, name].join(':');
}

async function statusOf(client: SFNClient, arn: string): Promise<ExecutionStatus | undefined> {
  try {
    return (await client.send(new DescribeExecutionCommand({ executionArn: arn }))).status;
  } catch (error) {
    if (named(error, 'ExecutionDoesNotExist')) return undefined;
    throw error;
  }
}

/**
 * Whether the latest visit to the wait is over. Read backwards: an entry into the wait after which
 * nothing was left, entered or answered is a wait that goes on; no entry at all is one yet to come.
 */
async function historyIsPast(events: AsyncIterable<HistoryEvent>, waitState: string): Promise<boolean> {
  let somethingAfter = false;
  for await (const event of events) {
    if (event.stateEnteredEventDetails?.name === waitState) return somethingAfter;
    // A time-out or a failure of the task is not the end of the wait: it may be retried with a new token.
    if (event.type === 'TaskSucceeded' || event.stateEnteredEventDetails || event.stateExitedEventDetails) {
      somethingAfter = true;
    }
  }
  return false;
}

async function* newestFirst(client: SFNClient, arn: string): AsyncGenerator<HistoryEvent> {
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new GetExecutionHistoryCommand({
        executionArn: arn,
        reverseOrder: true,
        includeExecutionData: false,
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    yield* page.events ?? [];
    nextToken = page.nextToken;
  } while (nextToken);
}

function named(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
