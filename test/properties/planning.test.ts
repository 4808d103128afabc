import fc from 'fast-check';
import { canonicalJson } from '../../shared/domain/canonical-json';
import { compileGlob } from '../../shared/domain/pattern';
import { effectHash } from '../../shared/domain/plan-hash';
import { orderSteps } from '../../shared/domain/step-order';
import { computeTier, type TierInput } from '../../shared/domain/tier';
import { ALARM, alarmEvent, GROUP, plan, playbookText } from '../support/planning';

/** The definition, as simply as it can be said. */
function globReference(pattern: string, value: string): boolean {
  if (pattern === '') return value === '';
  if (pattern.startsWith('*')) {
    return globReference(pattern.slice(1), value) || (value !== '' && globReference(pattern, value.slice(1)));
  }
  if (value === '') return false;
  return (
    (pattern.startsWith('?') || pattern[0] === value[0]) && globReference(pattern.slice(1), value.slice(1))
  );
}

const letters = (alphabet: string, maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength }).map((units) => units.join(''));

test('a glob matches what its definition says', () => {
  fc.assert(
    fc.property(letters('ab?*é', 8), letters('abé', 10), (pattern, value) => {
      expect(compileGlob(pattern).matches(value)).toBe(globReference(pattern, value));
    }),
    { numRuns: 5000 },
  );
});

test('a long glob matches the text that it was made from', () => {
  const pieces = fc.array(fc.tuple(letters('xy', 60), fc.constantFrom('*', '?')), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(pieces, letters('xyz', 20), (made, filling) => {
      const pattern = made.map(([literal, wildcard]) => literal + wildcard).join('');
      const value = made.map(([literal, wildcard]) => literal + (wildcard === '?' ? 'z' : filling)).join('');
      expect(compileGlob(pattern).matches(value)).toBe(true);
      expect(compileGlob(`${pattern}!`).matches(value)).toBe(false);
    }),
  );
});

const tierInput: fc.Arbitrary<TierInput> = fc.record({
  floor: fc.constantFrom(1, 2, 3),
  reversible: fc.boolean(),
  blastRadius: fc.double({ min: 0, max: 1 }),
  tags: fc.dictionary(fc.constantFrom('environment', 'team'), fc.constantFrom('production', 'test')),
  lastTen: letters('01', 10),
});

test('the tier is never below the floor, nor below 2 for what cannot be undone, and worse input never lowers it', () => {
  fc.assert(
    fc.property(tierInput, (input) => {
      const { tier, reasons } = computeTier(input);
      expect(tier).toBeGreaterThanOrEqual(input.floor);
      if (!input.reversible) expect(tier).toBeGreaterThanOrEqual(2);
      expect(reasons.length).toBeGreaterThan(0);
      expect(computeTier({ ...input, reversible: false }).tier).toBeGreaterThanOrEqual(tier);
      expect(
        computeTier({ ...input, blastRadius: Math.min(1, input.blastRadius + 0.2) }).tier,
      ).toBeGreaterThanOrEqual(tier);
      expect(computeTier({ ...input, lastTen: input.lastTen.replace('1', '0') }).tier).toBeGreaterThanOrEqual(
        tier,
      );
    }),
  );
});

test('steps come after those that they name, or their circle is one', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'] as const;
  const steps = fc.tuple(...ids.map((id) => fc.subarray([...ids]).map((after) => ({ id, after }))));
  fc.assert(
    fc.property(steps, (given) => {
      const order = orderSteps(given);
      if (order.ok) {
        const position = new Map(order.steps.map((step, index) => [step.id, index]));
        expect(position.size).toBe(given.length);
        for (const step of given) {
          for (const id of step.after)
            expect(position.get(id) ?? 99).toBeLessThan(position.get(step.id) ?? -1);
        }
        return;
      }
      const { cycle } = order;
      expect(cycle[0]).toBe(cycle.at(-1));
      for (const [index, id] of cycle.slice(0, -1).entries()) {
        expect(given.find((step) => step.id === id)?.after).toContain(cycle[index + 1]);
      }
    }),
  );
});

test('binding is a function of its input', async () => {
  const capacity = fc.integer({ min: 0, max: 12 });
  await fc.assert(
    fc.asyncProperty(capacity, fc.double({ noNaN: true, min: 0, max: 1e6 }), async (desired, threshold) => {
      const once = () =>
        plan(playbookText('scale-out-on-latency'), {
          event: alarmEvent({ threshold }),
          alarm: { ...ALARM, threshold },
          live: { facts: { ...GROUP, desired_capacity: desired } },
        });
      const [first, second] = [await once(), await once()];
      expect(second).toEqual(first);
      if (first.ok)
        expect(canonicalJson(JSON.parse(JSON.stringify(first.plan)))).toBe(
          canonicalJson(second.ok ? JSON.parse(JSON.stringify(second.plan)) : null),
        );
      expect(first.ok).toBe(desired + 2 <= GROUP.max_size && desired + 2 >= GROUP.min_size);
    }),
    { numRuns: 30 },
  );
});

/** Every way to change one leaf of a JSON value. */
function* leafChanges(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const changed of leafChanges(item)) yield value.with(index, changed);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      for (const changed of leafChanges(item)) yield { ...value, [key]: changed };
    }
  } else yield typeof value === 'number' ? value + 1 : `${value}x`;
}

test('the effect hash changes with every leaf of every expectation', async () => {
  const binding = await plan(playbookText('scale-out-on-latency'));
  if (!binding.ok) throw new Error(binding.message);
  const { hash, ...effect } = binding.plan.effect;
  const hashes = [...leafChanges(effect)].map((changed) => effectHash(changed as typeof effect));
  expect(hashes.length).toBeGreaterThan(15);
  expect(new Set([hash, ...hashes]).size).toBe(hashes.length + 1);
});
