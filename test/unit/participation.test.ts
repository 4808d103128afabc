import type { Contract } from '../../shared/contracts/contract';
import { escalatesAt, holdsAt, participationOf } from '../../shared/domain/approval';
import { buildRebootPlan, START } from '../support/builders/plan';
import { memoryBench } from '../support/stores-bench';

type Vote = NonNullable<Contract['approval']>['votes'][string];

/** A request of three people with a quorum of two, as it stands in the store. */
async function request(
  status: Contract['status'],
  votes: Readonly<Record<string, 'approve' | 'deny'>> = {},
  changes: Partial<NonNullable<Contract['approval']>> = {},
) {
  const contract = await memoryBench().awaiting(buildRebootPlan({ quorum: 2, tier: 3 }));
  const cast = Object.entries(votes).map(([who, decision], n): [string, Vote] => [
    who,
    { decision, at: START + n, planHash: contract.planHash, reason: 'x' },
  ]);
  const approval = { ...(contract.approval as NonNullable<Contract['approval']>), ...changes };
  return { ...contract, status, approval: { ...approval, votes: Object.fromEntries(cast) } };
}

describe('participation and outcome of a request', () => {
  test.each([
    ['open', 'awaiting_approval', { ana: 'approve' }],
    ['approved', 'resolved', { ana: 'approve', ben: 'approve' }],
    ['approved', 'needs_person', { ana: 'approve', ben: 'approve' }],
    ['denied', 'denied', { ana: 'approve', ben: 'deny' }],
    ['expired', 'expired', {}],
    ['cancelled', 'cancelled', { ana: 'approve' }],
    ['closed', 'refused', {}],
  ] as const)('is %s of a contract that is %s with %o', async (outcome, status, votes) => {
    const told = participationOf(await request(status, votes));
    const cast = Object.values(votes) as string[];
    expect(told).toMatchObject({
      outcome,
      tier: 3,
      quorum: 2,
      eligible: 3,
      approvals: cast.filter((decision) => decision === 'approve').length,
      denials: cast.filter((decision) => decision === 'deny').length,
      participation: cast.length / 3,
    });
  });
  test('says that one person broke the glass, whatever came of the action', async () => {
    const told = participationOf(await request('rolled_back', { eva: 'approve' }, { brokenBy: 'eva' }));
    expect(told?.outcome).toBe('broken_glass');
  });
  test('of an approved action of which nothing was sent stays approved', async () => {
    const contract = await request('cancelled', { ana: 'approve', ben: 'approve' });
    expect(participationOf({ ...contract, startedAt: START })?.outcome).toBe('approved');
  });
  test('is none where nobody was asked', async () => {
    expect(participationOf(await memoryBench().approved())).toBeUndefined();
  });
});

describe('time', () => {
  test('half of a request’s time is when it escalates', () => {
    expect(escalatesAt({ requestedAt: START, expiresAt: START + 3_600_000 })).toBe(START + 1_800_000);
  });
  test('a delegation holds to the millisecond before its end, unless it was revoked', () => {
    const given = { delegate: 'dora', givenAt: START, until: START + 10 };
    expect([9, 10, 11].map((after) => holdsAt(given, START + after))).toEqual([true, false, false]);
    expect(holdsAt({ ...given, revokedAt: START + 5 }, START + 6)).toBe(false);
    expect(holdsAt(undefined, START)).toBe(false);
  });
});
