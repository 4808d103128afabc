import type { Command } from 'commander';
import { askedAs, delegatorsOf, type Participation, participationOf } from '../../shared/domain/approval';
import { targetKey } from '../../shared/domain/target';
import { contractStore } from '../../shared/stores/contract-store';
import { delegationStore } from '../../shared/stores/delegation-store';
import { reviewStore } from '../../shared/stores/review-store';
import type { Backend } from '../backend/backend';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { factsText, labelled } from '../demo/text';
import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';
import { positive, timeOf } from './contract';
import { contractNamed } from './contract-named';

/** Delegations that are looked at, newest first. */
const MOST_DELEGATIONS = 100;

type Options = BackendOptions & { readonly json?: boolean };

/** `grace approvals list`, `grace approvals show CONTRACT` */
export function register(program: Command, io: Io): void {
  const approvals = program.command('approvals').description('what waits for people, and what they said');
  backendOptions(approvals.command('list', { isDefault: true }))
    .description('open requests, oldest first')
    .option('--mine', 'only those that you are asked about, or speak for somebody who is')
    .option('--limit <n>', 'how many contracts to look at', positive, 100)
    .action(async (options: Options & { mine?: boolean; limit: number }) => {
      const rows = await withBackend(io, options, (backend) => openRequests(backend, options));
      if (options.json) return printJson(io, rows);
      for (const row of rows) {
        io.out(
          `${row.contractId.padEnd(26)}  tier ${row.tier}  ${row.playbook.padEnd(28)} ${row.approvals} of ${row.quorum}  until ${row.expiresAt}`,
        );
      }
      if (rows.length === 0) io.out('nothing waits for anybody');
    });
  backendOptions(approvals.command('show'))
    .argument('<contract>', 'its id')
    .description('one request: plan, who is asked, who has voted')
    .action(async (contractId: string, options: Options) => {
      const request = await withBackend(io, options, (backend) => requestOf(backend, contractId));
      if (options.json) printJson(io, request);
      else io.out(describe(request, io).join('\n'));
    });
}

async function openRequests(
  backend: Backend,
  { limit, mine = false }: { readonly limit: number; readonly mine?: boolean },
) {
  const contracts = contractStore(backend.state);
  const { principal } = await backend.identity();
  const given = await delegationStore(backend.state).list(MOST_DELEGATIONS);
  const reader = { subject: principal, delegators: delegatorsOf(principal, given, backend.clock.now()) };
  const found = await Promise.all((await contracts.open(limit)).map((id) => contracts.get(id)));
  return found.flatMap((contract) => {
    if (contract?.status !== 'awaiting_approval' || contract.approval === undefined) return [];
    const { approval } = contract;
    const voice = askedAs(approval, reader);
    if (mine && voice === undefined) return [];
    return [
      {
        contractId: contract.contractId,
        tier: contract.tier,
        playbook: contract.playbook,
        planHash: contract.planHash,
        approvals: participationOf(contract)?.approvals ?? 0,
        quorum: approval.quorum,
        eligible: approval.eligible,
        requestedAt: timeOf(approval.requestedAt),
        expiresAt: timeOf(approval.expiresAt),
        escalatedAt: timeOf(approval.escalatedAt),
        voted: approval.votes[voice ?? principal] !== undefined,
        speaksFor: voice === principal ? null : (voice ?? null),
      },
    ];
  });
}

async function requestOf(backend: Backend, contractId: string) {
  const contract = await contractNamed(backend, contractId);
  const participation = participationOf(contract);
  if (contract.approval === undefined || participation === undefined) {
    throw new NothingThereError(`contract ${contractId} asks nobody: it is ${contract.status}`);
  }
  const { plan } = await contractStore(backend.state).plan(contractId);
  const { eligible, excluded, escalation = [], escalatedAt, expiresAt, brokenBy } = contract.approval;
  return {
    contractId,
    status: contract.status,
    planHash: contract.planHash,
    plan,
    participation,
    eligible,
    excluded: [...excluded],
    escalation,
    escalatedAt: timeOf(escalatedAt),
    expiresAt: timeOf(expiresAt),
    executeBy: timeOf(contract.executeBy),
    brokenBy: brokenBy ?? null,
    review: (await reviewStore(backend.state).get(contractId)) ?? null,
  };
}

function describe(request: Awaited<ReturnType<typeof requestOf>>, { paint }: Io): string[] {
  const { plan, participation, review } = request;
  const section = (name: string, lines: readonly string[]) => labelled(paint.bold(name.padEnd(9)), 13, lines);
  return [
    `${paint.bold(request.contractId)}  ${request.status}  ${outcomeText(participation)}`,
    ...section('plan', [
      `sha256 ${request.planHash}`,
      ...plan.steps.map(
        (step) => `${step.action}${factsText(step.intended, ' ')} on ${targetKey(step.target)}`,
      ),
      `tier ${plan.tier}: ${plan.tierReasons.join('; ')}`,
    ]),
    ...section('asked', [...request.eligible]),
    ...section('not asked', [...request.excluded]),
    ...section('escalates', [...request.escalation]),
    ...section('until', [`${request.expiresAt} to decide, ${request.executeBy} to begin`]),
    ...section(
      'votes',
      participation.votes.map(({ subject, by, decision, at }) => {
        const speaker = by === undefined ? subject : `${by} for ${subject}`;
        return `${decision} by ${speaker} at ${timeOf(at)}`;
      }),
    ),
    ...section(
      'review',
      review === null ? [] : [`${review.status}: ${review.openedBy} broke the glass, ${review.reason}`],
    ),
  ];
}

const outcomeText = ({ outcome, approvals, quorum }: Participation): string =>
  `${outcome}, ${approvals} of ${quorum}`;
