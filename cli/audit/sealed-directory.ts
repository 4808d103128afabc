import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { SealedArchive } from '../../shared/ports/audit-seal';

/** A directory that is a copy of the log's prefix in its bucket. */
export function sealedDirectory(path: string): SealedArchive {
  return {
    async read(name) {
      try {
        return await readFile(join(path, ...name.split('/')));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw cause;
      }
    },
    async *names() {
      for (const entry of await filesIn(path)) {
        if (entry.isFile()) yield relative(path, join(entry.parentPath, entry.name)).split(sep).join('/');
      }
    },
  };
}

/** All that is below; nothing where there is no such directory. */
async function filesIn(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { recursive: true, withFileTypes: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}
