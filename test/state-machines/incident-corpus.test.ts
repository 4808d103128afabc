import { INCIDENTS } from '../../cli/simulator/cloud/incidents';
import { runVariant, shippedPlaybooks } from '../benchmarks/incident-corpus';

/** Each incident once; ten seeds of each are the benchmark's (`npm run bench`). */
describe('Grace in the incidents of the corpus', () => {
  const playbooks = shippedPlaybooks();
  let [verdicts, inconclusive] = [0, 0];

  it.each(INCIDENTS.map((incident) => [incident.name, incident] as const))(
    '%s: ends as declared, never a false met, and keeps every promise',
    async (_, incident) => {
      const variant = await runVariant(incident, 11, playbooks);
      if (variant.verdict !== undefined) verdicts += 1;
      if (variant.verdict === 'inconclusive') inconclusive += 1;
      expect(variant.breaches).toEqual([]);
      expect({ falseMet: variant.falseMet, asDeclared: variant.asDeclared }).toEqual({
        falseMet: false,
        asDeclared: true,
      });
    },
  );

  it('is not known in at most a fifth of the verdicts', () => {
    expect(verdicts).toBeGreaterThan(30);
    expect(inconclusive / verdicts).toBeLessThanOrEqual(0.2);
  });
});
