import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { errorEvent } from '../../shared/domain/error-event';
import { contractStore } from '../../shared/stores/contract-store';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';
import { contractNamed } from './contract-named';

type Options = BackendOptions & { readonly json?: boolean; readonly reason: string };

/**
 * `grace restore CONTRACT`: the target back as it was before the contract. It asks for an action like any other,
 * which playbook restore-capacity takes: with its own approval, verification and undo.
 */
export function register(program: Command, io: Io): void {
  restoreCommand(program.command('restore'), io);
}

/** The same under another name: `grace contract rollback`. */
export function restoreCommand(command: Command, io: Io): void {
  backendOptions(command)
    .argument('<contract>', 'the contract whose change is to be taken back')
    .description('ask for the state before a contract; people approve it like any action')
    .requiredOption('--reason <text>', 'why; it goes into the audit log')
    .action((contractId: string, options: Options) => restore(io, contractId, options));
}

async function restore(io: Io, contractId: string, options: Options): Promise<void> {
  const answer = await withBackend(io, options, async (backend) => {
    const contract = await contractNamed(backend, contractId);
    const { plan } = await contractStore(backend.state).plan(contractId);
    const step = plan.steps.find(({ prior }) => prior['desired_capacity'] !== undefined);
    if (step === undefined) {
      throw new NothingThereError(
        `${contract.playbook} changed nothing that has a state before it: there is no inverse`,
      );
    }
    const event = errorEvent({
      error: {
        service: 'grace',
        name: 'RestoreRequested',
        message: options.reason,
        attributes: {
          group: step.target.id,
          desired_capacity: String(step.prior['desired_capacity']),
          contract: contractId,
        },
      },
      id: randomUUID(),
      source: 'grace.cli',
      account: backend.account,
      region: backend.region,
      requestedBy: (await backend.identity()).principal,
      at: backend.clock.now(),
    });
    const decisions = await backend.emit(event);
    return {
      eventId: event.id,
      group: step.target.id,
      desired_capacity: step.prior['desired_capacity'],
      decisions,
    };
  });
  if (options.json) {
    printJson(io, answer);
    return;
  }
  io.out(`asked for ${answer.group} with ${answer.desired_capacity} instances, event ${answer.eventId}`);
  for (const { decision, detail, contractId: asked } of answer.decisions) {
    io.out(`  ${decision}: ${detail}${asked === undefined ? '' : `; contract ${asked}`}`);
  }
}
