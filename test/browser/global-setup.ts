import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

/** The console as it is now, not as it was built last. */
export default function build(): void {
  const root = resolve(__dirname, '../..');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', 'web', '--logLevel', 'silent'], {
    cwd: root,
    stdio: 'inherit',
  });
}
