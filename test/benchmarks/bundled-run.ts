import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Figure } from './figure';

/** Two folders below the root, as the sources are, since some of them find files from where they stand. */
const FOLDER = resolve(__dirname, '../../.grace/bench');

/**
 * Figures that `entry` (a file of this folder) writes to standard output as JSON, from a bundle in a process of
 * its own. What runs by tsx is not what is deployed: there every closure is given its name when it is made, which
 * costs more than some of what is measured.
 */
export async function bundledFigures(entry: string): Promise<readonly Figure[]> {
  const outfile = join(FOLDER, entry.replace(/\.ts$/, '.cjs'));
  try {
    await build({
      entryPoints: [join(__dirname, entry)],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      // Cedar reads its WebAssembly from beside its own file. The API's documents are imported by who serves them only.
      external: ['@cedar-policy/*', '*/contracts/api/documents'],
    });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { maxBuffer: 1024 * 1024 });
    return JSON.parse(stdout) as Figure[];
  } finally {
    rmSync(outfile, { force: true });
  }
}
