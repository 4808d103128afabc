import { grace, graceJson, scratch } from '../support/memory-io';

interface Row {
  readonly contractId: string;
  readonly playbook: string;
  readonly status: string;
}

const { cwd, remove } = scratch();
beforeAll(async () => {
  await grace(cwd, ['demo', '--json']);
});
afterAll(remove);

const rows = async (): Promise<readonly Row[]> => (await graceJson<Row[]>(cwd, ['contract', 'list'])).value;
const of = async (playbook: string): Promise<Row> => {
  const row = (await rows()).find((each) => each.playbook === playbook);
  if (row === undefined) throw new Error(`no contract of ${playbook}`);
  return row;
};

describe('grace restore', () => {
  it('asks for the size before a contract, and gets it as a verified action when a person agrees', async () => {
    const { contractId } = await of('scale-out-on-latency');
    const asked = await graceJson<{ desired_capacity: number; decisions: { decision: string }[] }>(cwd, [
      'restore',
      contractId,
      '--reason',
      'the load is gone',
    ]);
    expect(asked.value).toMatchObject({ desired_capacity: 4, decisions: [{ decision: 'PLANNED' }] });
    const waiting = await of('restore-capacity');
    expect(waiting.status).toBe('awaiting_approval');
    await grace(cwd, ['approve', waiting.contractId, '--as', 'alice']);
    expect((await of('restore-capacity')).status).toBe('resolved');
  });

  it('says that a reboot has no state before it', async () => {
    const { contractId } = await of('reboot-rds-on-connections');
    const { code, err } = await grace(cwd, ['restore', contractId, '--reason', 'x']);
    expect([code, err]).toEqual([2, expect.stringContaining('no inverse')]);
  });

  it('knows no contract that is not there', async () => {
    expect((await grace(cwd, ['restore', 'NOPE', '--reason', 'x'])).code).toBe(2);
  });
});
