import { shippedPolicies } from '../../../cli/policies/shipped-policies';
import { simulatedActions, simulatedResources, simulatedTelemetry } from '../../../cli/simulator/cloud/ports';
import type { Effect, World } from '../../../cli/simulator/cloud/world';
import { createWorld } from '../../../cli/simulator/cloud/world';
import { createDeployment, type Deployment } from '../../../cli/simulator/deployment';
import type { FaultPlan, Invocation } from '../../../cli/simulator/invocation';
import { createKernel, type Kernel } from '../../../cli/simulator/kernel';
import { Contract } from '../../../shared/contracts/contract';
import type { Envelope } from '../../../shared/contracts/envelope';
import { parseSettings, type SettingsFile } from '../../../shared/contracts/settings';
import type { Status } from '../../../shared/domain/transitions';
import type { Logger, Metrics } from '../../../shared/ports/outside';
import type { Table } from '../../../shared/ports/table';
import { playbookStore } from '../../../shared/stores/playbook-store';
import { ACCOUNT, APPROVERS, type BenchIncident, compiledFor, REGION } from './bench-incidents';
import { observed, type Passed } from './observed-table';

export const BENCH_START = Date.UTC(2026, 0, 5, 9, 3, 0);

/** One run of one incident, while it goes on. */
export interface Stage {
  readonly kernel: Kernel;
  readonly world: World;
  readonly deployment: Deployment;
  readonly incident: BenchIncident;
  /** Each status that a contract came to, in order. */
  readonly passed: readonly Passed[];
  /** The contracts as they stand. */
  contracts(): readonly Contract[];
}

export interface BenchOptions {
  readonly seed?: number;
  readonly faults?: (stage: () => Stage) => FaultPlan;
  /** Between the functions and the state table, such as a weakened condition. */
  readonly wrapState?: (table: Table) => Table;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly onPublished?: (envelope: Envelope) => void;
  readonly onInvocation?: (invocation: Invocation) => void;
  readonly settings?: SettingsFile;
  /** What reaches the intake of an alarm event, by default the event itself. */
  readonly deliver?: (event: string, stage: Stage) => void;
  /** Virtual milliseconds after which a run that has not come to rest is given up. */
  readonly patienceMs?: number;
}

const HOUR = 3_600_000;
const LOOK_EVERY_MS = 10_000;
/** After the last contract has ended: a sweep of the reaper, and the longest that a function can still run. */
const REST_MS = 130_000;

/** Sets an incident up; nothing has happened yet. */
export function createStage(incident: BenchIncident, options: BenchOptions = {}): Stage {
  const kernel = createKernel({ startMs: BENCH_START, seed: options.seed ?? 1 });
  const passed: Passed[] = [];
  const running = { alive: true };
  const world = createWorld({
    kernel,
    file: incident.file,
    onEvent(event) {
      const body = JSON.stringify(event);
      if (options.deliver === undefined) deployment.intake(body);
      else options.deliver(body, stage);
    },
    alive: () => running.alive,
  });
  const deployment: Deployment = createDeployment({
    kernel,
    cloud: {
      resources: simulatedResources(world),
      telemetry: simulatedTelemetry(world),
      actions: simulatedActions(world),
    },
    playbooks: compiledFor(incident),
    policies: shippedPolicies(),
    settings: parseSettings({
      ephemeral: true,
      ...options.settings,
      approvals: { approvers: [...APPROVERS], ...options.settings?.approvals },
    }),
    account: ACCOUNT,
    region: REGION,
    wrapState: (table) => observed(options.wrapState?.(table) ?? table, kernel, passed),
    ...(options.logger === undefined ? {} : { logger: options.logger }),
    ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
    ...(options.onPublished === undefined ? {} : { onPublished: options.onPublished }),
    ...(options.onInvocation === undefined ? {} : { onInvocation: options.onInvocation }),
    ...(options.faults === undefined ? {} : { faults: options.faults(() => stage) }),
  });
  const stage: Stage = {
    kernel,
    world,
    deployment,
    incident,
    passed,
    contracts: () =>
      deployment.state
        .items()
        .filter((item) => item.sk === 'CONTRACT')
        .map((item) => Contract.parse(item)),
  };
  return stage;
}

/** Writes the playbook as a deploy does. */
export async function publishPlaybooks({ deployment, kernel }: Stage): Promise<void> {
  const { ports } = deployment;
  const store = playbookStore(ports.state);
  const why = { actor: 'bench', reason: 'SET_UP', at: kernel.now() };
  for (const { name, version, playbook } of ports.playbooks) {
    await store.publish({ name, version, source: playbook }, why);
  }
}

/** Runs an incident until everything has come to rest. */
export async function runIncident(incident: BenchIncident, options: BenchOptions = {}): Promise<Stage> {
  const stage = createStage(incident, options);
  await publishPlaybooks(stage);
  if (incident.approver !== 'silent') scriptedApprover(stage, incident.approver);
  await runToRest(stage, options.patienceMs ?? 3 * HOUR);
  return stage;
}

export async function runToRest(stage: Stage, patienceMs: number): Promise<void> {
  const { kernel, deployment, world } = stage;
  let rested = false;
  const look = (): void => {
    rested = stage.passed.length > 0 && deployment.isQuiet() && deployment.openContracts() === 0;
    if (!rested) kernel.schedule(LOOK_EVERY_MS, look, 'bench look');
  };
  kernel.schedule(LOOK_EVERY_MS, look, 'bench look');
  await kernel.run({ until: () => rested, untilMs: kernel.now() + patienceMs, maxEvents: 500_000 });
  await kernel.run({ untilMs: kernel.now() + REST_MS });
  world.stop();
  deployment.stop();
}

/** Decides some seconds after a request was opened; when it could not, tries again, as a person would. */
export function scriptedApprover(stage: Stage, answer: 'approves' | 'denies'): void {
  const { kernel, deployment } = stage;
  const decided = new Set<string>();
  const look = (): void => {
    for (const contract of stage.contracts()) {
      if (contract.status !== 'awaiting_approval' || decided.has(contract.contractId)) continue;
      decided.add(contract.contractId);
      const input = {
        contractId: contract.contractId,
        decision: answer === 'approves' ? ('approve' as const) : ('deny' as const),
        principal: APPROVERS[0],
        planHash: contract.planHash,
        reason: 'scripted',
      };
      const again = (): void => {
        decided.delete(contract.contractId);
      };
      deployment.decide(input).then((output) => {
        if (!output.ok && output.code === 'BUSY') again();
      }, again);
    }
    if (!stage.passed.some(({ ended }) => ended)) kernel.schedule(LOOK_EVERY_MS, look, 'approver');
  };
  kernel.schedule(LOOK_EVERY_MS, look, 'approver');
}

export type { Effect, Status };
