import { autocorrelatedNoise } from '../../cli/simulator/cloud/noise';
import { createKernel } from '../../cli/simulator/kernel';

const noise = (autocorrelation: number, seed = 1) => {
  const kernel = createKernel({ startMs: 0, seed });
  return autocorrelatedNoise({ stream: (label) => kernel.fork(label), autocorrelation });
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const pairs = (at: (index: number) => number, indexes: readonly number[]) =>
  mean(indexes.map((index) => at(index) * at(index - 1)));
const upTo = (length: number) => Array.from({ length }, (_, index) => index);

describe('autocorrelated noise', () => {
  it('has mean 0, variance 1 and the autocorrelation asked for, within blocks and between them', () => {
    const at = noise(0.8);
    const values = upTo(40_000).map(at);
    expect(Math.abs(mean(values))).toBeLessThan(0.05);
    expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1, 1);
    expect(pairs(at, upTo(40_000))).toBeCloseTo(0.8, 1);
    expect(
      pairs(
        at,
        upTo(3000).map((block) => block * 64),
      ),
    ).toBeCloseTo(0.8, 1);
  });

  it('gives the same number for the same index, in whatever order, before 1970 too', () => {
    const forwards = upTo(300).map((index) => index - 150);
    const one = noise(0.5);
    const other = noise(0.5);
    const backwards = forwards.toReversed().map(other).toReversed();
    expect(forwards.map(one)).toEqual(backwards);
    expect(forwards.map(noise(0.5, 2))).not.toEqual(backwards);
  });
});
