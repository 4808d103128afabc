import type { Command } from 'commander';
import type { RequestOutput } from '../../shared/contracts/decision';
import { identityBinding } from '../../shared/domain/caller';
import { targetKey } from '../../shared/domain/target';
import { FUNCTIONS } from '../../shared/names';
import { contractStore } from '../../shared/stores/contract-store';
import type { Backend } from '../backend/backend';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { factsText } from '../demo/text';
import { type Io, printJson } from '../io';
import { contractNamed } from './contract';

type Options = BackendOptions & {
  readonly json?: boolean;
  readonly reason: string;
  readonly planHash?: string;
};

/** `grace approve CONTRACT`, `grace deny CONTRACT` */
export function register(program: Command, io: Io): void {
  for (const decision of ['approve', 'deny'] as const) {
    backendOptions(program.command(decision))
      .argument('<contract>', 'its id')
      .description(decision === 'approve' ? 'agree to exactly this plan' : 'say no, also after others agreed')
      .option('--reason <text>', 'why; it goes into the audit log', 'no reason given')
      .option('--plan-hash <sha256>', 'the plan that you read; default: the one that is stored now')
      .action(async (contractId: string, options: Options) => {
        await withBackend(io, options, (backend) => decide(io, backend, { contractId, decision, options }));
      });
  }
}

interface Wish {
  readonly contractId: string;
  readonly decision: 'approve' | 'deny';
  readonly options: Options;
}

async function decide(io: Io, backend: Backend, { contractId, decision, options }: Wish): Promise<void> {
  const contract = await contractNamed(backend, contractId);
  const { plan } = await contractStore(backend.state).plan(contractId);
  const { principal, authenticated } = await backend.identity();
  const planHash = options.planHash ?? contract.planHash;
  const name = `${principal}${authenticated ? '' : ' (unauthenticated: the simulator takes your word)'}`;
  io.err(`${decision} ${contractId} as ${name}`);
  for (const step of plan.steps) {
    io.err(
      `  ${step.action}${factsText(step.intended, ' ')} on ${targetKey(step.target)}, tier ${plan.tier}`,
    );
  }
  io.err(`  plan sha256 ${planHash}`);

  const wanted = { contractId, decision, planHash, reason: options.reason };
  const proof = await backend.proof(identityBinding(wanted));
  const who = proof === undefined ? { principal } : { proof };
  const output = (await backend.invoke(FUNCTIONS.decide, { ...wanted, ...who })) as RequestOutput;
  await backend.settle();
  const status = (await contractStore(backend.state).get(contractId))?.status ?? contract.status;
  if (!output.ok) io.exitWith(output.code === 'NOT_FOUND' ? 2 : 1);
  if (options.json)
    return printJson(io, { contractId, decision, principal, authenticated, planHash, ...output, status });
  if (!output.ok) {
    io.err(`grace: ${output.code}: ${output.message}`);
    return;
  }
  const votes = decision === 'approve' ? `, ${output.approvals} of ${output.quorum} approvals` : '';
  io.out(
    `${io.paint.green('✔')} ${decision === 'approve' ? 'approved' : 'denied'}${votes}; the contract is now ${status}`,
  );
}
