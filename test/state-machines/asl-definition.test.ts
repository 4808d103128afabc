/** What the loader refuses, and what it finds out about the paths through a machine. */
import { AslNotSupportedError } from '../../cli/simulator/asl/errors';
import { loadStateMachine } from '../../cli/simulator/asl/parse-definition';
import { stateMachinePaths } from '../../cli/simulator/asl/state-machine-paths';
import { done, failed, type Json, lambda, withToken } from './asl-bench';

const load = (states: Json, top: Json = {}) =>
  loadStateMachine(JSON.stringify({ StartAt: Object.keys(states)[0], States: states, ...top }));

/** The error of loading a machine that has the state 'S' (with these fields) and the end 'D'. */
function refusal(state: Json, top: Json = {}): AslNotSupportedError {
  try {
    load({ S: state, D: done }, top);
  } catch (error) {
    if (error instanceof AslNotSupportedError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const task = (rest: Json) => lambda('a', { Next: 'D', ...rest });
const choice = (rule: Json) => ({ Type: 'Choice', Choices: [{ ...rule, Next: 'D' }] });
const wait = (rest: Json) => ({ Type: 'Wait', ...rest, Next: 'D' });
const parameters = (rest: Json) => task({ Parameters: { FunctionName: 'a', Payload: {}, ...rest } });
const retry = (rest: Json) => task({ Retry: [{ ErrorEquals: ['E'], ...rest }] });
const isX = { Variable: '$.x', StringEquals: 'x' };

it('loads what is supported', () => {
  const machine = load(
    {
      Work: {
        Comment: 'why',
        ...task({ InputPath: '$', OutputPath: '$', QueryLanguage: 'JSONPath', Next: 'Q?' }),
      },
      'Q?': { ...choice({ Comment: 'so', And: [isX, { Not: isX }] }), Default: 'Ask' },
      Ask: withToken({ Next: 'Later' }),
      Later: { Type: 'Wait', TimestampPath: '$.at', Next: 'Skip' },
      Skip: { Type: 'Pass', Next: 'Broken' },
      Broken: failed,
      D: done,
    },
    { Comment: 'all', TimeoutSeconds: 3600, Version: '1.0', QueryLanguage: 'JSONPath' },
  );
  expect(machine.states.size).toBe(7);
});

describe('the loader refuses, naming the state and the field', () => {
  it.each<[string, Json]>([
    ['Type', { Type: 'Parallel', Branches: [], End: true }],
    ['Type', { Type: 'Map', End: true }],
    ['QueryLanguage', task({ QueryLanguage: 'JSONata' })],
    ['InputPath', task({ InputPath: '$.x' })],
    ['OutputPath', task({ OutputPath: null })],
    ['Assign', task({ Assign: {} })],
    ['Credentials', task({ Credentials: {} })],
    ['HeartbeatSeconds', task({ HeartbeatSeconds: 5 })],
    ['TimeoutSecondsPath', task({ TimeoutSecondsPath: '$.x' })],
    ['TimeoutSeconds', task({ TimeoutSeconds: 0 })],
    ['Resource', task({ Resource: 'arn:aws:states:::sqs:sendMessage' })],
    ['Resource', task({ Resource: 'arn:aws:lambda:us-east-1:000000000000:function:a' })],
    ['Resource', task({ Resource: 'arn:aws:states:::lambda:invoke.sync' })],
    ['Parameters', { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true }],
    ['Parameters.InvocationType', parameters({ InvocationType: 'Event' })],
    ['Parameters', parameters({ 'FunctionName.$': '$.f' })],
    ['Parameters.FunctionName', parameters({ FunctionName: { a: 1 } })],
    ['Parameters.Payload.a.$', parameters({ Payload: { a: 1, 'a.$': '$.a' } })],
    ['Parameters.Payload.a.$', parameters({ Payload: { 'a.$': 'States.UUID()' } })],
    ['Parameters.Payload.a.$', parameters({ Payload: { 'a.$': '$.list[0]' } })],
    ['Parameters.Payload.a.$', parameters({ Payload: { 'a.$': '$..deep' } })],
    ['Parameters.Payload.a.$', parameters({ Payload: { 'a.$': "$['x']" } })],
    ['Parameters.Payload.a.$', parameters({ Payload: { 'a.$': '$.__proto__' } })],
    ['Parameters.Payload.a.$', parameters({ Payload: { 'a.$': 5 } })],
    ['Parameters.Payload.a.$', parameters({ Payload: { 'a.$': '$$.Map.Item.Value' } })],
    ['Parameters', parameters({ Payload: { 'a.$': '$$.Task.Token' } })],
    ['Parameters.Payload', withToken({ Parameters: { FunctionName: 'a', Payload: {} }, Next: 'D' })],
    ['ResultSelector.a.$', task({ ResultSelector: { 'a.$': '$.SdkHttpMetadata.HttpStatusCode' } })],
    ['ResultPath', task({ ResultPath: '$.list[0]' })],
    ['ResultPath', task({ ResultPath: '$$.State' })],
    ['(itself)', task({ End: true })],
    ['Retry[0].BackoffRate', retry({ BackoffRate: 0.5 })],
    ['Retry[0].IntervalSeconds', retry({ IntervalSeconds: 0 })],
    ['Retry[0].MaxAttempts', retry({ MaxAttempts: -1 })],
    ['Retry[0].MaxDelaySeconds', retry({ IntervalSeconds: 5, MaxDelaySeconds: 5 })],
    ['Retry[0].JitterStrategy', retry({ JitterStrategy: 'EQUAL' })],
    ['Retry[0].ErrorEquals', retry({ ErrorEquals: [] })],
    ['Retry[0].ErrorEquals', retry({ ErrorEquals: ['States.ALL', 'E'] })],
    ['Retry[0].ErrorEquals', task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] })],
    ['Retry[0].ErrorEquals', retry({ ErrorEquals: ['States.HeartbeatTimeout'] })],
    ['Catch[0].ErrorEquals', task({ Catch: [{ ErrorEquals: ['States.Runtime'], Next: 'D' }] })],
    ['Catch[0].Output', task({ Catch: [{ ErrorEquals: ['E'], Next: 'D', Output: {} }] })],
    ['Catch', task({ Catch: [{ ErrorEquals: ['E'], Next: 'Nowhere' }] })],
    ['Next', task({ Next: 'Nowhere' })],
    ['Choices', { Type: 'Choice', Choices: [] }],
    ['Choices[0].NumericEquals', choice({ Variable: '$.x', NumericEquals: 1 })],
    ['Choices[0].StringEqualsPath', choice({ Variable: '$.x', StringEqualsPath: '$.y' })],
    ['Choices[0].Variable', choice({ Variable: '$$.Execution.Name', StringEquals: 'x' })],
    ['Choices[0].BooleanEquals', choice({ Variable: '$.x', BooleanEquals: 'true' })],
    ['Choices[0]', choice({ ...isX, IsPresent: true })],
    ['Choices[0].Variable', choice({ Variable: '$.x', And: [isX] })],
    ['Choices[0].And[0].Next', choice({ And: [{ ...isX, Next: 'D' }] })],
    ['Next', { ...choice(isX), Next: 'D' }],
    ['Default', { ...choice(isX), Default: 'Nowhere' }],
    ['(itself)', wait({})],
    ['(itself)', wait({ Seconds: 1, SecondsPath: '$.x' })],
    ['Seconds', wait({ Seconds: 1.5 })],
    ['Timestamp', wait({ Timestamp: 'tomorrow' })],
    ['Parameters', { Type: 'Pass', Parameters: {}, Next: 'D' }],
    ['Result', { Type: 'Pass', Result: 1, Next: 'D' }],
    ['End', { Type: 'Pass', End: false }],
    ['ErrorPath', { Type: 'Fail', ErrorPath: '$.x' }],
    ['Next', { Type: 'Succeed', Next: 'D' }],
  ])('%s of %j', (field, state) => {
    expect(refusal(state)).toMatchObject({ name: 'AslNotSupportedError', stateName: 'S', field });
  });

  it.each<[string, Json]>([
    ['QueryLanguage', { QueryLanguage: 'JSONata' }],
    ['Version', { Version: '2.0' }],
    ['TimeoutSeconds', { TimeoutSeconds: 1.5 }],
    ['ProcessorConfig', { ProcessorConfig: {} }],
    ['StartAt', { StartAt: 'Nowhere' }],
  ])('%s of the machine', (field, top) => {
    expect(refusal(done, top)).toMatchObject({ stateName: undefined, field });
  });

  it('a name of more than 80 characters, and a key that is given twice', () => {
    expect(() => load({ ['x'.repeat(81)]: done })).toThrow('1 to 80 characters');
    const twice =
      '{ "StartAt": "A", "States": { "A": { "Type": "Succeed" }, "\\u0041" : { "Type": "Fail" } } }';
    expect(() => loadStateMachine(twice)).toThrow('field A: is given twice');
  });
});

