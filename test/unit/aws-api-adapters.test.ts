/** How the API reaches the deciding function and the bus. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { API_SOURCE } from '../../shared/contracts/api/events';
import { errorEvent } from '../../shared/domain/error-event';
import { eventBridgeIntake } from '../../shared/stores/aws/error-intake';
import { lambdaDecider } from '../../shared/stores/aws/lambda-decider';
import { NOWHERE, networkError, serviceError } from '../support/aws-answers';

const lambda = mockClient(LambdaClient);
const bus = mockClient(EventBridgeClient);
beforeEach(() => {
  lambda.reset();
  bus.reset();
});

describe('the deciding function', () => {
  const decider = lambdaDecider({ client: new LambdaClient(NOWHERE), functionName: 'grace-decide' });
  const decide = () =>
    decider.decide(
      { decision: 'approve', contractId: 'C1', planHash: 'f'.repeat(64), reason: 'seen' },
      { token: 'aaa.bbb.ccc' },
    );
  const answers = (payload: string, more: object = {}) =>
    lambda.on(InvokeCommand).resolves({ Payload: Buffer.from(payload) as never, StatusCode: 200, ...more });

  test('is told the command together with the proof, and answers', async () => {
    const output = { ok: true, status: 'approved', approvals: 2, quorum: 2 };
    answers(JSON.stringify(output));
    expect(await decide()).toEqual(output);
    const [call] = lambda.commandCalls(InvokeCommand);
    expect(call?.args[0].input.FunctionName).toBe('grace-decide');
    expect(JSON.parse(Buffer.from(call?.args[0].input.Payload as Uint8Array).toString('utf8'))).toEqual({
      decision: 'approve',
      contractId: 'C1',
      planHash: 'f'.repeat(64),
      reason: 'seen',
      proof: { token: 'aaa.bbb.ccc' },
    });
  });

  test('that refuses has answered: a refusal is a value', async () => {
    answers('{"ok":false,"code":"EXCLUDED","message":"party to it"}');
    expect(await decide()).toMatchObject({ ok: false, code: 'EXCLUDED' });
  });

  test('that failed has not decided anything that is known, and its error is not passed on', async () => {
    answers('{"errorMessage":"token aaa.bbb.ccc is broken"}', { FunctionError: 'Unhandled' });
    await expect(decide()).rejects.toMatchObject({
      name: 'DeciderUnavailableError',
      message: 'the deciding function failed: Unhandled',
    });
  });

  test('that answers nothing has failed', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 200 });
    await expect(decide()).rejects.toMatchObject({ name: 'DeciderUnavailableError' });
  });

  test('that cannot be reached is a fault', async () => {
    lambda.on(InvokeCommand).rejects(networkError());
    await expect(decide()).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('a reported error', () => {
  const event = errorEvent({
    error: { subsystem: 'checkout', message: 'out of stock' } as never,
    id: 'E1',
    source: API_SOURCE,
    account: '123456789012',
    region: 'eu-west-1',
    at: Date.parse('2026-01-01T12:00:00Z'),
    requestedBy: 'https://issuer.example#ana',
  });
  const report = () =>
    eventBridgeIntake({ client: new EventBridgeClient(NOWHERE), busName: 'trigger-mesh' }).report(event);

  test('is put on the bus as it is, from the source of the API', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    await report();
    expect(bus.commandCalls(PutEventsCommand).map(({ args }) => args[0].input)).toEqual([
      {
        Entries: [
          {
            EventBusName: 'trigger-mesh',
            Source: API_SOURCE,
            DetailType: 'error.detected',
            Time: new Date('2026-01-01T12:00:00Z'),
            Detail: JSON.stringify(event.detail),
          },
        ],
      },
    ]);
    expect(event.detail).toMatchObject({ requestedBy: 'https://issuer.example#ana' });
  });

  test.each([
    [{ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] }],
    [{ Entries: [{ ErrorCode: 'InternalFailure' }] }],
    [{ FailedEntryCount: 1 }],
  ])('that the bus did not take is not taken, though the call went well: %j', async (answer) => {
    bus.on(PutEventsCommand).resolves(answer);
    await expect(report()).rejects.toMatchObject({ name: 'MeshPublishError' });
  });

  test('is not taken when the bus is not reached', async () => {
    bus.on(PutEventsCommand).rejects(serviceError('AccessDeniedException', 400));
    await expect(report()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
