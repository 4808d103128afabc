import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tests on published vectors, which stand outside the repository: a clone without them skips them and says so, CI
 * must have them.
 */
export function onVectors<Vectors>(file: string, tests: (read: () => Vectors) => void): void {
  const path = join(__dirname, '../../../shared/data/vectors', file);
  const describeThem = existsSync(path) || process.env.CI === 'true' ? describe : describe.skip;
  describeThem(`published vectors, ${file}`, () => tests(() => JSON.parse(readFileSync(path, 'utf8'))));
}
