import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { loadRun, saveRun } from '../../cli/backend/saved-run';
import { DemoOutput, VerifyOutput } from '../support/cli-schemas';
import { grace, graceJson, scratch } from '../support/memory-io';

/** One run, which the tests only look at. */
const { cwd, remove } = scratch();
let demo: { code: number; value: z.infer<typeof DemoOutput> };
beforeAll(async () => {
  demo = await graceJson(cwd, ['demo']);
});
afterAll(remove);

describe('grace demo --json', () => {
  it('prints the promised keys and ends well', () => {
    expect(DemoOutput.parse(demo.value)).toBeDefined();
    expect(demo.code).toBe(0);
  });

  it('plays the four incidents to their true ends', () => {
    expect(
      demo.value.incidents.map(({ tier, status, verdict, effects }) => [tier, status, verdict, effects]),
    ).toEqual([
      [1, 'resolved', 'met', 1],
      [2, 'resolved', 'met', 1],
      [2, 'rolled_back', 'not_met', 2],
      [2, 'needs_person', 'inconclusive', 1],
    ]);
  });

  it('puts back what was, and freezes what nobody can vouch for', () => {
    const [, , third, fourth] = demo.value.incidents;
    expect(third?.['target']).toMatchObject({ equal: true });
    expect(fourth?.['frozen']).toBe(true);
  });

  it('keeps within the state transitions that were promised', () => {
    const [first, second] = demo.value.incidents;
    expect(first?.transitions).toBeLessThanOrEqual(10);
    expect(second?.transitions).toBeLessThanOrEqual(13);
  });

  it('leaves a whole log, no orphan, and a report', () => {
    expect(demo.value.audit).toMatchObject({ verified: true });
    expect(demo.value.orphans).toBe(0);
    const report = readdirSync(cwd).find((name) => /^scenario_report_.*\.json$/.test(name));
    expect(JSON.parse(readFileSync(join(cwd, report ?? ''), 'utf8'))).toEqual(demo.value);
  });

  it('says that a script approved', () => {
    expect(demo.value.incidents[1]?.['approval']).toEqual({
      principal: 'alice',
      decision: 'approve',
      scripted: true,
    });
  });

  it('tells the same story each time', async () => {
    const other = scratch();
    expect((await graceJson(other.cwd, ['demo'])).value).toEqual(demo.value);
    other.remove();
  });
});

describe('grace demo for people', () => {
  it('shows diagnosis, contract, times, expected against actual, verdict, why and audit entries', async () => {
    const other = scratch();
    const { code, out } = await grace(other.cwd, ['demo']);
    other.remove();
    expect(code).toBe(0);
    for (const part of [
      '1 of 4',
      'Diagnosis',
      'plan sha256',
      'Execute Action',
      'Expected',
      'Verdict',
      'Why',
      'Audit',
    ]) {
      expect(out).toContain(part);
    }
    expect(out).toContain('a script decides as alice');
    expect(out).not.toContain('\u001b');
  });

  it('asks the person at the terminal once, and takes a no', async () => {
    const other = scratch();
    const { code, out } = await grace(other.cwd, ['demo', '--fast'], { types: ['maybe', 'n'] });
    other.remove();
    expect(out.match(/Approve this plan\?/g)).toHaveLength(2);
    expect(out).toContain('operator, at this terminal (unauthenticated): deny');
    expect(out).toMatch(/connections-reboot-helps\s+tier 2\s+denied/);
    expect(code).toBe(0);
  });

  it('goes on with the script when the person goes away', async () => {
    const other = scratch();
    const { code, out } = await grace(other.cwd, ['demo', '--fast'], { types: [] });
    other.remove();
    expect(code).toBe(0);
    expect(out).toMatch(/connections-reboot-helps\s+tier 2\s+resolved/);
  });
});

describe('what a run leaves in .grace', () => {
  it('is read back as it was written, sets too', () => {
    const saved = loadRun(cwd);
    const sets = saved.state.filter((item) => {
      const approval = item['approval'] as { excluded?: unknown } | undefined;
      return approval?.excluded instanceof Set;
    });
    expect(sets.length).toBeGreaterThan(0);
    const other = scratch();
    saveRun(other.cwd, saved);
    expect(loadRun(other.cwd)).toEqual(saved);
    other.remove();
  });

  it('is verified by grace audit verify', async () => {
    const { code, value } = await graceJson(cwd, ['audit', 'verify']);
    expect(VerifyOutput.parse(value)).toMatchObject({ verified: true, firstBad: null });
    expect(code).toBe(0);
  });

  it.each([
    ['an audit entry', 'audit.json', /"actor\\":\\"sentinel/, '"actor\\":\\"nobody00'],
    ['the state of a contract', 'state.json', /"status": "rolled_back"/, '"status": "resolved"'],
  ])('does not verify once %s was changed', async (_, file, from, to) => {
    const other = scratch();
    saveRun(other.cwd, loadRun(cwd));
    const path = join(other.cwd, '.grace', file);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(path, text.replace(from, to));
    const { code, value } = await graceJson<{ verified: boolean }>(other.cwd, ['audit', 'verify']);
    other.remove();
    expect([code, value.verified]).toEqual([1, false]);
  });

  it('is called damaged when it is no JSON', async () => {
    const other = scratch();
    saveRun(other.cwd, loadRun(cwd));
    writeFileSync(join(other.cwd, '.grace/audit.json'), '[');
    const { code, err } = await grace(other.cwd, ['audit', 'verify']);
    other.remove();
    expect(code).toBe(1);
    expect(err).toContain('audit.json is damaged');
  });
});
