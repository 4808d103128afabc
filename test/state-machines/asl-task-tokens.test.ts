/** The expected orders of history events are those that LocalStack's tests recorded on AWS. */
import { bench, done, type Json, named, START, times, types, withToken } from './asl-bench';

describe('task tokens', () => {
  function tokenBench(rest: Json = {}, invokeThen: (token: string) => Promise<unknown> = async () => null) {
    const tokens: string[] = [];
    const made = bench({
      states: { Ask: withToken({ End: true, ...rest }), Caught: done },
      invoke: async (_, payload) => {
        const { token } = payload as { token: string };
        tokens.push(token);
        return invokeThen(token);
      },
    });
    const execution = made.stepFunctions.startExecution('run', {});
    const runTo = (ms: number) => made.kernel.run({ untilMs: START + ms });
    return { ...made, tokens, execution, runTo };
  }
  const all = { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Caught' };

  it('finishes the task with what was sent', async () => {
    const { execution, stepFunctions, tokens, runTo } = tokenBench();
    await runTo(10_000);
    expect(execution.status).toBe('RUNNING');
    expect(stepFunctions.sendTaskSuccess(tokens[0] ?? '', '{"vote":"yes"}')).toBe('ok');
    await runTo(10_000);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { answer: { vote: 'yes' } } });
    expect(types(execution.history)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('never shows the token in the history', async () => {
    const { execution, tokens, runTo } = tokenBench();
    await runTo(500_000);
    expect(tokens).toHaveLength(1);
    expect(JSON.stringify(execution.history)).not.toContain(tokens[0]);
    expect(execution.history[2]?.parameters).toEqual({
      FunctionName: 'ask',
      Payload: { token: '(task token)' },
    });
  });

  it('fails the task with what was sent; an error and cause that were not are null', async () => {
    const withError = tokenBench({ Catch: [all] });
    await withError.runTo(1);
    expect(withError.stepFunctions.sendTaskFailure(withError.tokens[0] ?? '', 'Denied', 'by two')).toBe('ok');
    await withError.runTo(1);
    expect(withError.execution.output).toEqual({ error: { Error: 'Denied', Cause: 'by two' } });

    const bare = tokenBench({ Catch: [all] });
    await bare.runTo(1);
    bare.stepFunctions.sendTaskFailure(bare.tokens[0] ?? '');
    await bare.runTo(1);
    expect(bare.execution.output).toEqual({ error: { Error: null, Cause: null } });
  });

  it('accepts one send; later ones, also after a timeout or an abort, answer TaskTimedOut', async () => {
    const sent = tokenBench();
    await sent.runTo(1);
    const token = sent.tokens[0] ?? '';
    expect(sent.stepFunctions.sendTaskSuccess(token, '1')).toBe('ok');
    expect(sent.stepFunctions.sendTaskSuccess(token, '2')).toBe('TaskTimedOut');
    await sent.runTo(1);
    expect(sent.stepFunctions.sendTaskFailure(token)).toBe('TaskTimedOut');
    expect(sent.execution.output).toEqual({ answer: 1 });

    const late = tokenBench();
    await late.runTo(100_000);
    expect(late.execution).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(late.stepFunctions.sendTaskSuccess(late.tokens[0] ?? '', '1')).toBe('TaskTimedOut');

    const stopped = tokenBench();
    await stopped.runTo(1);
    stopped.stepFunctions.stopExecution('run');
    expect(stopped.stepFunctions.sendTaskSuccess(stopped.tokens[0] ?? '', '1')).toBe('TaskTimedOut');
  });

  it('holds to an accepted send although the timeout is due, or the function fails, at the same moment', async () => {
    const made = bench({
      states: { Ask: withToken({ End: true }) },
      invoke: async (_, payload, { executionName }) => {
        const send = () => made.stepFunctions.sendTaskSuccess((payload as { token: string }).token, '1');
        if (executionName === 'failing') {
          const second = made.kernel.sleep(1000);
          made.kernel.schedule(1000, () => replies.push(send()));
          await second;
          throw named('AfterTheFact');
        }
        sendLater = send;
      },
    });
    let sendLater: () => unknown = () => undefined;
    const replies: unknown[] = [];
    made.kernel.schedule(100_000, () => replies.push(sendLater()));
    const timed = made.stepFunctions.startExecution('timed', {});
    const failing = made.stepFunctions.startExecution('failing', {});
    await made.kernel.run();
    expect(replies).toEqual(['ok', 'ok']);
    expect([timed.status, failing.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(times(timed.history, 'TaskSucceeded')).toEqual([100_000]);
  });

  it('knows a forged token from a malformed one, and refuses output that is not JSON', async () => {
    const { stepFunctions, tokens, runTo } = tokenBench();
    await runTo(1);
    const token = tokens[0] ?? '';
    expect(stepFunctions.sendTaskSuccess('nonsense', '1')).toBe('InvalidToken');
    expect(stepFunctions.sendTaskSuccess(token.replace(/.{32}$/, '0'.repeat(32)), '1')).toBe(
      'TaskDoesNotExist',
    );
    expect(() => stepFunctions.sendTaskSuccess(token, '{')).toThrow(
      expect.objectContaining({ name: 'InvalidOutput' }),
    );
    expect(stepFunctions.sendTaskSuccess(token, '1')).toBe('ok');
  });

  it('takes a callback that comes before the function returned', async () => {
    const replies: string[] = [];
    const made = tokenBench({}, async (token) => {
      await made.kernel.sleep(1000);
      replies.push(made.stepFunctions.sendTaskSuccess(token, '"early"'));
      await made.kernel.sleep(1000);
      throw named('AfterTheFact');
    });
    await made.runTo(200_000);
    expect(made.execution).toMatchObject({ status: 'SUCCEEDED', output: { answer: 'early' } });
    expect(replies).toEqual(['ok']);
    expect(times(made.execution.history, 'TaskSucceeded')).toEqual([1000]);
  });

  it('fails the task when the function itself fails', async () => {
    const { execution, stepFunctions, tokens, runTo } = tokenBench({}, () =>
      Promise.reject(named('CannotAsk')),
    );
    await runTo(1);
    expect(execution).toMatchObject({ status: 'FAILED', error: 'CannotAsk' });
    expect(stepFunctions.sendTaskSuccess(tokens[0] ?? '', '1')).toBe('TaskTimedOut');
  });

  it('makes a fresh token for each attempt; the old one is dead', async () => {
    const { stepFunctions, tokens, runTo, execution } = tokenBench({
      Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }],
    });
    await runTo(102_000);
    expect(tokens).toHaveLength(2);
    expect(stepFunctions.sendTaskSuccess(tokens[0] ?? '', '1')).toBe('TaskTimedOut');
    expect(stepFunctions.sendTaskSuccess(tokens[1] ?? '', '2')).toBe('ok');
    await runTo(102_000);
    expect(execution.output).toEqual({ answer: 2 });
  });
});
