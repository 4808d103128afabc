import { type Command, Option } from 'commander';
import { tokenSubject } from '../backend/access-token';
import { emulatorEndpoint } from '../backend/open-backend';
import { type Io, printJson } from '../io';

interface Options {
  readonly as: string;
  readonly stack: string;
  readonly json?: boolean;
}

/** `grace token --as NAME` */
export function register(program: Command, io: Io): void {
  program
    .command('token')
    .description('an access token for the API on an emulator, as somebody whom `grace up` made there')
    .addOption(new Option('--on <where>', 'where Grace runs').choices(['emulator']).default('emulator'))
    .option('--stack <name>', 'name of the stack', 'grace')
    .requiredOption('--as <name>', 'whose')
    .option('--json', 'print JSON')
    .action(async ({ as, stack, json }: Options) => {
      const endpoint = emulatorEndpoint(io);
      // Only here, so that other commands start without the SDK's clients.
      const { stackOutputs } = await import('../backend/stack-outputs');
      const { deployedApi } = await import('../emulator/deployed-api');
      const { emulatorToken } = await import('../backend/emulator-token');
      const { output } = await stackOutputs(stack, endpoint);
      const { url, pool } = deployedApi(endpoint, output);
      const token = await emulatorToken(pool, as);
      if (json) return printJson(io, { token, subject: tokenSubject(token), url });
      io.err(`for the API at ${url}`);
      io.out(token);
    });
}
