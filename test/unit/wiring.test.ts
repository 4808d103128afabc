import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ACTIONS } from '../../shared/domain/actions';
import { EVENT_OF_STATUS, EVENT_TYPES, isEventType } from '../../shared/domain/event-types';
import { ASL_SUBSTITUTIONS, FUNCTIONS } from '../../shared/names';

const ROOT = resolve(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Relative imports of a file, as paths from the repository's root. */
function importsOf(path: string): string[] {
  const folder = path.split('/').slice(0, -1);
  return [...read(path).matchAll(/from '(\.[^']+)'/g)].map(([, target]) => {
    const parts = [...folder];
    for (const part of (target as string).split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '.') parts.push(part);
    }
    return parts.join('/');
  });
}

/** The module that decides, as a function's `index.ts` imports it. */
function logicOf(name: string): string[] {
  const imported = importsOf(`functions/${name}/index.ts`);
  const own = imported.filter((path) => path.startsWith(`functions/${name}/`));
  return own.length > 0 ? own : imported.filter((path) => path === 'shared/executors/perform');
}

describe('the simulator runs what is deployed', () => {
  const simulated = [
    ...importsOf('cli/simulator/functions.ts'),
    ...importsOf('cli/simulator/audit-functions.ts'),
  ];

  test.each(Object.values(FUNCTIONS))(
    '%s: the simulator imports the very module that index.ts imports',
    (name) => {
      const logic = logicOf(name);
      expect(logic).toHaveLength(1);
      expect(simulated).toContain(logic[0]);
    },
  );

  test('every folder of functions is a function by name, and the other way round', () => {
    expect(readdirSync(join(ROOT, 'functions')).sort()).toEqual(Object.values(FUNCTIONS).sort());
  });

  test('each Task of the state machine names a function that exists', () => {
    const definition = read('statemachines/verified-action.asl.json');
    const placeholders = [...definition.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name as string);
    const functions = placeholders.filter((name) => name !== 'Partition');
    expect(new Set(functions)).toEqual(new Set(Object.keys(ASL_SUBSTITUTIONS)));
    for (const name of Object.values(ASL_SUBSTITUTIONS)) {
      expect(existsSync(join(ROOT, 'functions', name, 'index.ts'))).toBe(true);
    }
  });

  test('each action is performed by an executor that is a function', () => {
    for (const action of Object.values(ACTIONS)) expect(Object.values(FUNCTIONS)).toContain(action.executor);
  });
});

describe('every event type has a producer and a consumer', () => {
  test.each(Object.entries(EVENT_TYPES))('%s', (_type, { producer, consumer }) => {
    expect(producer).not.toBe('');
    expect(consumer).not.toBe('');
  });

  test('the event of each status is a mesh event or stays in the audit log by name', () => {
    for (const event of Object.values(EVENT_OF_STATUS)) {
      expect(isEventType(event) || event.startsWith('contract.')).toBe(true);
    }
  });
});
