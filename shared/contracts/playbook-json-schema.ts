import * as z from 'zod';
import { Playbook } from './playbook';

/** JSON Schema of a playbook as it is written, for editors. Generated, so that it cannot differ. */
export function playbookJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(Playbook, { io: 'input' });
  return {
    $schema,
    title: 'Grace playbook',
    description: 'A playbook as operators write it. Rules across fields: `grace playbook check`.',
    ...schema,
  };
}

/** The text of `playbooks/playbook.schema.json`. */
export function playbookJsonSchemaText(): string {
  return `${JSON.stringify(playbookJsonSchema(), undefined, 2)}\n`;
}
