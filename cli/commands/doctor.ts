import { resolve } from 'node:path';
import type { Command } from 'commander';
import { emulatorEndpoint, openBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { checkLines } from '../doctor/checks';
import { diagnose } from '../doctor/diagnose';
import { type Io, printJson } from '../io';
import { SHIPPED_PLAYBOOKS } from '../playbooks/playbook-directory';
import { policyDirectory } from '../policies/policy-directory';

interface Options extends BackendOptions {
  readonly playbooks?: string;
  readonly json?: boolean;
}

/** `grace doctor` */
export function register(program: Command, io: Io): void {
  const command = program
    .command('doctor')
    .description('is everything there that Grace needs? Looks, and changes nothing');
  backendOptions(command)
    .option('--playbooks <dir>', 'playbooks to check; default: those that come with Grace')
    .action(async (options: Options) => {
      const { on, stack } = options;
      const live = on === 'simulator' ? undefined : await import('../doctor/stack-probe');
      const report = await diagnose({
        on,
        cwd: io.cwd,
        playbooks: resolve(io.cwd, options.playbooks ?? SHIPPED_PLAYBOOKS),
        policies: policyDirectory(io.cwd, undefined),
        open: () => openBackend(io, options),
        probe() {
          if (live === undefined) throw new Error('the simulator has no stack');
          return live.stackProbe(stack, on === 'emulator' ? emulatorEndpoint(io) : undefined);
        },
      });
      if (options.json) printJson(io, report);
      else for (const line of checkLines(report.checks)) io.out(line);
      if (report.exitCode > 0) io.exitWith(report.exitCode);
    });
}
