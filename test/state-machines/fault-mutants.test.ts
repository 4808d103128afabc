/** The bench is worth something only if it finds mistakes: each of these it must find. */
import { MUTANTS } from './faults/mutants';

describe('the fault bench finds that', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant.find] as const))(
    '%s',
    async (_, find) => {
      expect(await find()).not.toEqual([]);
    },
    120_000,
  );
});
