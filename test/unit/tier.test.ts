import { computeTier, type TierInput } from '../../shared/domain/tier';

const tierOf = (input: Partial<TierInput>) =>
  computeTier({ floor: 1, reversible: true, blastRadius: 0, tags: {}, lastTen: '', ...input }).tier;

describe('the computed tier', () => {
  test.each<[string, Partial<TierInput>, number]>([
    ['nothing against it', {}, 1],
    ['floor 2', { floor: 2 }, 2],
    ['floor 3', { floor: 3 }, 3],
    ['irreversible', { reversible: false }, 2],
    ['30 % touched', { blastRadius: 0.3 }, 1],
    ['31 % touched', { blastRadius: 0.31 }, 2],
    ['60 % touched', { blastRadius: 0.6 }, 2],
    ['61 % touched', { blastRadius: 0.61 }, 3],
    ['an unknown share', { blastRadius: Number.NaN }, 3],
    ['production alone', { tags: { environment: 'production' } }, 1],
    ['two failures of ten', { lastTen: '0011111111' }, 1],
    ['three failures of ten', { lastTen: '0001111111' }, 2],
    ['five failures of ten', { lastTen: '0000011111' }, 3],
    ['failures longer ago than ten', { lastTen: '000001111111111' }, 1],
    ['a record of success does not lower the floor', { floor: 2, lastTen: '1111111111' }, 2],
  ])('%s', (_, input, tier) => expect(tierOf(input)).toBe(tier));

  test('says every reason', () => {
    const { reasons } = computeTier({
      floor: 2,
      reversible: false,
      blastRadius: 0.5,
      tags: { Environment: 'Prod' },
      lastTen: '000',
    });
    expect(reasons).toEqual([
      'the playbook asks for tier 2',
      'it cannot be undone',
      'it cannot be undone and the target is tagged production',
      'it touches 50 % of the target',
      '3 of its last 3 actions failed',
    ]);
  });
});
