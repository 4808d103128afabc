import type { Command } from 'commander';
import { checkConfig } from '../config/check-config';
import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';

/** `grace config check [FILE]` */
export function register(program: Command, io: Io): void {
  program
    .command('config')
    .description('settings')
    .command('check')
    .argument('[file]', 'JSON or YAML; default: grace.config.json, grace.config.yaml')
    .description('is everything in the settings known, possible and meant?')
    .option('--json', 'print JSON')
    .action((file: string | undefined, { json }: { readonly json?: boolean }) => {
      const check = checkConfig(io.cwd, file);
      if (check === undefined) throw new NothingThereError(`there is no file ${file}`);
      if (json) printJson(io, check);
      else {
        const from = check.file ?? 'settings';
        for (const { field, line, message, fix } of check.problems)
          io.out(`✗ ${from}:${line} ${field}: ${message}\n    ${fix}`);
        for (const { field, line, message, fix } of check.warnings)
          io.out(`! ${from}:${line} ${field}: ${message}\n    ${fix}`);
        for (const changed of check.changed)
          io.out(
            `  ${changed.field} = ${JSON.stringify(changed.value)} (default ${JSON.stringify(changed.default)})`,
          );
        if (check.ok)
          io.out(
            `✓ ${check.file ?? 'no settings file: all defaults'}; mode ${check.mode}, ${check.changed.length} settings differ from their defaults`,
          );
      }
      if (!check.ok) io.exitWith(1);
    });
}
