import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const DEFINITION = resolve(__dirname, '../../../statemachines/verified-action.asl.json');

/** Names of the Task states, from the file that is deployed. */
export function loadDefinitionTasks(): string[] {
  const { States } = JSON.parse(readFileSync(DEFINITION, 'utf8')) as {
    States: Record<string, { Type: string }>;
  };
  return Object.keys(States).filter((name) => States[name]?.Type === 'Task');
}
