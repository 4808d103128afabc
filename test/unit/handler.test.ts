import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { Logger, Metrics } from '../../shared/ports/outside';
import { queueHandler, scheduleHandler, streamHandler, taskHandler } from '../../shared/runtime/handler';
import { powertoolsLogger } from '../../shared/runtime/logger';
import { emfMetrics } from '../../shared/runtime/metrics';

const context = {
  awsRequestId: 'request-1',
  functionName: 'verify',
  getRemainingTimeInMillis: () => 5000,
} as Context;

/** Lines that powertools wrote, read as JSON. */
let lines: Record<string, unknown>[];
const coded = (code: string) => lines.filter((line) => line.code === code);

beforeEach(() => {
  lines = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(JSON.parse(String(text)));
      return true;
    });
  }
});
afterEach(() => jest.restoreAllMocks());

const observers = () => ({
  name: 'verify',
  logger: powertoolsLogger({ service: 'verify', level: 'INFO' }),
  metrics: emfMetrics(),
});
const VerifyInput = z.strictObject({ contractId: z.string() });

describe('a task', () => {
  it('gets its parsed input and the call, and its answer goes back', async () => {
    const handler = taskHandler({
      ...observers(),
      input: VerifyInput,
      run: async ({ contractId }, call) => ({ contractId, left: call.remainingMs(), id: call.correlationId }),
    });
    expect(await handler({ contractId: 'C1' }, context)).toEqual({ contractId: 'C1', left: 5000, id: 'C1' });
  });

  it('says when it starts and ends, once each, with the correlation id on every line', async () => {
    const own = observers();
    const logger: Logger = own.logger;
    const handler = taskHandler({
      ...own,
      input: VerifyInput,
      run: async () =>
        logger.info('looked', { code: 'LOOKED', token: 'secret-1', deep: { password: 'secret-2' } }),
    });
    await handler({ contractId: 'C1' }, context);
    await handler({ contractId: 'C2' }, context);
    expect(lines.map(({ code, correlationId }) => [code, correlationId])).toEqual([
      ['CALL_STARTED', 'C1'],
      ['LOOKED', 'C1'],
      ['CALL_ENDED', 'C1'],
      ['CALL_STARTED', 'C2'],
      ['LOOKED', 'C2'],
      ['CALL_ENDED', 'C2'],
    ]);
    expect(lines[0]).toMatchObject({ service: 'verify', function_request_id: 'request-1', level: 'INFO' });
    expect(JSON.stringify(lines)).not.toMatch('secret-');
  });

  it('throws what was thrown, after saying so', async () => {
    class StaleError extends Error {
      override readonly name = 'StaleError';
    }
    const error = new StaleError('too old');
    const handler = taskHandler({
      ...observers(),
      input: VerifyInput,
      run: async () => {
        throw error;
      },
    });
    await expect(handler({ contractId: 'C1' }, context)).rejects.toBe(error);
    expect(coded('CALL_FAILED')).toMatchObject([
      { errorCode: 'StaleError', correlationId: 'C1', error: { message: 'too old' } },
    ]);
    expect(coded('CALL_ENDED')).toEqual([]);
  });

  it('refuses an input of another form before anything runs, without showing its values', async () => {
    const run = jest.fn();
    const handler = taskHandler({ ...observers(), input: VerifyInput, run });
    await expect(handler({ contractId: 7, extra: 'hunter2' }, context)).rejects.toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringContaining('contractId: '),
    });
    expect(run).not.toHaveBeenCalled();
    expect(coded('CALL_FAILED')).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toMatch('hunter2');
  });

  it('is not answered early: work that goes on is work that Lambda ends', async () => {
    const handler = taskHandler({
      ...observers(),
      input: VerifyInput,
      run: () => new Promise<string>((resolve) => setTimeout(() => resolve('done'), 60)),
    });
    const short = { ...context, getRemainingTimeInMillis: () => 20 };
    expect(await handler({ contractId: 'C1' }, short)).toBe('done');
  });

  it('does not fail by a fault of logging', async () => {
    jest.spyOn(console, 'warn').mockImplementation();
    const own = observers();
    const broken = () => {
      throw new Error('no log');
    };
    const handler = taskHandler({
      ...own,
      logger: { ...own.logger, info: broken, error: broken },
      input: VerifyInput,
      run: async () => 'done',
    });
    expect(await handler({ contractId: 'C1' }, context)).toBe('done');
  });
});

