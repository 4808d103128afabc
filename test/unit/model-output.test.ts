import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODELS } from '../../models/claims';
import { readSearch } from '../../models/search-output';

const finished = `
Full statespace search for:
	never claim         	+ (all_safety)
	assertion violations	+ (if within scope of claim)
	invalid end states	- (disabled by never claim)

State-vector 132 byte, depth reached 134, errors: 0
  3099781 states, stored
`;
const violated = `pan:1: assertion violated  !( !( !(no_quorum))) (at depth 60)
pan: wrote approval.pml.trail

Warning: Search not completed
State-vector 132 byte, depth reached 60, errors: 1
     4711 states, stored
`;

describe('a search of the model', () => {
  test('that was finished and found nothing holds', () => {
    expect(readSearch(finished)).toEqual({ result: 'holds', states: 3_099_781 });
  });
  test('that found something is a violation', () => {
    expect(readSearch(violated)).toEqual({ result: 'violated' });
    expect(readSearch(violated.replace('assertion violated', 'acceptance cycle'))).toEqual({
      result: 'violated',
    });
  });
  test.each([
    'error: max search depth too small',
    'pan: out of memory',
    'pan: reached -DMEMLIM bound, memory limit',
    'Warning: Search not completed',
  ])('that was cut off says nothing: %s', (line) => {
    expect(readSearch(`${line}\n${finished}`)).toEqual({ result: 'unfinished', why: line });
  });
  test('that did not begin says nothing', () => {
    expect(readSearch('')).toMatchObject({ result: 'unfinished' });
    expect(readSearch('pan: error: too many processes')).toMatchObject({ result: 'unfinished' });
  });
});

describe.each(MODELS)('the claims of $file', ({ file, parts, safety, liveness, mutants }) => {
  const model = readFileSync(join(__dirname, '../../models', file), 'utf8');
  test('are those of the model', () => {
    const inModel = [...model.matchAll(/^ltl (\w+)/gm)].map(([, name]) => name);
    expect(inModel.sort()).toEqual([...Object.keys(safety), ...Object.keys(liveness), 'all_safety'].sort());
  });
  test('are each in the one search that stands for all of them', () => {
    const together = model.slice(model.indexOf('ltl all_safety'));
    for (const [, macro] of model.matchAll(/^ltl \w+ +\{ \[\] (\w+) \}/gm)) expect(together).toContain(macro);
  });
  test('name each mistake that the model can be given, once', () => {
    const switches = [...model.matchAll(/^#if(?:n?)def (\w+)/gm)].map(([, name]) => name ?? '');
    const mistakes = new Set(switches.filter((name) => !parts.includes(name)));
    expect(mutants.map(([mutant]) => mutant).sort()).toEqual([...mistakes].sort());
  });
  test('have each mistake found in a part, by a property of theirs', () => {
    for (const [mutant, part, property] of mutants) {
      expect([mutant, parts]).toEqual([mutant, expect.arrayContaining([part])]);
      expect([mutant, property in safety || property in liveness]).toEqual([mutant, true]);
    }
  });
});

describe('what is told of the models', () => {
  test('counts what they claim', () => {
    const claims = MODELS.flatMap(({ safety, liveness }) => Object.keys({ ...safety, ...liveness })).length;
    const mistakes = MODELS.flatMap(({ mutants }) => mutants).length;
    const readme = readFileSync(join(__dirname, '../../models/README.md'), 'utf8');
    expect(readme).toContain(`properties ${claims}/${claims}, mutants ${mistakes}/${mistakes}`);
  });
});
