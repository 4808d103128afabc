import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { Envelope } from '../../shared/contracts/envelope';
import { CapturedError } from '../../shared/contracts/error-detected';
import { parseStrictJson } from '../../shared/contracts/strict-json';
import { type CaptureOptions, captureErrors } from '../../shared/runtime/capture-errors';
import { fakeService, NOWHERE } from '../support/aws-answers';

const eventBridge = new EventBridgeClient(NOWHERE);
const bus = mockClient(eventBridge);
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 } as Context;
const options: CaptureOptions = { service: 'orders-api', busName: 'trigger-mesh', eventBridge };
let warned: jest.SpyInstance;

beforeEach(() => {
  bus.reset();
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  warned = jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => warned.mockRestore());

/** A user's function that throws; answers with what it rejected with. */
async function fail(error: unknown, more: Partial<CaptureOptions> = {}, at = context): Promise<unknown> {
  const handler = middy(async () => {
    throw error;
  }).use(captureErrors({ ...options, ...more }));
  return handler({ card: '4111 1111 1111 1111' } as never, at).then(
    () => 'resolved',
    (thrown: unknown) => thrown,
  );
}
const sent = () => bus.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.[0]);
const captured = () => CapturedError.parse(Envelope.parse(JSON.parse(sent()[0]?.Detail ?? '')).detail);

describe('a captured error', () => {
  it('goes to the bus in an envelope, and on to the caller as it was', async () => {
    const error = new TypeError('no such order');
    expect(await fail(error, { attributes: { instanceId: 'i-1' } })).toBe(error);
    expect(sent()).toHaveLength(1);
    expect(sent()[0]).toMatchObject({
      EventBusName: 'trigger-mesh',
      Source: 'grace.captured',
      DetailType: 'error.captured',
    });
    expect(JSON.parse(sent()[0]?.Detail ?? '')).toMatchObject({
      type: 'error.captured',
      correlationId: 'request-1',
      detail: {
        service: 'orders-api',
        name: 'TypeError',
        message: 'no such order',
        attributes: { instanceId: 'i-1' },
      },
    });
    expect(captured().name).toBe('TypeError');
  });

  it('carries neither the event nor the stack nor what looks like a credential', async () => {
    await fail(
      new Error(
        'postgres://app:hunter2@db/orders refused; AKIAABCDEFGHIJKLMNOP; Authorization: Bearer abc.def-ghi; password=hunter3',
      ),
    );
    expect(sent()[0]?.Detail).not.toMatch(/4111|hunter|AKIA|abc\.def|capture-errors\.test/);
    expect(captured().message).toMatch('db/orders refused');
  });

  it('is bounded and clean, so that the intake takes it', async () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`key-${n}`, 'v'.repeat(1000)]),
    );
    await fail(new Error(`line 1\nline 2 \u202e\u0007 \ud800 ${'x'.repeat(100_000)}`), { attributes });
    const { message, attributes: kept } = captured();
    expect(message).toHaveLength(2046);
    expect(message).toMatch(/^line 1 line 2 {2}\ufffd x+$/);
    expect(Object.keys(kept)).toHaveLength(20);
    expect(kept['key-0']).toHaveLength(512);
    expect(parseStrictJson(sent()[0]?.Detail ?? '')).toMatchObject({ ok: true });
  });

  it.each([['a string'], [undefined], [null], [{ odd: true }]])(
    'may be anything thrown: %p',
    async (thrown) => {
      expect(await fail(thrown)).toBe(thrown);
      expect(captured().name).toBe('NonError');
    },
  );

  it('is not sent when nothing was thrown', async () => {
    await middy(async () => 'fine').use(captureErrors(options))({} as never, context);
    expect(sent()).toEqual([]);
  });
});

describe('capturing never gets in the way', () => {
  const error = new Error('the real one');

  it.each<[string, () => void, Partial<CaptureOptions>]>([
    ['the bus refuses', () => bus.on(PutEventsCommand).rejects(new Error('denied')), {}],
    ['the bus does not take it', () => bus.on(PutEventsCommand).resolves({ FailedEntryCount: 1 }), {}],
    [
      'the attributes throw',
      () => undefined,
      {
        attributes: () => {
          throw new Error('no');
        },
      },
    ],
  ])('when %s', async (_what, arrange, more) => {
    arrange();
    expect(await fail(error, more)).toBe(error);
    expect(JSON.parse(warned.mock.calls[0][0])).toMatchObject({ code: 'ERROR_CAPTURE_FAILED' });
  });

  it('when the error cannot even be read', async () => {
    const odd = Object.defineProperty(new Error(), 'message', {
      get() {
        throw new Error('no message');
      },
    });
    expect(await fail(odd)).toBe(odd);
  });

  it('when the bus does not answer: within a second, and the request is given up', async () => {
    const fake = await fakeService(() => undefined);
    const stuck = new EventBridgeClient({ ...NOWHERE, endpoint: fake.endpoint });
    const started = performance.now();
    expect(await fail(error, { eventBridge: stuck })).toBe(error);
    expect(performance.now() - started).toBeLessThan(1500);
    expect(fake.requests).toHaveLength(1);
    await fake.close();
  });

  it('when the function has no time left', async () => {
    expect(await fail(error, {}, { ...context, getRemainingTimeInMillis: () => 100 })).toBe(error);
    expect(sent()).toEqual([]);
  });
});
