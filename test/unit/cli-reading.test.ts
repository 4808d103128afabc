/** What the console shows, the command shows too: by `--json`, of the same run. */
import { grace, graceJson, scratch } from '../support/memory-io';

const { cwd, remove } = scratch();
beforeAll(async () => {
  await grace(cwd, ['demo', '--json']);
});
afterAll(remove);

interface Row {
  readonly contractId: string;
  readonly status: string;
  readonly playbook: string;
}
const list = async (...more: string[]) => (await graceJson<Row[]>(cwd, ['contract', 'list', ...more])).value;
const ended = async (status: string): Promise<string> => {
  const [row] = await list('--status', status);
  if (row === undefined) throw new Error(`no contract ${status}`);
  return row.contractId;
};

describe('grace contract list', () => {
  it('is narrowed by status and by playbook', async () => {
    expect((await list()).length).toBeGreaterThan(3);
    expect(await list('--status', 'rolled_back')).toMatchObject([{ playbook: 'scale-out-on-errors' }]);
    expect(await list('--playbook', 'scale-out-on-latency')).toMatchObject([{ status: 'resolved' }]);
    expect(await list('--playbook', 'scale-out-on-latency', '--status', 'denied')).toEqual([]);
  });

  it('says which statuses there are', async () => {
    const { code, err } = await grace(cwd, ['contract', 'list', '--status', 'done']);
    expect(code).toBe(2);
    expect(err).toContain('rolled_back');
  });
});

describe('grace contract show', () => {
  it('has what was measured, the snapshots, and which targets are frozen until they are released', async () => {
    const contractId = await ended('needs_person');
    const show = async () =>
      (await graceJson<Record<string, unknown[]>>(cwd, ['contract', 'show', contractId])).value;
    const before = await show();
    expect(before['snapshots']).toMatchObject([{ n: 0 }]);
    expect(before['measurements']).toMatchObject([
      { phase: 'after', n: 0 },
      { phase: 'after', n: 1 },
    ]);
    const [target] = before['frozen'] as string[];
    expect(target).toBe('ec2:instance:us-east-1:123456789012:i-0a1b2c3d4e5f60718');
    await grace(cwd, ['release', target as string, '--reason', 'looked at it']);
    expect((await show())['frozen']).toEqual([]);
  });
});

describe('grace contract snapshot', () => {
  it('shows the state before the action, whole', async () => {
    const contractId = await ended('rolled_back');
    const { code, value } = await graceJson(cwd, ['contract', 'snapshot', contractId]);
    expect(code).toBe(0);
    expect(value).toMatchObject({
      n: 0,
      intact: true,
      targets: [{ facts: { desired_capacity: 4 }, tags: { 'grace:managed': 'true' } }],
    });
    const { out } = await grace(cwd, ['contract', 'snapshot', contractId]);
    expect(out).toContain('desired_capacity 4');
    expect(out).toContain('tag grace:managed=true');
  });

  it('is not there for another number, nor for a contract that needed none', async () => {
    const contractId = await ended('rolled_back');
    expect((await grace(cwd, ['contract', 'snapshot', contractId, '--n', '7'])).code).toBe(2);
    expect((await grace(cwd, ['contract', 'snapshot', contractId, '--n', '-1'])).code).toBe(2);
    expect((await grace(cwd, ['contract', 'snapshot', 'nobody'])).code).toBe(2);
  });
});

describe('grace mission show', () => {
  it('has the timeline of the trouble, in the log’s order', async () => {
    const [mission] = (await graceJson<{ missionId: string }[]>(cwd, ['mission', 'list'])).value;
    const { value } = await graceJson<{ timeline: { seq: number; event: string }[] }>(cwd, [
      'mission',
      'show',
      mission?.missionId as string,
    ]);
    const seqs = value.timeline.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(value.timeline.map(({ event }) => event)).toContain('agentic.action_planned');
  });
});

describe('grace learning', () => {
  it('ranks playbooks by what is sure, with the outcomes behind it', async () => {
    const { value } = await graceJson<{
      playbooks: { playbook: string; resolved: number }[];
      recommendations: { rank: number; playbook: string; low: number }[];
    }>(cwd, ['learning']);
    expect(value.playbooks).toContainEqual(
      expect.objectContaining({ playbook: 'reboot-rds-on-connections', resolved: 1 }),
    );
    const lows = value.recommendations.map(({ low }) => low);
    expect(lows).toEqual([...lows].sort((a, b) => b - a));
    expect((await grace(cwd, ['learning'])).out).toContain('helped in 1 of 1: too few to say');
  });
});

describe('grace parliament', () => {
  it('has nothing to tell before the first vote on a tier 3 action', async () => {
    expect((await graceJson(cwd, ['parliament'])).value).toEqual({ sessions: [], members: [], outcomes: {} });
    expect((await grace(cwd, ['parliament'])).out).toContain('no vote');
  });
});
