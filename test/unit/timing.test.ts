import { extensionMs, leaseMs, timestamp } from '../../shared/domain/timing';
import { buildPlan, scaleStep } from '../support/builders/plan';

const MINUTE = 60_000;
const withWindow = (windowSeconds: number) => {
  const plan = buildPlan();
  return { ...plan, effect: { ...plan.effect, windowSeconds } };
};

describe('times', () => {
  test('a window is extended by its half, by one minute at least and fifteen at most', () => {
    expect(extensionMs(withWindow(600))).toBe(5 * MINUTE);
    expect(extensionMs(withWindow(60))).toBe(MINUTE);
    expect(extensionMs(withWindow(86_400))).toBe(15 * MINUTE);
  });
  test('a lease outlasts the window with its extension, the calls of every step, and two clocks’ skew', () => {
    const steps = [scaleStep({ from: 2, to: 3 }), scaleStep({ from: 3, to: 4, id: 'more' })];
    const one = leaseMs(withWindow(600));
    expect(one).toBeGreaterThan(15 * MINUTE + 2 * 75_000 + 11 * MINUTE);
    expect(leaseMs({ ...withWindow(600), steps }) - one).toBe(2 * 75_000);
    expect(leaseMs(withWindow(1200)) - one).toBe(15 * MINUTE);
  });
  test('a timestamp is never before its moment', () => {
    expect(timestamp(0)).toBe('1970-01-01T00:00:00Z');
    expect(timestamp(1)).toBe('1970-01-01T00:00:01Z');
    expect(timestamp(1000)).toBe('1970-01-01T00:00:01Z');
  });
});
