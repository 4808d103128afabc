/** The expected orders of history events are those that LocalStack's tests recorded on AWS. */
import type { Invoke } from '../../cli/simulator/asl/task-attempt';
import { bench, done, execute, failed, type Json, lambda, named, START, times, types } from './asl-bench';

describe('Retry', () => {
  /** Fails with these errors in turn, then succeeds. */
  const failing = (errors: string[]): Invoke => {
    const left = [...errors];
    return async () => {
      const name = left.shift();
      if (name) throw named(name);
      return 'ok';
    };
  };
  const retried = (Retry: Json[], errors: string[], seed = 1) =>
    execute({ states: { A: lambda('a', { Retry, End: true }) }, invoke: failing(errors), seed });

  it('waits interval × rate^n, up to MaxDelaySeconds', async () => {
    const Retry = [
      { ErrorEquals: ['E'], IntervalSeconds: 3, BackoffRate: 1.5, MaxAttempts: 5, MaxDelaySeconds: 10 },
    ];
    const { execution } = await retried(Retry, Array(5).fill('E'));
    expect(execution.status).toBe('SUCCEEDED');
    const scheduled = times(execution.history, 'TaskScheduled');
    const delays = scheduled.slice(1).map((at, index) => at - (scheduled[index] ?? 0));
    expect(delays).toEqual([3000, 4500, 6750, 10_000, 10_000]);
  });

  it('has the defaults of the language: 3 attempts after 1, 2 and 4 seconds', async () => {
    const { execution } = await retried([{ ErrorEquals: ['States.ALL'] }], Array(9).fill('E'));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'E' });
    expect(times(execution.history, 'TaskScheduled')).toEqual([0, 1000, 3000, 7000]);
  });

  it('with full jitter stays between 0 and the delay, and depends on the seed only', async () => {
    const Retry = [
      {
        ErrorEquals: ['States.ALL'],
        IntervalSeconds: 10,
        BackoffRate: 1,
        MaxAttempts: 200,
        JitterStrategy: 'FULL',
      },
    ];
    const delays = async (seed: number) => {
      const { execution } = await retried(Retry, Array(200).fill('E'), seed);
      const scheduled = times(execution.history, 'TaskScheduled');
      return scheduled.slice(1).map((at, index) => at - (scheduled[index] ?? 0));
    };
    const first = await delays(1);
    expect(first).toEqual(await delays(1));
    expect(first).not.toEqual(await delays(2));
    for (const delay of first) expect(delay >= 0 && delay <= 10_000).toBe(true);
    expect(Math.min(...first)).toBeLessThan(1000);
    expect(Math.max(...first)).toBeGreaterThan(9000);
  });

  it('counts for each retrier; the first that matches decides, also when it is exhausted', async () => {
    const Retry = [
      { ErrorEquals: ['A', 'B'], IntervalSeconds: 1, MaxAttempts: 2 },
      { ErrorEquals: ['C'], IntervalSeconds: 5 },
      { ErrorEquals: ['States.ALL'] },
    ];
    const { execution } = await retried(Retry, ['A', 'B', 'C', 'B', 'never']);
    expect(execution).toMatchObject({ status: 'FAILED', error: 'B' });
    expect(times(execution.history, 'TaskScheduled')).toEqual([0, 1000, 3000, 8000]);
  });

  it('does not retry with MaxAttempts 0', async () => {
    const { execution } = await retried(
      [{ ErrorEquals: ['E'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }],
      ['E'],
    );
    expect(times(execution.history, 'TaskScheduled')).toEqual([0]);
  });

  it('starts counting anew when the state is entered again', async () => {
    const attempts: unknown[] = [];
    const states = {
      A: lambda('a', {
        Parameters: { FunctionName: 'a', Payload: { 'retries.$': '$$.State.RetryCount' } },
        Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['E'], ResultPath: '$.first', Next: 'Again?' }],
        End: true,
      }),
      'Again?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.first.Error', StringEquals: 'E', Next: 'A' }],
        Default: 'A',
      },
    };
    const invoke: Invoke = async (_, payload, { attempt }) => {
      attempts.push([(payload as Json).retries, attempt]);
      if (attempts.length < 4) throw named('E');
    };
    const { execution } = await execute({ states, invoke });
    expect(execution.status).toBe('SUCCEEDED');
    expect(attempts).toEqual([
      [0, 1],
      [1, 2],
      [0, 1],
      [1, 2],
    ]);
  });
});