describe('substitutions', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders, not a template
  const Resource = 'arn:${Partition}:states:::lambda:invoke';
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
  const Parameters = { FunctionName: '${Admit}', Payload: {} };
  const text = JSON.stringify({
    StartAt: 'A',
    States: { A: lambda('', { Resource, Parameters, End: true }) },
  });

  it('replace the placeholders', () => {
    const machine = loadStateMachine(text, { Partition: 'aws', Admit: 'admit-function' });
    expect(machine.states.get('A')).toMatchObject({
      functionName: { kind: 'literal', value: 'admit-function' },
    });
  });

  it('must all be given', () => {
    expect(() => loadStateMachine(text, { Partition: 'aws' })).toThrow(AslNotSupportedError);
  });
});

it('knows the paths through a machine', () => {
  const machine = load({
    Start: { ...choice(isX), Default: 'Loop' },
    Loop: { Type: 'Pass', Next: 'Round' },
    Round: { Type: 'Pass', Next: 'Loop' },
    Lost: lambda('a', { Catch: [{ ErrorEquals: ['E'], Next: 'D' }], End: true }),
    D: done,
  });
  expect(stateMachinePaths(machine)).toEqual({
    states: ['Start', 'Loop', 'Round', 'Lost', 'D'],
    edges: [
      { from: 'Start', to: 'D', kind: 'Choices' },
      { from: 'Start', to: 'Loop', kind: 'Default' },
      { from: 'Loop', to: 'Round', kind: 'Next' },
      { from: 'Round', to: 'Loop', kind: 'Next' },
      { from: 'Lost', to: 'D', kind: 'Catch' },
    ],
    unreachable: ['Lost'],
    endless: ['Loop', 'Round'],
  });
});
