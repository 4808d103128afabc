/** The file that is deployed, and what of it is in the template. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ASL_SUBSTITUTIONS } from '../../shared/names';
import { asText, functionNames, ofType, type Resource, templates } from '../support/stack-template';
import { type AslMachine, nextOf, stateTable } from '../support/state-table';

const validator: (definition: object) => { isValid: boolean; errors: unknown[] } = require('asl-validator');

const FOLDER = join(__dirname, '../../statemachines');
const file = readFileSync(join(FOLDER, 'verified-action.asl.json'), 'utf8');
const machine: AslMachine = JSON.parse(file);
const states = Object.entries(machine.States);
const tasks = states.filter(([, { Type }]) => Type === 'Task');
const { grace } = templates();
const [[, deployed]] = ofType(grace, 'AWS::StepFunctions::StateMachine') as [[string, Resource]];
const substitutions: Record<string, unknown> = deployed.Properties.DefinitionSubstitutions;

it('is deployed as it stands in the file, as a standard machine with traces', () => {
  expect(JSON.parse(deployed.Properties.DefinitionString)).toEqual(machine);
  expect(deployed.Properties).toMatchObject({
    StateMachineType: 'STANDARD',
    TracingConfiguration: { Enabled: true },
  });
});

it('has a substitution for each placeholder, and no other: the function that it names', () => {
  const placeholders = new Set([...file.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
  expect(placeholders).toEqual(new Set(Object.keys(substitutions)));
  const names = functionNames(grace);
  for (const [placeholder, name] of Object.entries(ASL_SUBSTITUTIONS)) {
    expect([placeholder, names.get(asText(substitutions[placeholder]).slice(2, -5))]).toEqual([
      placeholder,
      name,
    ]);
  }
});

it('is valid Amazon States Language once substituted', () => {
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:grace-x';
  const text = file.replaceAll(/\$\{(\w+)\}/g, (_all, name) => (name === 'Partition' ? 'aws' : arn));
  expect(validator(JSON.parse(text))).toMatchObject({ isValid: true, errors: [] });
  const broken = JSON.parse(text);
  delete broken.States['Wait For Turn'].Next;
  expect(validator(broken).isValid).toBe(false);
});

it('is the table in statemachines/README.md', () => {
  expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toContain(`\n${stateTable(machine)}\n`);
});

it.each(tasks)('%s has a time limit, a catch, and retries with full jitter and a cap', (_name, task) => {
  expect(task.TimeoutSeconds).toBeGreaterThan(0);
  expect(task.Catch).toEqual([expect.objectContaining({ ErrorEquals: ['States.ALL'] })]);
  const retrying = task.Retry?.filter(({ MaxAttempts }) => MaxAttempts !== 0) ?? [];
  expect(retrying).toHaveLength(1);
  expect(retrying[0]).toMatchObject({ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' });
  // Lived through by the lease of a lock, which allows 15 minutes for retries.
  expect(longestDelays(retrying[0] as never)).toBeLessThanOrEqual(15 * 60);
});

it('has no state that cannot be reached, and none that cannot end', () => {
  const forward = closure([machine.StartAt], (name) => nextOf(machine.States[name] as never));
  expect([...forward].sort()).toEqual(states.map(([name]) => name).sort());
  const ends = states.filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail').map(([name]) => name);
  const before = (name: string) =>
    states.filter(([, state]) => nextOf(state).includes(name)).map(([from]) => from);
  expect(closure(ends, before)).toEqual(forward);
});

it('names its states by their kind: a choice asks, a task does, a wait waits', () => {
  for (const [name, { Type }] of states) {
    if (Type === 'Choice') expect(name).toMatch(/\?$/);
    if (Type === 'Wait') expect(name).toMatch(/^Wait For /);
    if (Type === 'Task') expect(name).toMatch(/^[A-Z][a-z]+( [A-Z][a-z]+)+$/);
  }
});

it('lets a choice fall through to a state of its own naming, never to nothing', () => {
  for (const [name, { Type, Default }] of states)
    if (Type === 'Choice') expect([name, Default]).toEqual([name, expect.any(String)]);
});

function closure(from: readonly string[], next: (name: string) => readonly string[]): Set<string> {
  const found = new Set(from);
  for (const name of found) for (const each of next(name)) found.add(each);
  return found;
}

/** Seconds between all attempts when the jitter is at its most. */
function longestDelays(retry: {
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly MaxAttempts: number;
}): number {
  let sum = 0;
  for (let n = 0; n < retry.MaxAttempts; n += 1) {
    sum += Math.min(retry.MaxDelaySeconds, retry.IntervalSeconds * retry.BackoffRate ** n);
  }
  return sum;
}
