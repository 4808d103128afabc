import fc from 'fast-check';
import { betaProbability, betaQuantile } from '../../shared/domain/beta';

describe('the Beta distribution', () => {
  // Beta(1, 1) is uniform; Beta(a, 1) has x^a; the others have closed forms that follow from the binomial.
  test.each([
    [0.3, 1, 1, 0.3],
    [0.5, 4, 1, 0.5 ** 4],
    [0.2, 1, 3, 1 - 0.8 ** 3],
    [0.5, 7, 7, 0.5],
    // P(at least 3 of 5 heads at 0.4) = I_0.4(3, 3)
    [0.4, 3, 3, 10 * 0.4 ** 3 * 0.6 ** 2 + 5 * 0.4 ** 4 * 0.6 + 0.4 ** 5],
  ])('I_%f(%i, %i) = %f', (x, a, b, expected) => {
    expect(betaProbability(x, a, b)).toBeCloseTo(expected, 12);
  });

  test('a quantile is where the probability is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        (probability, a, b) => {
          expect(betaProbability(betaQuantile(probability, a, b), a, b)).toBeCloseTo(probability, 8);
        },
      ),
    );
  });
});
