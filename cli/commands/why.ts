import type { Command } from 'commander';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { explainEnd, explainMove } from '../demo/explain';
import { statusMark } from '../demo/narrate';
import { labelled, wrapped } from '../demo/text';
import { type Io, printJson } from '../io';
import { type Explanation, explainContract } from '../why/explain-contract';
import { contractNamed } from './contract-named';

type Options = BackendOptions & { readonly json?: boolean };

/** `grace why CONTRACT` */
export function register(program: Command, io: Io): void {
  backendOptions(program.command('why'))
    .argument('<contract>', 'its id')
    .description('which rule let a contract through, or stopped it: tier, policies, votes, gate, verdict')
    .action(async (contractId: string, options: Options) => {
      const explanation = await withBackend(io, options, async (backend) =>
        explainContract(backend, await contractNamed(backend, contractId)),
      );
      if (options.json) printJson(io, explanation);
      else io.out(describe(explanation, io).join('\n'));
    });
}

function describe(why: Explanation, { paint, width }: Io): string[] {
  const { status, reason, tier, policy, votes, gate, verdict } = why;
  const section = (name: string, lines: readonly string[]) => labelled(paint.bold(name.padEnd(8)), 12, lines);
  const ended =
    verdict !== null || !['planned', 'awaiting_approval', 'approved', 'executing'].includes(status);
  return [
    `${statusMark(status, paint)} ${paint.bold(why.contractId)}  ${status}  ${reason ?? ''}`,
    ...wrapped(ended ? explainEnd(reason ?? '') : explainMove(status, reason ?? ''), width - 4).map(
      (line) => `  ${line}`,
    ),
    ...section('tier', tier === null ? ['the stored plan cannot be read'] : tierLines(tier)),
    ...section('policy', policyLines(policy)),
    ...section('votes', votes === null ? ['nobody was asked'] : votesLines(votes)),
    ...section('gate', [gate.passed ? `passed at ${gate.at}` : 'not passed: nothing was sent']),
    ...section('verdict', verdict === null ? ['none: no effect was measured'] : verdictLines(verdict)),
    ...section(
      'moves',
      why.moves.map(({ seq, at, event, actor, reason: why }) => `#${seq} ${at} ${event} by ${actor}: ${why}`),
    ),
  ];
}

const tierLines = ({ tier, reasons }: NonNullable<Explanation['tier']>): string[] => [
  `${tier}`,
  ...reasons.map((reason) => `· ${reason}`),
];

function policyLines({ decision, basis, by, version, detail }: Explanation['policy']): string[] {
  const name = version === null ? '' : ` (policies ${version.slice(0, 12)})`;
  if (decision === null) return [`not asked${name}`];
  return [
    `${decision}, ${basis}${name}`,
    ...by.map(
      ({ id, constitution, reason }) =>
        `· ${id}${constitution ? ', of the constitution' : ''}${reason === undefined ? '' : `: ${reason}`}`,
    ),
    ...(by.length === 0 && detail !== null ? [`· ${detail}`] : []),
  ];
}

const votesLines = ({ quorum, approvedBy, votes, eligible }: NonNullable<Explanation['votes']>): string[] => [
  `${quorum} of ${eligible.length} must agree; agreed: ${approvedBy}`,
  ...votes.map(
    ({ subject, by, decision, at, reason }) =>
      `· ${subject}${by === null ? '' : ` by ${by}`} ${decision} at ${at}: ${reason}`,
  ),
];

const verdictLines = ({ verdict, confidence, fields }: NonNullable<Explanation['verdict']>): string[] => [
  `${verdict}${confidence === null ? '' : `, confidence ${confidence}`}`,
  ...fields.map((field) => `· ${field.expected}: ${field.actual} (${field.verdict})`),
];
