/** Which policies are in force is said by the function that decides by them, not by the files of whoever asks. */

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHIPPED_POLICIES } from '../../cli/policies/policy-directory';
import { loadPolicies } from '../../cli/policies/run-cases';
import { decide } from '../../functions/decide/decide';
import type { PoliciesAnswer } from '../../shared/contracts/decision';
import type { MemoryTable } from '../../shared/stores/memory-table';
import { logicBench } from '../support/logic-bench';
import { grace, graceJson, scratch } from '../support/memory-io';

const command = { decision: 'policies' };

describe('the deciding function, asked for its policies', () => {
  test('tells whoever proves who they are, whatever their roles, and writes nothing', async () => {
    const bench = logicBench();
    const inForce = loadPolicies(SHIPPED_POLICIES);
    const asked = { ...command, proof: { token: 'somebody without a role' } };
    const answer = (await decide(asked, { ...bench, inForce: () => inForce })) as PoliciesAnswer;
    expect(answer).toMatchObject({ ok: true, version: inForce.version });
    expect(answer.policies.map(({ id, text }) => [id, text])).toEqual(
      inForce.policies.map(({ id, text }) => [id, text]),
    );
    expect(answer.policies.find(({ id }) => id === 'blast-radius')).toEqual({
      id: 'blast-radius',
      effect: 'forbid',
      constitution: true,
      reason: "It touches more than 90 % of its targets' capacity, or more than 25 targets.",
      text: expect.stringContaining('forbid'),
    });
    expect((bench.table as MemoryTable).items()).toEqual([]);
  });

  test('tells nobody else, and takes nothing that it does not know', async () => {
    const bench = logicBench();
    expect(await decide(command, bench)).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' });
    const more = { ...command, version: 'a'.repeat(64), proof: { token: 'ana' } };
    expect(await decide(more, bench)).toMatchObject({ ok: false, code: 'BAD_COMMAND' });
  });
});

describe('grace policy list', () => {
  const { cwd, remove } = scratch();
  beforeAll(async () => {
    await grace(cwd, ['demo', '--json']);
    // Other policies beside the run, as somebody has who is about to deploy them.
    cpSync(SHIPPED_POLICIES, join(cwd, 'policies'), { recursive: true });
    writeFileSync(
      join(cwd, 'policies/own.cedar'),
      '@id("year-end")\n@reason("Not now.")\nforbid (principal, action, resource) when { context.tier >= 1 };\n',
    );
  });
  afterAll(remove);

  test('lists what decides in the deployment, also where the folder has other policies', async () => {
    const { value: folder } = await graceJson<{ version: string }>(cwd, ['policy', 'check']);
    const { code, value } = await graceJson<Omit<PoliciesAnswer, 'ok'>>(cwd, ['policy', 'list']);
    const shipped = loadPolicies(SHIPPED_POLICIES);
    expect([code, value.version]).toEqual([0, shipped.version]);
    expect(value.version).not.toBe(folder.version);
    expect(value.policies).toEqual(shipped.policies.map(({ file: _file, ...policy }) => policy));
  });

  test('is a table for people: id, what kind, why; with their text when that is asked for', async () => {
    const { out } = await grace(cwd, ['policy', 'list']);
    expect(out).toMatch(/^blast-radius +constitution +It touches more than 90 %/m);
    expect(out).toMatch(/^tier-1-by-itself +permit +What is small/m);
    expect(out).toMatch(/^13 policies are in force; version [0-9a-f]{12}$/m);
    expect(out).not.toContain('principal');
    const { out: whole } = await grace(cwd, ['policy', 'list', '--text']);
    expect(whole).toContain('    @id("blast-radius")\n');
  });

  test('changes nothing of a saved run', async () => {
    const run = () => readFileSync(join(cwd, '.grace/run.json'), 'utf8');
    const before = run();
    await grace(cwd, ['policy', 'list']);
    expect(run()).toBe(before);
  });

  test('ends with 2 where there is no deployment', async () => {
    const empty = scratch();
    expect((await grace(empty.cwd, ['policy', 'list'])).code).toBe(2);
    empty.remove();
  });
});
