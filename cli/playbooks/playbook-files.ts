import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PlaybookText } from '../../shared/contracts/compiled-playbooks';

/** The directory cannot be used; `code` of the cause says why (ENOENT …). */
export class PlaybookDirectoryError extends Error {
  override readonly name = 'PlaybookDirectoryError';
}

/** All `.yaml` and `.yml` files right in `directory`, by name. Links and folders are passed over. */
export function playbookTexts(directory: string): readonly PlaybookText[] {
  return entriesOf(directory)
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(directory, entry.name))
    .sort()
    .map((file) => ({ file, text: readText(file) }));
}

/** The recorded incidents that belong to a directory of playbooks; none is no fault. */
export function caseTexts(directory: string): readonly PlaybookText[] {
  return entriesOf(directory).some((entry) => entry.isDirectory() && entry.name === CASES)
    ? playbookTexts(join(directory, CASES))
    : [];
}
const CASES = 'cases';

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (cause) {
    throw new PlaybookDirectoryError(`${directory} cannot be read as a directory of playbooks`, { cause });
  }
}

/** Bytes that are no UTF-8 would become U+FFFD, which no later check refuses: so they are refused here. */
function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (cause) {
    throw new PlaybookDirectoryError(`${basename(file)} is not UTF-8 text`, { cause });
  }
}