describe('a queue', () => {
  const record = (messageId: string, body: string) => ({
    messageId,
    body,
    receiptHandle: `receipt-${messageId}`,
    attributes: { ApproximateReceiveCount: '2', SentTimestamp: '1767268800000', SenderId: 'x' },
    eventSource: 'aws:sqs',
  });
  const event = { Records: [record('1', 'not even JSON'), record('2', '{}')] };

  it('hands over the messages as they are, and returns those that failed', async () => {
    const run = jest.fn(async () => ['2']);
    const times = { receiveCount: 2, sentAt: 1767268800000 };
    const handler = queueHandler({ ...observers(), run });
    expect(await handler(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(run).toHaveBeenCalledWith(
      [
        { messageId: '1', body: 'not even JSON', receiptHandle: 'receipt-1', ...times },
        { messageId: '2', body: '{}', receiptHandle: 'receipt-2', ...times },
      ],
      expect.objectContaining({ correlationId: 'request-1' }),
    );
  });

  it('can set the correlation id message by message', async () => {
    const own = observers();
    const handler = queueHandler({
      ...own,
      run: async (records, call) => {
        for (const { messageId } of records) {
          call.correlate(`event-${messageId}`);
          own.logger.info('taken', { code: 'TAKEN' });
        }
        return [];
      },
    });
    await handler(event, context);
    expect(coded('TAKEN').map(({ correlationId }) => correlationId)).toEqual(['event-1', 'event-2']);
  });
});

describe('a change stream', () => {
  const read = (record: unknown) => (record as { eventID: string }).eventID;

  it('hands over the changes in order', async () => {
    const run = jest.fn(async () => undefined);
    await streamHandler({ ...observers(), read, run })(
      { Records: [{ eventID: 'a' }, { eventID: 'b' }] },
      context,
    );
    expect(run).toHaveBeenCalledWith(['a', 'b'], expect.anything());
  });

  it('throws for the whole batch, also when a record cannot be read', async () => {
    const run = jest.fn();
    const handler = streamHandler({ ...observers(), read: (record) => read(record).length, run });
    await expect(handler({ Records: [{ eventID: 'a' }, {}] }, context)).rejects.toThrow();
    expect(run).not.toHaveBeenCalled();
  });
});

it('a schedule is correlated by its event', async () => {
  const handler = scheduleHandler({ ...observers(), run: async (call) => call.correlationId });
  expect(await handler({ id: 'tick-1', source: 'aws.events' }, context)).toBe('tick-1');
});

describe('metrics', () => {
  it('are written at the end of the call, by their labels alone, also of a call that fails', async () => {
    const own = observers();
    const metrics: Metrics = own.metrics;
    const handler = taskHandler({
      ...own,
      input: VerifyInput,
      run: async () => {
        metrics.count('grace_contracts_verified_total', { verdict: 'met' });
        metrics.count('grace_contracts_verified_total', { verdict: 'met' }, 2);
        metrics.record('grace_approval_latency_seconds', 1.5, 'Seconds', {});
        throw new Error('after measuring');
      },
    });
    await expect(handler({ contractId: 'C1' }, context)).rejects.toThrow('after measuring');
    const written = lines.filter((line) => line._aws) as { _aws: { CloudWatchMetrics: unknown } }[];
    expect(written.map(({ _aws, ...values }) => ({ sets: _aws.CloudWatchMetrics, values }))).toEqual([
      {
        sets: [
          {
            Namespace: 'Grace',
            Dimensions: [['verdict']],
            Metrics: [{ Name: 'grace_contracts_verified_total', Unit: 'Count' }],
          },
        ],
        values: { verdict: 'met', grace_contracts_verified_total: [1, 2] },
      },
      {
        sets: [
          {
            Namespace: 'Grace',
            Dimensions: [[]],
            Metrics: [{ Name: 'grace_approval_latency_seconds', Unit: 'Seconds' }],
          },
        ],
        values: { grace_approval_latency_seconds: 1.5 },
      },
    ]);
  });

  it('never throw: what CloudWatch would not take is dropped, the rest is written', () => {
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    const metrics = emfMetrics();
    metrics.record('a', 1, 'Furlongs', {});
    metrics.record('b', Number.NaN, 'Count', {});
    metrics.count('', {});
    metrics.count('c', {});
    metrics.count('clash', { clash: 'x' });
    metrics.flush();
    expect(lines.filter((line) => line._aws)).toMatchObject([{ c: 1 }]);
    expect(warned).toHaveBeenCalledTimes(4);
    metrics.flush();
    expect(lines).toHaveLength(1);
  });
});
