import type { Command } from 'commander';
import type { DecideOutput, RequestCommand } from '../../shared/contracts/decision';
import { targetKey } from '../../shared/domain/target';
import { contractStore } from '../../shared/stores/contract-store';
import type { Backend } from '../backend/backend';
import { giveCommand } from '../backend/give-command';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { factsText } from '../demo/text';
import { type Io, printJson } from '../io';
import { contractNamed } from './contract-named';

type Options = BackendOptions & {
  readonly json?: boolean;
  readonly reason?: string;
  readonly planHash?: string;
};

interface Form {
  readonly name: string;
  readonly decision: RequestCommand['decision'];
  readonly description: string;
  /** What has been done, for people. */
  readonly done: string;
  /** Without `--reason` it is refused. */
  readonly needsReason?: true;
}

const FORMS: readonly Form[] = [
  { name: 'approve', decision: 'approve', description: 'agree to exactly this plan', done: 'approved' },
  { name: 'deny', decision: 'deny', description: 'say no, also after others agreed', done: 'denied' },
  {
    name: 'withdraw',
    decision: 'withdraw',
    description: 'take your agreement back, while others are still asked',
    done: 'withdrawn',
  },
  {
    name: 'cancel',
    decision: 'cancel',
    description: 'call off what you asked for; administrators: anything that has not begun',
    done: 'called off',
  },
  {
    name: 'replan',
    decision: 'replan',
    description: 'ask for a fresh plan from the live target; votes are cleared',
    done: 'a fresh plan is asked for',
  },
  {
    name: 'break-glass',
    decision: 'break_glass',
    description: 'agree alone, in an emergency; it opens a review that somebody else must close',
    done: 'the glass is broken',
    needsReason: true,
  },
];

/** `grace approve|deny|withdraw|cancel|replan|break-glass CONTRACT` */
export function register(program: Command, io: Io): void {
  for (const form of FORMS) {
    const command = backendOptions(program.command(form.name))
      .argument('<contract>', 'its id')
      .description(form.description)
      .option('--plan-hash <sha256>', 'the plan that you read; default: the one that is stored now');
    const why = 'why; it goes into the audit log';
    if (form.needsReason) command.requiredOption('--reason <text>', why);
    else command.option('--reason <text>', why, 'no reason given');
    command.action(async (contractId: string, options: Options) => {
      await withBackend(io, options, (backend) => give(io, backend, { form, contractId, options }));
    });
  }
}

interface Wish {
  readonly form: Form;
  readonly contractId: string;
  readonly options: Options;
}

async function give(io: Io, backend: Backend, { form, contractId, options }: Wish): Promise<void> {
  const { decision } = form;
  const contract = await contractNamed(backend, contractId);
  const { plan } = await contractStore(backend.state).plan(contractId);
  const { principal, authenticated } = await backend.identity();
  const planHash = options.planHash ?? contract.planHash;
  const name = `${principal}${authenticated ? '' : ' (unauthenticated: the simulator takes your word)'}`;
  io.err(`${form.name} ${contractId} as ${name}`);
  for (const step of plan.steps) {
    io.err(
      `  ${step.action}${factsText(step.intended, ' ')} on ${targetKey(step.target)}, tier ${plan.tier}`,
    );
  }
  io.err(`  plan sha256 ${planHash}`);

  const reason = options.reason ?? '';
  const { output } = await giveCommand(backend, { contractId, decision, planHash, reason });
  const status = (await contractStore(backend.state).get(contractId))?.status ?? contract.status;
  if (!output.ok) io.exitWith(output.code === 'NOT_FOUND' ? 2 : 1);
  if (options.json)
    return printJson(io, { contractId, decision, principal, authenticated, planHash, ...output, status });
  if (!output.ok) {
    io.err(`grace: ${output.code}: ${output.message}`);
    return;
  }
  io.out(`${io.paint.green('✔')} ${form.done}${votesText(output)}; the contract is now ${status}`);
}

function votesText(output: DecideOutput): string {
  return output.ok && 'quorum' in output && output.approvals > 0
    ? `, ${output.approvals} of ${output.quorum} approvals`
    : '';
}
