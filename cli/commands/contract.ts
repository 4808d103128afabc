import { type Command, InvalidArgumentError } from 'commander';
import { measurementView, snapshotRow } from '../../functions/api/contract-view';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import type { Expectation } from '../../shared/domain/expectation';
import { targetKey } from '../../shared/domain/target';
import { STATUSES, type Status } from '../../shared/domain/transitions';
import { auditStore } from '../../shared/stores/audit-store';
import { contractStore } from '../../shared/stores/contract-store';
import { outcomeReader } from '../../shared/stores/evidence-rows';
import { ledger } from '../../shared/stores/ledger';
import { listings } from '../../shared/stores/listings';
import { reservations } from '../../shared/stores/reservations';
import type { Backend } from '../backend/backend';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { expectationText } from '../demo/explain';
import { statusMark } from '../demo/narrate';
import { factsText, labelled } from '../demo/text';
import { type Io, printJson } from '../io';
import { contractNamed } from './contract-named';
import { restoreCommand } from './restore';
import { snapshotCommand } from './snapshot';
import { watchContract } from './watch-contract';

type Options = BackendOptions & { readonly json?: boolean };

/** `grace contract list`, `grace contract show|watch|snapshot|rollback CONTRACT` */
export function register(program: Command, io: Io): void {
  const contract = program.command('contract').description('what Grace decided, did and found');
  backendOptions(contract.command('list'))
    .description('contracts, newest first')
    .option('--limit <n>', 'how many contracts to look at', positive, 50)
    .option('--status <status>', 'only those that stand so', statusOf)
    .option('--playbook <name>', 'only those of this playbook')
    .action(async (options: Options & Filter) => {
      const rows = await withBackend(io, options, (backend) => listContracts(backend, options));
      if (options.json) {
        printJson(io, rows);
        return;
      }
      for (const row of rows) {
        const verdict = row.verdict === null ? '' : `${row.verdict} ${row.confidence}`;
        io.out(
          `${statusMark(row.status, io.paint)} ${row.contractId.padEnd(26)}  ${row.status.padEnd(17)} tier ${row.tier}  ${row.playbook.padEnd(28)} ${verdict}`.trimEnd(),
        );
      }
    });
  backendOptions(contract.command('show'))
    .argument('<contract>', 'its id')
    .description('one contract with its plan, steps, outcome and audit entries')
    .action(async (contractId: string, options: Options) => {
      const story = await withBackend(io, options, (backend) => contractStory(backend, contractId));
      if (options.json) printJson(io, story);
      else io.out(describe(story, io).join('\n'));
    });
  backendOptions(contract.command('watch'))
    .argument('<contract>', 'its id')
    .description('each change of a contract as it comes, until it ends')
    .option('--timeout <seconds>', 'how long at most', positive, 3600)
    .action(async (contractId: string, options: Options & { timeout: number }) => {
      await withBackend(io, options, (backend) => watchContract(io, backend, { contractId, ...options }));
    });
  snapshotCommand(contract.command('snapshot'), io);
  restoreCommand(contract.command('rollback'), io);
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('give a whole number above 0');
  return value;
}

interface Filter {
  readonly limit: number;
  readonly status?: Status;
  readonly playbook?: string;
}

function statusOf(text: string): Status {
  const status = STATUSES.find((one) => one === text);
  if (status === undefined) throw new InvalidArgumentError(`one of ${STATUSES.join(', ')}`);
  return status;
}

async function listContracts(backend: Backend, { limit, status, playbook }: Filter) {
  const contracts = contractStore(backend.state);
  const ids = await contracts.list(limit);
  const found = await Promise.all(ids.map((id) => contracts.get(id)));
  return found
    .filter((one) => one !== undefined)
    .filter((one) => status === undefined || one.status === status)
    .filter((one) => playbook === undefined || one.playbook === playbook)
    .map((one) => ({
      contractId: one.contractId,
      status: one.status,
      playbook: one.playbook,
      tier: one.tier,
      reason: one.reason ?? null,
      verdict: one.verdict ?? null,
      confidence: one.confidence ?? null,
      missionId: one.missionId,
      planHash: one.planHash,
      createdAt: timeOf(one.createdAt),
      endedAt: timeOf(one.endedAt),
    }));
}

async function contractStory(backend: Backend, contractId: string) {
  const contract = await contractNamed(backend, contractId);
  const { plan, hash } = await contractStore(backend.state).plan(contractId);
  const log = auditStore(backend.audit, { clock: backend.clock, random: Math.random });
  const entries = await log.entriesOf({ contractId });
  const { rows } = listings(backend.state);
  const locks = reservations(backend.state);
  const frozen: string[] = [];
  for (const key of plan.targets.map(targetKey)) {
    if ((await locks.lock(key))?.frozenBy === contractId) frozen.push(key);
  }
  return {
    contract,
    plan,
    /** What stands in the store is what was approved. */
    planUnchanged: hash === contract.planHash,
    steps: await ledger(backend.state).steps(contractId),
    measurements: (await rows(contractId, 'BENCHMARK#')).map(measurementView),
    snapshots: (await rows(contractId, 'SNAPSHOT#')).map((row) => snapshotRow(contractId, row)),
    /** Targets that nothing is done to until somebody releases them. */
    frozen,
    outcome: (await outcomeReader(backend.state).outcome(contractId)) ?? null,
    audit: entries.map(({ leaf, link }) => ({
      ...readAuditBody(leaf),
      link: Buffer.from(link).toString('hex'),
    })),
  };
}

function describe(story: Awaited<ReturnType<typeof contractStory>>, { paint }: Io): string[] {
  const { contract, plan, outcome, steps, audit } = story;
  const section = (name: string, lines: readonly string[]) => labelled(paint.bold(name.padEnd(9)), 13, lines);
  const unchanged = story.planUnchanged ? '' : paint.red('  the stored plan is another one');
  return [
    `${statusMark(contract.status, paint)} ${paint.bold(contract.contractId)}  ${contract.status}  ${contract.reason ?? ''}`,
    ...section('plan', [
      `sha256 ${contract.planHash}${unchanged}`,
      `tier ${plan.tier}: ${plan.tierReasons.join('; ')}`,
    ]),
    ...section('playbook', [plan.playbook.name, ...plan.diagnosis.evidence.map((one) => `· ${one}`)]),
    ...section('target', plan.targets.map(targetKey)),
    ...section(
      'expects',
      plan.effect.expectations.map((one) => expectationText(one as Expectation)),
    ),
    ...section(
      'steps',
      steps.map(
        (step) =>
          `${step.direction} ${step.action}${factsText(step.intended, ' ')}: ${step.state} ${step.outcome ?? ''}`,
      ),
    ),
    ...section(
      'found',
      (outcome?.fields ?? []).map((field) => `${field.expected}: ${field.actual} (${field.verdict})`),
    ),
    ...section(
      'audit',
      audit.map(
        (entry) =>
          `#${entry.seq} ${new Date(entry.sequencedAt).toISOString()} ${entry.event} by ${entry.actor}: ${entry.reason}`,
      ),
    ),
  ];
}

export const timeOf = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString();
