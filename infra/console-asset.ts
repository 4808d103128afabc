import { resolve } from 'node:path';
import { build } from 'vite';

const WEB = resolve(__dirname, '../web');

/**
 * Builds the web console into `folder`, as `npm run web` does into `web/dist`.
 * @throws of Vite, with file and line, when it does not build
 */
export async function buildConsole(folder: string): Promise<string> {
  await build({ root: WEB, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  return folder;
}
