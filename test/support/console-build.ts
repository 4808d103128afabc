import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a built console that `index.html` asks for at once; other pages come when somebody goes there. */
export function firstLoadOf(folder: string): readonly string[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  return [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path as string);
}