describe('Catch', () => {
  const caught = (Catch: Json[], thrown: unknown) =>
    execute(
      {
        states: { A: lambda('a', { Catch, End: true }), B: done, C: failed },
        invoke: () => Promise.reject(thrown),
      },
      { kept: 1 },
    );

  it('takes the first that matches, in order, and puts Error and Cause at its path', async () => {
    const { execution } = await caught(
      [
        { ErrorEquals: ['Other'], Next: 'C' },
        { ErrorEquals: ['E', 'F'], ResultPath: '$.error', Next: 'B' },
        { ErrorEquals: ['States.ALL'], Next: 'C' },
      ],
      named('F', 'text'),
    );
    const Cause = JSON.stringify({ errorType: 'F', errorMessage: 'text', trace: [] });
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: { kept: 1, error: { Error: 'F', Cause } },
    });
    expect(types(execution.history).slice(4, 7)).toEqual([
      'TaskFailed',
      'TaskStateExited',
      'SucceedStateEntered',
    ]);
  });

  it('replaces the input without a path, and keeps it with null', async () => {
    const all = { ErrorEquals: ['States.ALL'], Next: 'B' };
    expect((await caught([all], named('E'))).execution.output).toMatchObject({ Error: 'E' });
    expect((await caught([{ ...all, ResultPath: null }], named('E'))).execution.output).toEqual({ kept: 1 });
  });

  it('comes after the retries are used up', async () => {
    const A = lambda('a', {
      Retry: [{ ErrorEquals: ['E'], MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ['E'], Next: 'B' }],
      End: true,
    });
    const { execution } = await execute({ states: { A, B: done }, invoke: () => Promise.reject(named('E')) });
    expect(execution.status).toBe('SUCCEEDED');
    expect(times(execution.history, 'TaskFailed')).toEqual([0, 1000, 3000]);
  });

  it("keeps the Lambda service's errors as they are, and takes what is not an error", async () => {
    const all = { ErrorEquals: ['States.TaskFailed'], Next: 'B' };
    const service = await caught([all], named('Lambda.TooManyRequestsException', 'Rate Exceeded.'));
    expect(service.execution.output).toEqual({
      Error: 'Lambda.TooManyRequestsException',
      Cause: 'Rate Exceeded.',
    });
    expect((await caught([all], 'text')).execution.output).toMatchObject({ Error: 'string' });
  });
});

describe('TimeoutSeconds of a task', () => {
  it('ends the wait for an invocation that never settles', async () => {
    const { execution, kernel } = await execute({
      states: { A: lambda('a', { End: true }) },
      invoke: () => new Promise(() => {}),
    });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(execution.cause).toBeUndefined();
    expect(types(execution.history).slice(-2)).toEqual(['TaskTimedOut', 'ExecutionFailed']);
    expect(kernel.now()).toBe(START + 60_000);
  });

  it('does not stop the function; what it returns afterwards is ignored', async () => {
    const finished: number[] = [];
    const made = bench({
      states: {
        A: lambda('a', {
          Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.error', Next: 'W' }],
          End: true,
        }),
        W: { Type: 'Wait', Seconds: 600, End: true },
      },
      invoke: async () => {
        await made.kernel.sleep(90_000);
        finished.push(made.kernel.now() - START);
        return 'too late';
      },
    });
    const execution = made.stepFunctions.startExecution('run', {});
    await made.kernel.run();
    expect(finished).toEqual([90_000]);
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: { error: { Error: 'States.Timeout', Cause: '' } },
    });
    expect(types(execution.history)).not.toContain('TaskSucceeded');
  });

  it('is matched by States.Timeout and States.ALL, not by States.TaskFailed', async () => {
    const run = async (name: string) => {
      const A = lambda('a', { Catch: [{ ErrorEquals: [name], Next: 'B' }], End: true });
      return (await execute({ states: { A, B: done }, invoke: () => new Promise(() => {}) })).execution
        .status;
    };
    expect(await run('States.Timeout')).toBe('SUCCEEDED');
    expect(await run('States.ALL')).toBe('SUCCEEDED');
    expect(await run('States.TaskFailed')).toBe('FAILED');
  });

  it('is retried with a fresh timeout for each attempt', async () => {
    const A = lambda('a', { Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }], End: true });
    const { execution } = await execute({ states: { A }, invoke: () => new Promise(() => {}) });
    expect(times(execution.history, 'TaskTimedOut')).toEqual([60_000, 121_000]);
  });
});
