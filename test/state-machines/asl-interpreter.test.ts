/** The expected orders of history events are those that LocalStack's tests recorded on AWS. */
import type { Invoke } from '../../cli/simulator/asl/task-attempt';
import { done, execute, type Json, lambda, named, START, types } from './asl-bench';

describe('a lambda:invoke task', () => {
  it('gives the function its payload, and puts the selected result at the path', async () => {
    const calls: unknown[] = [];
    const { execution } = await execute(
      {
        states: {
          Work: lambda('work', {
            Parameters: {
              FunctionName: 'work',
              Payload: {
                'id.$': '$.contractId',
                'run.$': '$$.Execution.Name',
                'arn.$': '$$.Execution.Id',
                'state.$': '$$.State.Name',
                'entered.$': '$$.State.EnteredTime',
                'started.$': '$$.Execution.StartTime',
                'retries.$': '$$.State.RetryCount',
                fixed: { list: [1, { 'deep.$': '$.contractId' }], word: '$.not.a.path' },
              },
            },
            Next: 'Done',
          }),
          Done: done,
        },
        invoke: async (name, payload, context) => {
          calls.push([name, payload, context]);
          return { outcome: 'met', dropped: undefined };
        },
      },
      { contractId: 'c1' },
    );
    const at = new Date(START).toISOString();
    expect(calls).toEqual([
      [
        'work',
        {
          id: 'c1',
          run: 'run',
          arn: execution.arn,
          state: 'Work',
          entered: at,
          started: at,
          retries: 0,
          fixed: { list: [1, { deep: 'c1' }], word: '$.not.a.path' },
        },
        { executionName: 'run', stateName: 'Work', attempt: 1, timeoutMs: 60_000 },
      ],
    ]);
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: { contractId: 'c1', result: { value: { outcome: 'met' } } },
    });
    expect(types(execution.history)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
    expect(execution.history.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('answers version, payload and status; undefined is null', async () => {
    const { ResultSelector: _, ...whole } = lambda('work', { ResultPath: '$', End: true });
    const { execution } = await execute({ states: { Work: whole }, invoke: async () => undefined });
    expect(execution.output).toEqual({ ExecutedVersion: '$LATEST', Payload: null, StatusCode: 200 });
  });

  it('drops the result with ResultPath null, and nests it with a long path', async () => {
    const states = {
      A: lambda('a', { ResultPath: null, Next: 'B' }),
      B: lambda('b', { ResultPath: '$.x.y', End: true }),
    };
    const { execution } = await execute({ states, invoke: async (name) => name }, { x: { z: 1 } });
    expect(execution.output).toEqual({ x: { z: 1, y: { value: 'b' } } });
  });

  it('reads the function name from the input', async () => {
    const called: string[] = [];
    const Parameters = { 'FunctionName.$': '$.executor', 'Payload.$': '$' };
    const invoke: Invoke = async (name) => called.push(name);
    await execute({ states: { A: lambda('', { Parameters, End: true }) }, invoke }, { executor: 'ec2' });
    expect(called).toEqual(['ec2']);
    const { execution } = await execute(
      { states: { A: lambda('', { Parameters, End: true }) } },
      { executor: 7 },
    );
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('cannot change the data of the execution through its payload', async () => {
    const invoke: Invoke = async (_, payload) => {
      (payload as { all: Json }).all.changed = true;
    };
    const { execution } = await execute(
      { states: { A: lambda('a', { ResultPath: null, End: true }) }, invoke },
      { a: 1 },
    );
    expect(execution.output).toEqual({ a: 1 });
  });

  it('fails the execution with the error and cause of the function', async () => {
    const invoke: Invoke = () => Promise.reject(named('StoreUnavailable', 'no table'));
    const { execution } = await execute({ states: { A: lambda('a', { End: true }) }, invoke });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'StoreUnavailable' });
    expect(JSON.parse(execution.cause ?? '')).toEqual({
      errorType: 'StoreUnavailable',
      errorMessage: 'no table',
      trace: [],
    });
    expect(types(execution.history).slice(-2)).toEqual(['TaskFailed', 'ExecutionFailed']);
  });

  it.each([
    ['a missing path in Parameters', { Parameters: { FunctionName: 'a', Payload: { 'x.$': '$.nothing' } } }],
    ['a missing path in ResultSelector', { ResultSelector: { 'x.$': '$.Payload.nothing' } }],
  ])('fails with States.Runtime, which nothing catches, for %s', async (_, field) => {
    const all = { ErrorEquals: ['States.ALL'] };
    const { execution } = await execute({
      states: {
        A: lambda('a', { ...field, Retry: [all], Catch: [{ ...all, Next: 'B' }], End: true }),
        B: done,
      },
    });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(execution.cause).toContain('could not be found in the input');
  });

  it('tells a present null from a missing field', async () => {
    const Parameters = { FunctionName: 'a', Payload: { 'x.$': '$.nothing' } };
    const { execution } = await execute(
      { states: { A: lambda('a', { Parameters, End: true }) } },
      { nothing: null },
    );
    expect(execution.status).toBe('SUCCEEDED');
  });

  it('fails when the ResultPath meets something that is not an object', async () => {
    const { execution } = await execute(
      { states: { A: lambda('a', { ResultPath: '$.x.y', End: true }) } },
      { x: 'word' },
    );
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.ResultPathMatchFailure' });
  });

  it('lets a fault of the simulation itself out of kernel.run', async () => {
    const invoke: Invoke = () => Promise.reject(named('States.Timeout'));
    await expect(execute({ states: { A: lambda('a', { End: true }) }, invoke })).rejects.toThrow(
      'must not throw',
    );
  });
});

describe('the 256 KiB limit', () => {
  const big = (bytes: number) => async () => 'x'.repeat(bytes);

  it('is met by a result of the size and passed by one byte more', async () => {
    const A = lambda('a', { ResultSelector: { 'status.$': '$.StatusCode' }, End: true });
    const fits = await execute({ states: { A }, invoke: big(262_144 - 2) });
    expect(fits.execution.status).toBe('SUCCEEDED');
    const over = await execute({ states: { A }, invoke: big(262_144 - 1) });
    expect(over.execution).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(types(over.execution.history)).toContain('TaskFailed');
  });

  it('is caught by its own name, not by a wildcard', async () => {
    const run = async (name: string) => {
      const A = lambda('a', { Catch: [{ ErrorEquals: [name], Next: 'B' }], End: true });
      return (await execute({ states: { A, B: done }, invoke: big(300_000) })).execution.status;
    };
    expect(await run('States.DataLimitExceeded')).toBe('SUCCEEDED');
    expect(await run('States.TaskFailed')).toBe('FAILED');
    expect(await run('States.ALL')).toBe('FAILED');
  });

  it('counts UTF-8 bytes, and the whole output of a state', async () => {
    const A = lambda('a', { End: true });
    const { execution } = await execute(
      { states: { A }, invoke: async () => 'é'.repeat(80_000) },
      { old: 'é'.repeat(60_000) },
    );
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(types(execution.history).slice(-2)).toEqual(['TaskSucceeded', 'ExecutionFailed']);
  });
});
