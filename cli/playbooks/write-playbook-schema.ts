import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playbookJsonSchemaText } from '../../shared/contracts/playbook-json-schema';

/** Writes the schema for editors next to the playbooks; returns the file's path. */
export function writePlaybookSchema(directory: string): string {
  const file = join(directory, 'playbook.schema.json');
  writeFileSync(file, playbookJsonSchemaText());
  return file;
}
