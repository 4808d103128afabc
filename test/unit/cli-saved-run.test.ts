import { grace, graceJson, scratch } from '../support/memory-io';

interface Row {
  readonly contractId: string;
  readonly status: string;
  readonly planHash: string;
}
const TARGET = 'ec2:instance:us-east-1:123456789012:i-0a1b2c3d4e5f60718';
const HANG = [
  'emit',
  '--for',
  'carol',
  '--service',
  'ledger',
  '--name',
  'WorkerHangError',
  '--attribute',
  'instance_id=i-0a1b2c3d4e5f60718',
];

/** A run that the commands work on, one after the other. */
const { cwd, remove } = scratch();
beforeAll(async () => {
  await grace(cwd, ['demo', '--json']);
});
afterAll(remove);

const newest = async (): Promise<Row> => {
  const { value } = await graceJson<Row[]>(cwd, ['contract', 'list']);
  return value[0] as Row;
};

describe('commands on a saved run', () => {
  it('find nothing where there is no run', async () => {
    const empty = scratch();
    for (const argv of [
      ['audit', 'verify'],
      ['contract', 'list'],
      ['pause', '--reason', 'x'],
    ]) {
      const { code, err } = await grace(empty.cwd, argv);
      expect([code, err]).toEqual([2, expect.stringContaining('npm start')]);
    }
    empty.remove();
  });

  it('leave a frozen target alone, and release it once', async () => {
    const { value } = await graceJson<{ decisions: { decision: string }[] }>(cwd, HANG);
    expect(value.decisions).toMatchObject([{ decision: 'FROZEN', status: null }]);
    const refused = await graceJson(cwd, ['release', TARGET, '--reason', 'looked', '--as', 'alice']);
    expect(refused).toMatchObject({ code: 2, value: { ok: false, code: 'NOT_FOUND' } });
    const { code, value: released } = await graceJson(cwd, ['release', TARGET, '--reason', 'looked']);
    expect([code, released]).toEqual([0, expect.objectContaining({ target: TARGET, by: 'operator' })]);
    expect((await grace(cwd, ['release', TARGET, '--reason', 'looked'])).code).toBe(2);
  });

  it('plan, wait, refuse who may not decide, and go on when one who may agrees', async () => {
    const { value } = await graceJson<{ decisions: { status: string }[] }>(cwd, [
      ...HANG,
      '--message',
      'again',
    ]);
    expect(value.decisions).toMatchObject([{ decision: 'PLANNED', status: 'awaiting_approval' }]);
    const { contractId, planHash } = await newest();

    for (const nobody of ['mallory', 'carol']) {
      const other = await graceJson<{ code: string }>(cwd, ['approve', contractId, '--as', nobody]);
      expect([other.code, other.value.code]).toEqual([2, 'NOT_FOUND']);
    }
    const stale = await graceJson<{ code: string }>(cwd, [
      'approve',
      contractId,
      '--plan-hash',
      '0'.repeat(64),
    ]);
    expect([stale.code, stale.value.code]).toEqual([1, 'PLAN_CHANGED']);

    const { code, value: decided } = await graceJson(cwd, [
      'approve',
      contractId,
      '--as',
      'bob',
      '--reason',
      'go',
    ]);
    expect(code).toBe(0);
    expect(decided).toMatchObject({
      ok: true,
      principal: 'bob',
      authenticated: false,
      planHash,
      status: 'resolved',
    });
    const twice = await graceJson<{ code: string }>(cwd, ['approve', contractId, '--as', 'alice']);
    expect([twice.code, twice.value.code]).toEqual([1, 'CLOSED']);
  });

  it('deny, and nothing is sent', async () => {
    // The same trouble joins the target's cooldown, so another one is sent.
    const { value } = await graceJson<{ decisions: { decision: string }[] }>(cwd, [
      ...HANG,
      '--message',
      'third',
    ]);
    expect(value.decisions).toMatchObject([{ decision: 'COOLDOWN' }]);
  });

  it('pause and resume with a reason, audited', async () => {
    const entries = async () =>
      (await graceJson<{ entries: number }>(cwd, ['audit', 'verify'])).value.entries;
    const before = await entries();
    expect((await grace(cwd, ['pause'])).code).toBe(2);
    expect((await graceJson(cwd, ['pause', '--reason', 'drill'])).value).toMatchObject({
      paused: true,
      by: 'operator',
    });
    expect((await graceJson(cwd, ['resume', '--reason', 'over'])).value).toMatchObject({ paused: false });
    expect(await entries()).toBe(before + 2);
  });

  it('show a contract and its mission, and say when there is none', async () => {
    const { contractId } = await newest();
    const { value } = await graceJson<{ contract: { missionId: string }; planUnchanged: boolean }>(cwd, [
      'contract',
      'show',
      contractId,
    ]);
    expect(value.planUnchanged).toBe(true);
    const mission = await graceJson(cwd, ['mission', 'show', value.contract.missionId]);
    expect(mission.value).toMatchObject({ status: 'ended' });
    expect((await grace(cwd, ['contract', 'show', 'nobody'])).code).toBe(2);
    expect((await grace(cwd, ['mission', 'show', 'nobody'])).code).toBe(2);
  });

  it('push playbooks, which changes nothing where they are the same', async () => {
    const { code, value } = await graceJson<{ outcome: string }[]>(cwd, ['playbook', 'push']);
    expect(code).toBe(0);
    expect(new Set(value.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
  });

  it('show what was quarantined, and let it go once, by a person', async () => {
    const attack = ['emit', '--service', 'ledger', '--name', 'Odd', '--attribute', 'group=web; rm -rf /'];
    const sent = await graceJson<{ decisions: { decision: string }[] }>(cwd, attack);
    expect([sent.code, sent.value.decisions[0]?.decision]).toEqual([1, 'QUARANTINED']);

    const list = async (status: string) =>
      (await graceJson<{ id: string }[]>(cwd, ['quarantine', 'list', '--status', status])).value;
    const [held] = await list('held');
    const id = held?.id ?? '';
    expect((await graceJson(cwd, ['quarantine', 'show', id])).value).toMatchObject({
      code: 'SHELL_INJECTION',
      status: 'held',
      findings: [{ path: 'error.attributes.group' }],
    });

    expect((await grace(cwd, ['quarantine', 'release', id])).code).toBe(2);
    const release = ['quarantine', 'release', id, '--reason', 'our own test', '--as', 'alice'];
    const released = await graceJson(cwd, release);
    expect([released.code, released.value]).toEqual([
      0,
      {
        id,
        ok: true,
        by: 'alice',
        reason: 'our own test',
        decision: { decision: 'NO_PLAYBOOK', contractId: null },
      },
    ]);
    expect(await list('held')).toEqual([]);
    expect(await list('released')).toMatchObject([{ id, released: { by: 'alice' } }]);
    const again = await graceJson<{ code: string }>(cwd, release);
    expect([again.code, again.value.code]).toEqual([1, 'ALREADY_RELEASED']);
    expect((await grace(cwd, ['quarantine', 'show', 'none'])).code).toBe(2);
  });

  it('leave a log that still verifies', async () => {
    expect((await graceJson(cwd, ['audit', 'verify'])).value).toMatchObject({ verified: true });
  });

  it('dump the log, and verify the dump', async () => {
    expect((await grace(cwd, ['audit', 'dump', 'log.jsonl'])).code).toBe(0);
    expect((await graceJson(cwd, ['audit', 'verify', '--file', 'log.jsonl'])).value).toMatchObject({
      verified: true,
    });
    expect((await grace(cwd, ['audit', 'verify', '--file', 'none.jsonl'])).code).toBe(2);
  });
});
