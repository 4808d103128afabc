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

  it('is also known as grace contract rollback', async () => {
    const { contractId } = await of('reboot-rds-on-connections');
    const { code, err } = await grace(cwd, ['contract', 'rollback', contractId, '--reason', 'x']);
    expect([code, err]).toEqual([2, expect.stringContaining('no inverse')]);
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

describe('grace contract watch', () => {
  it('says how a contract stands, and in the simulator does not wait for what cannot come', async () => {
    const { contractId } = await of('scale-out-on-latency');
    const { value, code } = await graceJson<{ ended: boolean; moves: { status: string }[] }>(cwd, [
      'contract',
      'watch',
      contractId,
    ]);
    expect([code, value]).toMatchObject([
      0,
      { ended: true, status: 'resolved', moves: [{ status: 'resolved' }] },
    ]);
  });

  it('knows no contract that is not there', async () => {
    expect((await grace(cwd, ['contract', 'watch', 'NOPE'])).code).toBe(2);
  });
});
