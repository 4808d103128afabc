import { currentLibrary, FRESH_MS, playbookCache } from '../../shared/stores/playbook-library';
import { buildError } from './builders/contract';
import { buildPlaybook, PLAYBOOK } from './builders/playbook';
import { type Fresh, handClock, type StoresBench, why } from './stores-bench';

async function publish(bench: StoresBench, changes: Readonly<Record<string, unknown>> = {}) {
  const { name, version } = buildPlaybook(changes);
  const source = { ...PLAYBOOK, ...changes };
  const outcome = await bench.playbooks.publish({ name, version, source }, why('PUSH'));
  return { name, version, outcome };
}

/** Versions of playbooks in the table, and the library that the sentinel diagnoses with. */
export function describePlaybooks(fresh: Fresh): void {
  describe('a published playbook', () => {
    test('is current, and unchanged when it is published again', async () => {
      const { bench } = fresh();
      const { name, version, outcome } = await publish(bench);
      expect(outcome).toBe('written');
      expect((await publish(bench)).outcome).toBe('unchanged');
      expect(await bench.playbooks.current()).toEqual([{ name, version }]);
    });

    test('stays in the table when another version takes its place, and can come back', async () => {
      const { bench, table } = fresh();
      const first = await publish(bench);
      const second = await publish(bench, { summary: 'another' });
      expect(await bench.playbooks.current()).toEqual([{ name: first.name, version: second.version }]);
      const versions = await table.query({ pk: 'PLAYBOOK#scale-out', skPrefix: 'VERSION#' });
      expect(versions.items.map(({ version }) => version).sort()).toEqual(
        [first.version, second.version].sort(),
      );
      expect((await publish(bench)).outcome).toBe('written');
      expect(await bench.playbooks.current()).toEqual([{ name: first.name, version: first.version }]);
    });
  });

  describe('the library', () => {
    test('diagnoses with what is current, and takes up a push when its list is old', async () => {
      const { bench, table } = fresh();
      const [clock, cache] = [handClock(), playbookCache()];
      const hang = buildError('e1', {
        error: { service: 's', name: 'HangError', message: '', attributes: { group: 'web' } },
      });
      expect((await currentLibrary(table, clock, cache)).diagnose(hang)).toBeUndefined();
      const { version } = await publish(bench);
      clock.set(clock.now() + FRESH_MS - 1);
      expect((await currentLibrary(table, clock, cache)).playbooks).toEqual([]);
      clock.set(clock.now() + 1);
      const library = await currentLibrary(table, clock, cache);
      expect(library.diagnose(hang)).toMatchObject({ playbook: 'scale-out', version });
    });

    test('refuses a version whose text is not what its name says', async () => {
      const { bench, table } = fresh();
      const { version } = await publish(bench);
      const key = { pk: 'PLAYBOOK#scale-out', sk: `VERSION#${version}` };
      const changed = JSON.stringify({ ...PLAYBOOK, tier: 1, summary: 'changed by hand' });
      await table.write([{ kind: 'update', key, update: { set: [[['source'], changed]] } }]);
      await expect(currentLibrary(table, handClock(), playbookCache())).rejects.toThrow('is not version');
    });

    test('refuses a current version that is not there', async () => {
      const { bench, table } = fresh();
      const { version } = await publish(bench);
      await table.write([{ kind: 'delete', key: { pk: 'PLAYBOOK#scale-out', sk: `VERSION#${version}` } }]);
      await expect(currentLibrary(table, handClock(), playbookCache())).rejects.toThrow('has no version');
    });
  });
}
