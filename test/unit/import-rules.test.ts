import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** dependency-cruiser cannot tell `import type`: the type-only cells of the import table are held here. */
const ROOT = resolve(__dirname, '../..');
const files = (folder: string): string[] =>
  readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(ROOT, path)).isDirectory() ? files(path) : /\.tsx?$/.test(path) ? [path] : [];
  });

/** Imports that are there when the program runs. */
function valueImports(path: string): string[] {
  const source = readFileSync(join(ROOT, path), 'utf8');
  return [...source.matchAll(/^import (?!type )([^;]*?) from '(\.[^']+)'/gms)]
    .filter(([, names]) => !/^\{\s*(type \w+\s*,?\s*)+\}$/.test(names as string))
    .map(([, , target]) => relative(ROOT, resolve(ROOT, path, '..', target as string)));
}

const rules: [string, string, RegExp][] = [
  ['domain takes only types from contracts', 'shared/domain', /^shared\/contracts\//],
  ['ports take only types from contracts', 'shared/ports', /^shared\/contracts\//],
  ['the console takes only types from elsewhere', 'web/src', /^(?!web\/)/],
];

/** Imports of any kind, types included. */
const importsOf = (path: string): string[] =>
  [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^import [^;]*?from '(\.[^']+)'/gms)].map(
    ([, target]) => relative(ROOT, resolve(ROOT, path, '..', target as string)),
  );

describe('type-only imports', () => {
  test.each(rules)('%s', (_name, folder, forbidden) => {
    const broken = files(folder).flatMap((path) =>
      valueImports(path)
        .filter((target) => forbidden.test(target))
        .map((target) => `${path} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('the console knows the shapes of contracts and domain, and no machinery', () => {
    const foreign = files('web/src')
      .flatMap(importsOf)
      .filter((target) => !target.startsWith('web/'));
    expect(foreign).not.toEqual([]);
    expect(foreign.filter((target) => !/^shared\/(contracts|domain)\//.test(target))).toEqual([]);
  });

  test('the rule sees a value import where there is one', () => {
    expect(valueImports('shared/contracts/playbook.ts')).toContain('shared/domain/target');
  });
});
