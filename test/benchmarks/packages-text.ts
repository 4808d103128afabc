import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Context } from '../../shared/domain/hunter/rule';

/** A piece of text that somebody else wrote for no purpose of ours. */
export interface ForeignText {
  readonly kind: 'name' | 'keyword' | 'description' | 'error message';
  readonly context: Context;
  readonly text: string;
}

const MODULES = resolve(__dirname, '../../node_modules');
/** A literal that an error is made with, on one line. */
const ERROR_TEXT = /Error\(\s*(["'`])((?:(?!\1)[^\\\n]){8,300})\1/g;

/** Names and keywords of the installed packages as parameters; their descriptions and error messages as words. */
export function packagesText(): readonly ForeignText[] {
  return packageFolders().flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const { name = '', description = '', keywords = [], main = 'index.js' } = manifest;
    const code = join(folder, main);
    const source = code.endsWith('.js') && existsSync(code) ? readFileSync(code, 'utf8') : '';
    const texts: ForeignText[] = [
      { kind: 'name', context: 'parameter', text: name },
      { kind: 'description', context: 'text', text: description },
      ...[keywords].flat().map((text): ForeignText => ({ kind: 'keyword', context: 'parameter', text })),
      ...[...source.matchAll(ERROR_TEXT)].map(
        ([, , text = '']): ForeignText => ({ kind: 'error message', context: 'text', text }),
      ),
    ];
    return texts.filter(({ text }) => text !== '');
  });
}

interface Manifest {
  readonly name?: string;
  readonly description?: string;
  readonly keywords?: readonly string[] | string;
  readonly main?: string;
}

function packageFolders(): string[] {
  return readdirSync(MODULES)
    .filter((entry) => !entry.startsWith('.'))
    .flatMap((entry) =>
      entry.startsWith('@') ? readdirSync(join(MODULES, entry)).map((name) => join(entry, name)) : [entry],
    )
    .map((entry) => join(MODULES, entry))
    .filter((folder) => existsSync(join(folder, 'package.json')));
}
