import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitArray } from '../../cli/simulate/split-array';
import { grace, graceJson, scratch } from '../support/memory-io';

const { cwd, remove } = scratch();
afterAll(remove);

describe('usage', () => {
  it.each<[string, string[], number]>([
    ['help', ['--help'], 0],
    ['help of a command', ['simulate', '--help'], 0],
    ['no command', [], 2],
    ['an unknown command', ['selfdestruct'], 2],
    ['an unknown option', ['demo', '--jsno'], 2],
    ['an unknown place', ['contract', 'list', '--on', 'moon'], 2],
    ['half a command', ['audit'], 2],
    ['a missing reason', ['pause'], 2],
    ['a missing argument', ['approve'], 2],
    ['an event of nothing', ['emit'], 2],
    ['a number that is none', ['contract', 'list', '--limit', 'many'], 2],
    ['an emulator that nobody started', ['contract', 'list', '--on', 'emulator'], 2],
    ['a playbook that is not there', ['playbook', 'show', 'scale-out-on-latenci'], 2],
    ['playbooks that are not there', ['playbook', 'check', '--playbooks', 'nowhere'], 2],
  ])('%s ends with its code', async (_, argv, code) => {
    const answer = await grace(cwd, argv);
    expect(answer.code).toBe(code);
    if (code === 2 && argv.length > 1) expect(answer.out).toBe('');
  });

  it('prints what playbooks have wrong, and ends with 1', async () => {
    mkdirSync(join(cwd, 'bad'));
    writeFileSync(join(cwd, 'bad', 'one.yaml'), 'schema: 1\nname: one\n');
    const { code, value } = await graceJson<{ ok: boolean; problems: unknown[] }>(cwd, [
      'playbook',
      'check',
      '--playbooks',
      'bad',
    ]);
    expect([code, value.ok]).toEqual([1, false]);
    expect(value.problems.length).toBeGreaterThan(0);
  });

  it('checks, tests and lists the playbooks that come with Grace', async () => {
    expect((await graceJson(cwd, ['playbook', 'check'])).value).toMatchObject({ ok: true, problems: [] });
    expect((await graceJson(cwd, ['playbook', 'test'])).value).toMatchObject({ ok: true });
    expect((await graceJson<unknown[]>(cwd, ['playbook', 'list'])).value.length).toBeGreaterThanOrEqual(6);
  });
});

describe('splitting an array', () => {
  it('keeps each element as it is written', () => {
    expect(splitArray('[{"a":1,"a":2}, "x,]\\"" , [1,[2]] ]')).toEqual([
      '{"a":1,"a":2}',
      ' "x,]\\"" ',
      ' [1,[2]] ',
    ]);
    expect(splitArray('[]')).toEqual([]);
  });

  it('finds what is no array, or not closed', () => {
    for (const text of ['{}', '[', '[1', '[1]]', '[1][2]', '["]', ''])
      expect(splitArray(text)).toBeUndefined();
  });
});
