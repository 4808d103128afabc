import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { type ConsoleConfig, consoleHeaders, consoleOrigins } from '../../shared/contracts/console';

/** Where `npm run web` puts the console. */
export const CONSOLE_FOLDER = resolve(__dirname, '../../web/dist');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

export interface ConsoleFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * The console's files by the path of a URL, with the headers that it is served with everywhere; `undefined` = there
 * is no such file, or the console was not built. `/` is the page, `/config.json` says where to sign in.
 */
export function consoleFiles(config: ConsoleConfig, folder: string = CONSOLE_FOLDER) {
  const headers = consoleHeaders(consoleOrigins(config));
  return (path: string): ConsoleFile | undefined => {
    if (path === '/config.json') {
      const body = Buffer.from(JSON.stringify(config));
      return {
        headers: { ...headers, 'content-type': 'application/json', 'cache-control': 'no-store' },
        body,
      };
    }
    const file = normalize(join(folder, path === '/' ? 'index.html' : path));
    const type = TYPES[extname(file)];
    if (type === undefined || !file.startsWith(folder + sep) || !isFile(file)) return undefined;
    // Names of assets hold a hash of their content.
    const cached = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return {
      headers: { ...headers, 'content-type': type, 'cache-control': cached },
      body: readFileSync(file),
    };
  };
}

export const isConsoleBuilt = (): boolean => isFile(join(CONSOLE_FOLDER, 'index.html'));

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
