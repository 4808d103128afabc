import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { executionArn, sfnCallbacks, sfnExecutions } from '../../shared/stores/aws/step-functions';
import { NOWHERE, serviceError } from '../support/aws-answers';

const client = new SFNClient(NOWHERE);
const service = mockClient(client);
const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:verified-action';
const arn = 'arn:aws:states:us-east-1:123456789012:execution:verified-action:C1';
const executions = sfnExecutions({ client, stateMachineArn });
const callbacks = sfnCallbacks({ client, stateMachineArn, waitState: 'Wait for Approval' });

beforeEach(() => service.reset());

describe('an execution', () => {
  it('is named by its contract and given the contract id, nothing else', async () => {
    service.on(StartExecutionCommand).resolves({});
    expect(await executions.start('C1')).toBe('started');
    expect(service.calls().map(({ args }) => args[0].input)).toEqual([
      { stateMachineArn, name: 'C1', input: '{"contractId":"C1"}' },
    ]);
  });

  it('that exists already is a success; any other fault is one', async () => {
    service.on(StartExecutionCommand).rejects(serviceError('ExecutionAlreadyExists', 400));
    expect(await executions.start('C1')).toBe('already_exists');
    service.on(StartExecutionCommand).rejects(serviceError('StateMachineDoesNotExist', 400));
    await expect(executions.start('C1')).rejects.toThrow('StateMachineDoesNotExist');
  });

  it('has a status, or was never started', async () => {
    service.on(DescribeExecutionCommand, { executionArn: arn }).resolves({ status: 'ABORTED' });
    expect(await executions.status('C1')).toBe('ABORTED');
    service.on(DescribeExecutionCommand).rejects(serviceError('ExecutionDoesNotExist', 400));
    expect(await executions.status('C1')).toBeUndefined();
  });

  it('has the same name through an alias of the state machine', () => {
    expect(executionArn(`${stateMachineArn}:live`, 'C1')).toBe(arn);
  });
});

describe('a callback', () => {
  it('carries the decision', async () => {
    service.on(SendTaskSuccessCommand).resolves({});
    expect(await callbacks.succeed('token', { decision: 'approved' })).toBe('accepted');
    expect(service.calls()[0]?.args[0].input).toEqual({
      taskToken: 'token',
      output: '{"decision":"approved"}',
    });
  });

  it.each([
    ['TaskTimedOut', 'timed_out'],
    ['TaskDoesNotExist', 'does_not_exist'],
    ['InvalidToken', 'does_not_exist'],
  ])('%s means %s', async (code, said) => {
    service.on(SendTaskSuccessCommand).rejects(serviceError(code, 400));
    expect(await callbacks.succeed('token', { decision: 'approved' })).toBe(said);
  });

  it('throws no fault that holds the token, which services quote in theirs', async () => {
    const quoting = Object.assign(new Error("Value 'secret-token' at 'taskToken' is wrong"), {
      name: 'ValidationException',
    });
    service.on(SendTaskSuccessCommand).rejects(quoting);
    const refused = await callbacks.succeed('secret-token', { decision: 'approved' }).catch((error) => error);
    expect(refused.name).toBe('CallbackRefusedError');
    expect(refused.cause).toBeUndefined();
    expect(`${refused.message} ${refused.stack}`).not.toContain('secret-token');
    expect(refused.message).toContain('ValidationException');
  });

  it('throws on other faults, so that it is sent again', async () => {
    service.on(SendTaskSuccessCommand).rejects(serviceError('ThrottlingException', 400));
    await expect(callbacks.succeed('token', { decision: 'approved' })).rejects.toThrow('Throttling');
  });
});

describe('past the wait', () => {
  const event = (type: HistoryEvent['type'], more: Partial<HistoryEvent> = {}): HistoryEvent => ({
    timestamp: new Date(0),
    id: 1,
    type,
    ...more,
  });
  const entered = (name: string) => event('TaskStateEntered', { stateEnteredEventDetails: { name } });
  const exited = (name: string) => event('TaskStateExited', { stateExitedEventDetails: { name } });
  const wait = 'Wait for Approval';
  const toWait = [
    event('ExecutionStarted'),
    entered('Admit'),
    exited('Admit'),
    entered(wait),
    event('TaskScheduled'),
  ];

  function running(oldestFirst: readonly HistoryEvent[]) {
    service.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' });
    service.on(GetExecutionHistoryCommand).resolves({ events: oldestFirst.toReversed() });
  }

  it.each<[string, readonly HistoryEvent[], boolean]>([
    ['before it', [event('ExecutionStarted'), entered('Admit')], false],
    ['in it', toWait, false],
    ['timed out, perhaps to be tried again', [...toWait, event('TaskTimedOut')], false],
    ['tried again', [...toWait, event('TaskFailed'), event('TaskScheduled')], false],
    ['answered', [...toWait, event('TaskSucceeded')], true],
    ['left', [...toWait, event('TaskSucceeded'), exited(wait)], true],
    ['further on', [...toWait, exited(wait), entered('Execute'), event('TaskScheduled')], true],
    ['come round to it again', [...toWait, exited(wait), entered('Replan'), entered(wait)], false],
  ])('%s', async (_where, history, past) => {
    running(history);
    expect(await callbacks.isPastWait('C1')).toBe(past);
    expect(service.commandCalls(GetExecutionHistoryCommand)[0]?.args[0].input).toEqual({
      executionArn: arn,
      reverseOrder: true,
      includeExecutionData: false,
    });
  });

  it('is found over pages, no more of them than needed', async () => {
    service.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' });
    service
      .on(GetExecutionHistoryCommand)
      .resolvesOnce({ events: [entered('Execute')], nextToken: 'a' })
      .resolvesOnce({ events: [exited(wait), entered(wait)], nextToken: 'b' });
    expect(await callbacks.isPastWait('C1')).toBe(true);
    expect(service.commandCalls(GetExecutionHistoryCommand)).toHaveLength(2);
  });

  it('is every execution that has ended, and none that never was', async () => {
    service.on(DescribeExecutionCommand).resolves({ status: 'TIMED_OUT' });
    expect(await callbacks.isPastWait('C1')).toBe(true);
    service.on(DescribeExecutionCommand).rejects(serviceError('ExecutionDoesNotExist', 400));
    expect(await callbacks.isPastWait('C1')).toBe(false);
  });
});
