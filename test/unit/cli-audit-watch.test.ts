import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartRow } from '../../cli/audit/parts-of-grace';
import { SUBSYSTEMS } from '../../shared/domain/subsystems';
import { grace, graceJson, scratch } from '../support/memory-io';

interface Checked {
  readonly entries: number;
  readonly sealed: number;
  readonly opened: readonly { readonly kind: string; readonly seq?: number }[];
  readonly open: number;
  readonly done: boolean;
}
interface Finding {
  readonly findingId: string;
  readonly finding: { readonly kind: string };
}

const { cwd, remove } = scratch();
beforeAll(async () => {
  await grace(cwd, ['demo', '--json']);
});
afterAll(remove);

describe('what a run leaves', () => {
  it('ends in a checkpoint, signed with a key that says whose it is', async () => {
    expect(readFileSync(join(cwd, '.grace/seal/epoch-1/checkpoint'), 'utf8')).toMatch(
      /^grace\/grace\/123456789012\/us-east-1\/1\n\d+\n/,
    );
    expect(readFileSync(join(cwd, '.grace/simulator-signing-key.pem'), 'utf8')).toContain('PRIVATE KEY');
    const { code, value } = await graceJson<{ verified: boolean }>(cwd, ['audit', 'verify']);
    expect([code, value.verified]).toEqual([0, true]);
  });

  it('has nothing open, whether what is new is looked at or everything; and it still verifies', async () => {
    const { code, value } = await graceJson<Checked>(cwd, ['audit', 'check']);
    expect([code, value]).toEqual([0, expect.objectContaining({ opened: [], open: 0, done: true })]);
    const full = (await graceJson<Checked>(cwd, ['audit', 'check', '--full'])).value;
    expect(full).toMatchObject({ opened: [], open: 0, done: true });
    expect(full.sealed).toBeGreaterThan(100);
    expect((await grace(cwd, ['audit', 'verify'])).code).toBe(0);
  });

  it('was counted by the hour, part by part', async () => {
    const { value } = await graceJson<{ hour: string; activity: object }[]>(cwd, ['audit', 'summary']);
    expect(value.map(({ hour }) => hour)).toContain('2026-01-05T09');
    expect(Object.keys(value[0]?.activity ?? {})).toEqual(
      expect.arrayContaining(['intake', 'execution', 'views']),
    );
  });

  it('says of each part how long it may be silent, and by what way the canary comes to it', async () => {
    const { value } = await graceJson<PartRow[]>(cwd, ['audit', 'summary', '--parts']);
    expect(value.map(({ part }) => part)).toEqual(Object.keys(SUBSYSTEMS));
    for (const { canary, without, budgetMs, answered } of value) {
      expect(canary === null ? without : budgetMs).toBeTruthy();
      // The check above has sung, and what runs here was heard.
      if (canary?.startsWith('mesh')) expect(answered?.song).toBeGreaterThan(0);
    }
    const { out } = await grace(cwd, ['audit', 'summary']);
    expect(out).toMatch(/^2026-01-05T09:00Z .*intake \d+/m);
    expect(out).toMatch(/^relay +10 min +canary by mesh, rule, relay queue, relay; song \d+ at 2026-01-05T/m);
    expect(out).toMatch(/^deployment +no limit +no canary: runs when somebody deploys/m);
  });

  it('shows an entry that somebody edits as a finding, which a person closes with a reason, once', async () => {
    const file = join(cwd, '.grace/audit.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('GATE_PASSED', 'GATE_FAKED'));
    const { code, value } = await graceJson<Checked>(cwd, ['audit', 'check', '--full']);
    expect(code).toBe(1);
    const kinds = value.opened.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['WRONG_LINK', 'SEAL_DIFFERS']));
    const open = (await graceJson<Finding[]>(cwd, ['audit', 'findings'])).value;
    const { out } = await grace(cwd, ['audit', 'findings']);
    expect(out).toContain('The bytes of an entry do not hash to its link: it was edited.');
    expect(out).toContain('What to do: Compare with the sealed bundle of that entry');
    const wrong = open.find(({ finding }) => finding.kind === 'WRONG_LINK')?.findingId ?? '';
    const close = ['audit', 'close', wrong, '--reason', 'a test'];
    expect((await grace(cwd, close)).code).toBe(0);
    expect((await grace(cwd, close)).code).toBe(2);
    const left = (await graceJson<Finding[]>(cwd, ['audit', 'findings'])).value;
    expect(left.map(({ findingId }) => findingId)).not.toContain(wrong);
  });
});
