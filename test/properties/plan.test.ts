import fc from 'fast-check';
import { Plan } from '../../shared/contracts/plan';
import { canonicalJson, type JsonValue } from '../../shared/domain/canonical-json';
import { effectHash, planText, planTextHash } from '../../shared/domain/plan-hash';
import { buildPlan, buildRebootPlan, scaleStep } from '../support/builders/plan';
import { liveGroup } from '../support/logic-bench';
import { performBench } from '../support/perform-bench';

const hashOf = (plan: unknown): string => planTextHash(canonicalJson(plan as JsonValue));

/** Every place of a value, as the keys that lead there. */
function places(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, part]) => places(part, [...at, key]));
}
/** The value with another scalar at one place. */
function changedAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) {
    if (typeof value === 'number') return value + 1;
    return typeof value === 'boolean' ? !value : `${value}x`;
  }
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = changedAt(copy[key], rest);
  return copy;
}

describe('the hash of a plan', () => {
  test('is another for every change of every field', () => {
    for (const plan of [buildPlan(), buildRebootPlan()]) {
      const all = places(plan);
      expect(all.length).toBeGreaterThanOrEqual(45);
      const hashes = new Set([hashOf(plan), ...all.map((place) => hashOf(changedAt(plan, place)))]);
      expect(hashes.size).toBe(all.length + 1);
    }
  });

  test('is another for every field that is missing', () => {
    const plan = buildPlan();
    for (const field of Object.keys(plan)) {
      const { [field as keyof Plan]: _gone, ...rest } = plan;
      expect(hashOf(rest)).not.toBe(hashOf(plan));
    }
  });

  test('is another for every byte of the stored text that is flipped', () => {
    const bytes = Buffer.from(planText(buildPlan()));
    const hash = planTextHash(bytes.toString('latin1'));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        expect(planTextHash(flipped.toString('latin1'))).not.toBe(hash);
      }),
      { numRuns: 500 },
    );
  });

  test('does not depend on the order in which the plan was made', () => {
    const plan = buildPlan();
    const reversed = Object.fromEntries(Object.entries(plan).reverse()) as Plan;
    expect(planText(reversed)).toBe(planText(plan));
  });

  test('of the effect changes with what is expected, and with its times', () => {
    const { effect } = buildPlan();
    for (const place of places(effect).filter(([first]) => first !== 'hash'))
      expect(effectHash(changedAt(effect, place) as Plan['effect'])).not.toBe(effect.hash);
  });
});

describe('the text of a plan', () => {
  test('reads back as the same plan, whose text is the same', () => {
    for (const plan of [buildPlan(), buildRebootPlan()]) {
      const read = Plan.parse(JSON.parse(planText(plan)));
      expect(read).toEqual(plan);
      expect(planText(read)).toBe(planText(plan));
    }
  });

  test('of any JSON value reads back as that value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = canonicalJson(value as JsonValue);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});

describe('undo after apply', () => {
  const capacity = fc.integer({ min: 0, max: 50 });
  /** A chain of steps: each begins where the one before ended. */
  const chains = fc
    .array(capacity, { minLength: 2, maxLength: 6 })
    .filter((levels) => levels.every((level, index) => index === 0 || level !== levels[index - 1]));

  test('is as if nothing had been done, for any steps of any group', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(5), async (levels, stopAfter) => {
        const steps = levels
          .slice(1)
          .map((to, n) => scaleStep({ from: levels[n] as number, to, id: `s${n}` }));
        const first = levels[0] as number;
        const key = 'autoscaling:group:us-east-1:123456789012:web';
        const plan = buildPlan({ steps, preconditions: { [key]: { desired_capacity: first } } });
        const live = { ...liveGroup({ desired: first }), facts: { desired_capacity: first, max_size: 50 } };
        const bench = await performBench(plan, live);
        const done = 1 + (stopAfter % steps.length);
        for (let n = 0; n < done; n += 1) await bench.run('forward');
        expect(bench.facts()?.['desired_capacity']).toBe(levels[done]);
        await bench.rollingBack();
        expect(await bench.through('back')).toBe('close');
        expect(bench.facts()).toEqual(live.facts);
        expect(await bench.closer.close('C1', 'close')).toBe('rolled_back');
      }),
      { numRuns: 60 },
    );
  });
});
