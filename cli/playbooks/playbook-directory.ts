import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NothingThereError } from '../errors';
import { PlaybookDirectoryError } from './playbook-files';

/** The playbooks that come with Grace. */
export const SHIPPED_PLAYBOOKS = resolve(__dirname, '../../playbooks');

/**
 * Runs `use` with the directory that the person named, else `./playbooks`, else the shipped one.
 * @throws NothingThereError when it cannot be read
 */
export function inPlaybookDirectory<T>(
  cwd: string,
  named: string | undefined,
  use: (directory: string) => T,
): T {
  const here = join(cwd, 'playbooks');
  const directory = named === undefined ? (existsSync(here) ? here : SHIPPED_PLAYBOOKS) : resolve(cwd, named);
  try {
    return use(directory);
  } catch (error) {
    if (error instanceof PlaybookDirectoryError) throw new NothingThereError(error.message, { cause: error });
    throw error;
  }
}
