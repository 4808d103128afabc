import { grace, graceJson, scratch } from '../support/memory-io';

interface Request {
  readonly contractId: string;
  readonly planHash: string;
  readonly quorum: number;
  readonly eligible: readonly string[];
}

const HANG = [
  ...['emit', '--for', 'application', '--service', 'ledger', '--name', 'WorkerHangError'],
  ...['--attribute', 'instance_id=i-0a1b2c3d4e5f60718'],
];
const TARGET = 'ec2:instance:us-east-1:123456789012:i-0a1b2c3d4e5f60718';

/** A run with one request that waits. */
const { cwd, remove } = scratch();
beforeAll(async () => {
  await grace(cwd, ['demo', '--json']);
  await grace(cwd, ['release', TARGET, '--reason', 'looked']);
  await grace(cwd, HANG);
});
afterAll(remove);

const waiting = async (...more: string[]) =>
  (await graceJson<Request[]>(cwd, ['approvals', 'list', ...more])).value;
const first = async (): Promise<Request> => {
  const [request] = await waiting();
  if (request === undefined) throw new Error('nothing waits');
  return request;
};
const command = (...argv: string[]) =>
  graceJson<Record<string, unknown>>(cwd, [...argv, '--reason', 'because']);

describe('grace approvals', () => {
  it('lists what waits, for everybody and for who is asked', async () => {
    const request = await first();
    expect(request.eligible).toContain('alice');
    expect(await waiting('--mine', '--as', 'alice')).toHaveLength(1);
    expect(await waiting('--mine', '--as', 'application')).toEqual([]);
  });

  it('shows who is asked, who is not, and who has voted', async () => {
    const { contractId, planHash } = await first();
    const { value } = await graceJson<Record<string, unknown>>(cwd, ['approvals', 'show', contractId]);
    expect(value).toMatchObject({
      planHash,
      status: 'awaiting_approval',
      participation: { outcome: 'open' },
    });
    expect(value['excluded']).toContain('application');
    const { out } = await grace(cwd, ['approvals', 'show', contractId]);
    expect(out).toContain(planHash);
    expect((await grace(cwd, ['approvals', 'show', 'NOPE'])).code).toBe(2);
  });

  it('lets one person speak for another, until it is taken back', async () => {
    const stranger = await command('delegate', 'give', 'stranger', '--for', '1h', '--as', 'alice');
    expect([stranger.code, stranger.value['code']]).toEqual([1, 'BAD_DELEGATE']);
    const given = await command('delegate', 'give', 'bob', '--for', '1h', '--as', 'alice');
    expect(given.value).toMatchObject({ ok: true, delegator: 'alice', delegate: 'bob' });
    const list = await graceJson(cwd, ['delegate', 'list']);
    expect(list.value).toMatchObject([{ delegator: 'alice', delegate: 'bob', holds: true }]);
    expect((await command('delegate', 'revoke', '--as', 'alice')).code).toBe(0);
    expect((await command('delegate', 'revoke', '--as', 'alice')).code).toBe(2);
  });

  it('makes a fresh plan, which the earlier hash does not approve', async () => {
    const { contractId, planHash } = await first();
    expect((await command('replan', contractId, '--as', 'alice')).value).toMatchObject({ ok: true });
    expect((await first()).planHash).not.toBe(planHash);
    const stale = await command('approve', contractId, '--as', 'bob', '--plan-hash', planHash);
    expect(stale.value['code']).toBe('PLAN_CHANGED');
    expect((await command('approve', contractId, '--as', 'alice')).value['code']).toBe('EXCLUDED');
  });

  it('refuses what is nobody’s to do: no vote to withdraw, no role to call off or break the glass', async () => {
    const { contractId } = await first();
    expect((await command('withdraw', contractId, '--as', 'bob')).value['code']).toBe('NO_VOTE');
    expect((await command('break-glass', contractId, '--as', 'bob')).value['code']).toBe('NOT_FOUND');
    expect((await command('cancel', contractId, '--as', 'bob')).code).toBe(2);
    expect((await grace(cwd, ['break-glass', contractId, '--as', 'bob'])).code).toBe(2);
    expect((await graceJson(cwd, ['review', 'list'])).value).toEqual([]);
  });

  it('calls off what one asked for, and then nothing waits', async () => {
    const { contractId } = await first();
    const off = await command('cancel', contractId, '--as', 'application');
    expect(off.value).toMatchObject({ ok: true, status: 'cancelled' });
    expect(await waiting()).toEqual([]);
  });
});
