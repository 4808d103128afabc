import { bench, done, execute, lambda, named, START, types, withToken } from './asl-bench';

describe('executions', () => {
  const waiting = { states: { W: { Type: 'Wait', Seconds: 100, End: true } } };

  it('starts a name once: the same input while it runs gives the same execution', async () => {
    const { kernel, stepFunctions } = bench(waiting);
    const first = stepFunctions.startExecution('c1', { contractId: 'c1' });
    expect(stepFunctions.startExecution('c1', { contractId: 'c1' })).toBe(first);
    const taken = expect.objectContaining({ name: 'ExecutionAlreadyExists' });
    expect(() => stepFunctions.startExecution('c1', { contractId: 'c2' })).toThrow(taken);
    await kernel.run();
    expect(first.history).toHaveLength(4);
    expect(() => stepFunctions.startExecution('c1', { contractId: 'c1' })).toThrow(taken);
    expect(stepFunctions.listExecutions()).toEqual([first]);
    expect(stepFunctions.describeExecution('c1')).toBe(first);
    expect(stepFunctions.describeExecution('c2')).toBeUndefined();
  });

  it.each(['', 'x'.repeat(81), 'a b', 'a/b', 'a:b', 'a*', '<a>'])('refuses the name "%s"', (name) => {
    const invalid = expect.objectContaining({ name: 'InvalidName' });
    expect(() => bench(waiting).stepFunctions.startExecution(name, {})).toThrow(invalid);
  });

  it('takes a name of 80 characters, and refuses an input that is no JSON or too large', () => {
    const { stepFunctions } = bench(waiting);
    expect(stepFunctions.startExecution('x'.repeat(80), {}).status).toBe('RUNNING');
    const invalid = expect.objectContaining({ name: 'InvalidExecutionInput' });
    for (const input of [undefined, 1n, 'x'.repeat(262_143)])
      expect(() => stepFunctions.startExecution('y', input)).toThrow(invalid);
  });

  it('is aborted by stopExecution; a closed one stays as it is', async () => {
    const { kernel, stepFunctions } = bench(waiting);
    const execution = stepFunctions.startExecution('c1', {});
    await kernel.run({ untilMs: START + 10_000 });
    stepFunctions.stopExecution('c1', { error: 'Stopped', cause: 'by hand' });
    stepFunctions.stopExecution('c1', { error: 'Again' });
    expect(execution).toMatchObject({
      status: 'ABORTED',
      error: 'Stopped',
      cause: 'by hand',
      stopMs: START + 10_000,
    });
    expect(types(execution.history)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
    expect(await kernel.run()).toBe('idle');
    expect(kernel.now()).toBe(START + 10_000);
    const missing = expect.objectContaining({ name: 'ExecutionDoesNotExist' });
    expect(() => stepFunctions.stopExecution('c2')).toThrow(missing);
  });

  it('can be stopped by the very function that it invoked', async () => {
    const replies: string[] = [];
    const made = bench({
      states: { Ask: withToken({ End: true }) },
      invoke: async (_, payload) => {
        made.stepFunctions.stopExecution('run');
        replies.push(made.stepFunctions.sendTaskSuccess((payload as { token: string }).token, '1'));
      },
    });
    const execution = made.stepFunctions.startExecution('run', {});
    await made.kernel.run();
    expect(replies).toEqual(['TaskTimedOut']);
    expect(execution.status).toBe('ABORTED');
    expect(made.kernel.now()).toBe(START);
  });

  it('times out as a whole, while the function runs on', async () => {
    const states = { A: lambda('a', { TimeoutSeconds: 1000, End: true }) };
    const { execution, kernel } = await execute({
      states,
      top: { TimeoutSeconds: 300 },
      invoke: () => new Promise(() => {}),
    });
    expect(execution.status).toBe('TIMED_OUT');
    expect(execution.error).toBeUndefined();
    expect(execution.history.at(-1)).toMatchObject({ type: 'ExecutionTimedOut', error: 'States.Timeout' });
    expect(kernel.now()).toBe(START + 300_000);
  });

  it('fails at 25,000 history events', async () => {
    const states = { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } };
    const { execution } = await execute({ states });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(execution.history).toHaveLength(25_000);
    expect(execution.history.at(-1)?.type).toBe('ExecutionFailed');
  });

  it('reports every event as it happens, with the name of the execution', async () => {
    const { execution, events } = await execute({ states: { D: done } });
    expect(events).toEqual(execution.history.map((event) => ({ ...event, executionName: 'run' })));
  });

  it('gives the same histories for the same seed, also with many at once', async () => {
    const run = async (seed: number) => {
      const made = bench({
        seed,
        states: {
          A: lambda('a', {
            Retry: [{ ErrorEquals: ['E'], MaxAttempts: 9, JitterStrategy: 'FULL' }],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'D' }],
            Next: 'D',
          }),
          D: done,
        },
        invoke: async () => {
          await made.kernel.sleep(made.kernel.random() * 1000);
          if (made.kernel.random() < 0.5) throw named('E');
        },
      });
      for (let index = 0; index < 20; index += 1) made.stepFunctions.startExecution(`e${index}`, {});
      await made.kernel.run();
      return made.events;
    };
    expect(await run(5)).toEqual(await run(5));
    expect(await run(5)).not.toEqual(await run(6));
  });
});
