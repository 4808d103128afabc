import { type Command, Option } from 'commander';

export const BACKENDS = ['simulator', 'emulator', 'aws'] as const;
export type BackendName = (typeof BACKENDS)[number];

export interface BackendOptions {
  readonly on: BackendName;
  readonly stack: string;
  readonly as?: string;
}

/** Every command that reads or changes state takes these. */
export function backendOptions(command: Command): Command {
  return command
    .addOption(new Option('--on <where>', 'where Grace runs').choices(BACKENDS).default('simulator'))
    .option('--stack <name>', 'name of the stack (emulator, aws)', 'grace')
    .option('--as <name>', 'who you are: in the simulator at your word, on an emulator by the user pool')
    .option('--json', 'print JSON');
}
