import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compilePlaybooks } from '../shared/contracts/compiled-playbooks';

const PLAYBOOKS = resolve(__dirname, '../playbooks');

/** Playbooks that cannot be deployed: says for each problem where it is and what to do. */
export class PlaybooksError extends Error {
  override readonly name = 'PlaybooksError';
}

/**
 * Checks and compiles all playbooks of a folder into the JSON that the functions read.
 * @throws PlaybooksError
 */
export function compiledPlaybooks(folder: string = PLAYBOOKS): string {
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  const texts = files.map((file) => ({
    file: `playbooks/${file}`,
    text: readFileSync(join(folder, file), 'utf8'),
  }));
  const { compiled, problems } = compilePlaybooks(texts);
  if (problems.length === 0) return JSON.stringify(compiled);
  const lines = problems.map(
    ({ file, line, field, message, fix }) => `  ${file}:${line} ${field}: ${message}. ${fix}`,
  );
  throw new PlaybooksError(`These playbooks cannot be deployed:\n${lines.join('\n')}`);
}
