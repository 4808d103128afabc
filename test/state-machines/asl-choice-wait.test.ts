/** The expected orders of history events are those that LocalStack's tests recorded on AWS. */
import type { HistoryEvent } from '../../cli/simulator/asl/execution';
import { done, execute, failed, type Json, times, types } from './asl-bench';

describe('Choice', () => {
  const decide = async (rule: Json, input: unknown, Default: string | undefined = 'No') => {
    const Q = { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], ...(Default ? { Default } : {}) };
    const states = { 'Q?': Q, Yes: done, No: failed };
    return (await execute({ states }, input)).execution;
  };
  const answers = async (rule: Json, input: unknown) => (await decide(rule, input)).status === 'SUCCEEDED';
  const word = { Variable: '$.a.word', StringEquals: 'yes' };

  it.each([
    ['StringEquals', word, { a: { word: 'yes' } }, true],
    ['StringEquals of another word', word, { a: { word: 'Yes' } }, false],
    ['StringEquals of a null', word, { a: { word: null } }, false],
    ['BooleanEquals', { Variable: '$.ok', BooleanEquals: false }, { ok: false }, true],
    ['BooleanEquals of a string', { Variable: '$.ok', BooleanEquals: true }, { ok: 'true' }, false],
    ['IsPresent', { Variable: '$.ok', IsPresent: true }, { ok: null }, true],
    ['IsPresent false', { Variable: '$.a.b', IsPresent: false }, { a: 'text' }, true],
    ['Not', { Not: word }, { a: { word: 'yes' } }, false],
    ['And of both', { And: [{ Variable: '$.a', IsPresent: true }, word] }, { a: { word: 'yes' } }, true],
    ['And of one', { And: [{ Variable: '$.a', IsPresent: true }, word] }, { a: { word: 'no' } }, false],
    ['Or of one', { Or: [{ Variable: '$.a', IsPresent: false }, word] }, { a: { word: 'yes' } }, true],
    ['Or of none', { Or: [{ Variable: '$.a', IsPresent: false }, word] }, { a: { word: 'no' } }, false],
    ['Not, which stops early', { Not: { And: [{ Variable: '$.a', IsPresent: true }, word] } }, {}, true],
    ['And, which stops early', { And: [{ Variable: '$.a', IsPresent: true }, word] }, {}, false],
    ['Or, which stops early', { Or: [{ Variable: '$.a', IsPresent: false }, word] }, {}, true],
  ])('%s', async (_, rule, input, expected) => {
    expect(await answers(rule, input)).toBe(expected);
  });

  it('takes the first rule that holds', async () => {
    const Choices = ['A', 'B'].map((Next) => ({ Variable: '$.x', StringEquals: 'x', Next }));
    const states = { 'Q?': { Type: 'Choice', Choices }, A: done, B: failed };
    const { execution } = await execute({ states }, { x: 'x' });
    expect(types(execution.history).slice(1, 4)).toEqual([
      'ChoiceStateEntered',
      'ChoiceStateExited',
      'SucceedStateEntered',
    ]);
  });

  it('fails when nothing matches and there is no Default', async () => {
    const Q = { Type: 'Choice', Choices: [{ ...word, Next: 'Yes' }] };
    const { execution } = await execute({ states: { 'Q?': Q, Yes: done } }, { a: { word: 'no' } });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  it('fails when the variable does not exist', async () => {
    expect(await decide(word, {})).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('Wait, Pass, Succeed and Fail', () => {
  const waits = async (field: Json, input: unknown = {}) =>
    (
      await execute(
        { states: { W: { Type: 'Wait', ...field, Next: 'P' }, P: { Type: 'Pass', End: true } } },
        input,
      )
    ).execution;
  const after = (execution: { history: readonly HistoryEvent[] }) =>
    times(execution.history, 'WaitStateExited');

  it.each([
    ['Seconds', { Seconds: 90 }, {}, 90_000],
    ['SecondsPath', { SecondsPath: '$.s' }, { s: 5 }, 5000],
    ['Timestamp', { Timestamp: '2026-01-01T00:00:30Z' }, {}, 30_000],
    ['TimestampPath', { TimestampPath: '$.t' }, { t: '2026-01-01T00:01:00.250Z' }, 60_250],
    ['TimestampPath with an offset', { TimestampPath: '$.t' }, { t: '2026-01-01T02:00:01+02:00' }, 1000],
    ['TimestampPath in the past', { TimestampPath: '$.t' }, { t: '2020-01-01T00:00:00Z' }, 0],
  ])('%s', async (_, field, input, expected) => {
    const execution = await waits(field, input);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: input });
    expect(after(execution)).toEqual([expected]);
  });

  it.each([
    '2016-12-05 21:29:29Z',
    '2016-12-05T21:29:29',
    '2016-13-05T21:29:29Z',
    '2016-02-30T21:29:29Z',
    '2016-12-05T25:29:29Z',
    '2016-12-05T24:00:00Z',
    '05-12-2016T21:29:29Z',
    '2099-01-01T00:00:00Z',
    7,
    undefined,
  ])('fails with States.Runtime for the timestamp %s', async (t) => {
    const execution = await waits({ TimestampPath: '$.t' }, { t });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it.each([-1, 1.5, '1'])('fails with States.Runtime for %s seconds', async (s) => {
    expect(await waits({ SecondsPath: '$.s' }, { s })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
    });
  });

  it('Pass hands on its input', async () => {
    expect(types((await waits({ Seconds: 0 }, { a: 1 })).history)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
      'WaitStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('Fail ends with its error and cause', async () => {
    const { execution } = await execute({ states: { F: failed } });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'for a reason' });
    expect(types(execution.history)).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });
});
