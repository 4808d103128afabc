import type { Quarantined } from '../../shared/contracts/quarantine';
import { START } from './builders/plan';
import { repeatingTable } from './lost-answers';
import { type Fresh, storesBench, why } from './stores-bench';

const idOf = (n: number): string => n.toString(16).padStart(40, '0');

const poison = (n: number, changes: Partial<Quarantined> = {}): Quarantined => ({
  id: idOf(n),
  code: 'SHELL_INJECTION',
  message: 'error.attributes.group: begins a command',
  excerpt: '"{"',
  receivedAt: START + n,
  findings: [
    { code: 'SHELL_INJECTION', path: 'error.attributes.group', excerpt: '; id', why: 'begins a command' },
  ],
  body: '{"id":"e1"}',
  ...changes,
});
const person = why('a chaos test of ours', START + 1000, 'ana');

/** Messages that were not taken in, and their release. */
export function describeQuarantine(fresh: Fresh): void {
  describe('a quarantined message', () => {
    test('is kept once, with what was wrong', async () => {
      const { bench } = fresh();
      await bench.quarantine.put(poison(1), why('SHELL_INJECTION'));
      await bench.quarantine.put(poison(1, { receivedAt: START + 9 }), why('SHELL_INJECTION'));
      const { body: _body, ...shown } = poison(1);
      expect(await bench.quarantine.get(idOf(1))).toEqual({
        ...shown,
        status: 'held',
        releasable: true,
        rev: 1,
      });
      expect(await bench.quarantine.get(idOf(2))).toBeUndefined();
    });

    test('is listed, newest first, page by page, each once', async () => {
      const { bench } = fresh();
      for (let n = 1; n <= 7; n += 1) await bench.quarantine.put(poison(n), why('SHELL_INJECTION'));
      const seen: string[] = [];
      let before: string | undefined;
      do {
        const page = await bench.quarantine.list({
          status: 'held',
          limit: 3,
          ...(before === undefined ? {} : { before }),
        });
        expect(page.entries.length).toBeLessThanOrEqual(3);
        seen.push(...page.entries.map(({ id }) => id));
        before = page.next;
      } while (before !== undefined);
      expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map(idOf));
    });

    test('is let go once, by a person, with a reason; from then on it is listed as released', async () => {
      const { bench } = fresh();
      await bench.quarantine.put(poison(1), why('SHELL_INJECTION'));
      expect(await bench.quarantine.releasedBody(idOf(1))).toBeUndefined();
      const released = { by: 'ana', reason: 'a chaos test of ours', at: START + 1000 };
      expect(await bench.quarantine.release(idOf(1), person)).toMatchObject({
        ok: true,
        entry: { status: 'released', released, rev: 2 },
      });
      expect(await bench.quarantine.release(idOf(1), why('me too', START + 2000, 'ben'))).toMatchObject({
        ok: false,
        code: 'ALREADY_RELEASED',
        entry: { released },
      });
      expect(await bench.quarantine.releasedBody(idOf(1))).toEqual({ body: '{"id":"e1"}', by: 'ana' });
      expect((await bench.quarantine.list({ status: 'held', limit: 10 })).entries).toEqual([]);
      expect((await bench.quarantine.list({ status: 'released', limit: 10 })).entries).toMatchObject([
        { id: idOf(1) },
      ]);
    });

    test('stays released when the same message comes again', async () => {
      const { bench } = fresh();
      await bench.quarantine.put(poison(1), why('SHELL_INJECTION'));
      await bench.quarantine.release(idOf(1), person);
      await bench.quarantine.put(poison(1), why('SHELL_INJECTION'));
      expect(await bench.quarantine.get(idOf(1))).toMatchObject({ status: 'released', rev: 2 });
    });

    test('that was no proper event is not let go, nor one that is not there', async () => {
      const { bench } = fresh();
      const { body: _body, ...broken } = poison(1, { code: 'TRUNCATED', findings: [] });
      await bench.quarantine.put(broken, why('TRUNCATED'));
      expect(await bench.quarantine.release(idOf(1), person)).toMatchObject({
        ok: false,
        code: 'NOT_RELEASABLE',
        entry: { status: 'held', releasable: false, rev: 1 },
      });
      expect(await bench.quarantine.release(idOf(2), person)).toEqual({ ok: false, code: 'NOT_FOUND' });
    });

    test('whose release was written and not answered is known as released by the same person', async () => {
      const { table, bench } = fresh();
      await bench.quarantine.put(poison(1), why('SHELL_INJECTION'));
      const repeating = repeatingTable(table);
      repeating.loseAnswers(1);
      expect(await storesBench(repeating).quarantine.release(idOf(1), person)).toMatchObject({ ok: true });
    });
  });
}
