import type { BootstrapOutput } from '../../functions/bootstrap/bootstrap';
import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { Envelope } from '../../shared/contracts/envelope';
import { parseSettings, type Settings } from '../../shared/contracts/settings';
import { isEnd, type Status } from '../../shared/domain/transitions';
import { shippedPolicies } from '../policies/shipped-policies';
import { ACCOUNT, REGION } from '../simulator/cloud/scene-builder';
import { createDeployment, type Deployment } from '../simulator/deployment';
import type { DeploymentOptions } from '../simulator/deployment-options';
import { createKernel, type Kernel } from '../simulator/kernel';
import { SCRIPTED_APPROVERS, scriptedApprover } from './approver';
import { type Chaos, chaos } from './chaos';
import { returnDeadLetters } from './dead-letters';
import { beginIteration, type Iteration, type PlannedIteration } from './iteration';
import { sharedCloud } from './shared-cloud';

/** Where every scenario begins, so that the same seed gives the same report on every day. */
export const START_MS = Date.UTC(2026, 0, 5, 9, 0, 0);

/** After the last contract's end, a fault's later events are not waited for. */
const QUIET_AFTER_MS = 30_000;
/** Longer than any approval, window, extension and rollback together. */
const LONGEST_ITERATION_MS = 6 * 3_600_000;
/** An incident without a contract is over when its alarm has had the time to fire and its event to be read. */
const NO_CONTRACT_AFTER_MS = 7_200_000;

export interface PlayOptions {
  readonly iterations: readonly PlannedIteration[];
  readonly playbooks: CompiledPlaybooks;
  readonly seed: number | string;
  readonly chaos?: boolean;
  /** Default: iterations get names of their own when there are several. */
  readonly ownNames?: boolean;
  readonly settings?: Settings;
  /** Called as an iteration's last contract ends; under chaos another one may follow. */
  readonly onEnded?: (iteration: Iteration, status: Status) => void;
  /** For tests: a deployment that is broken on purpose. */
  readonly deploy?: (options: DeploymentOptions) => Deployment;
}

/** Everything as it stands when nothing is under way any more, or time is up. */
export interface Played {
  readonly kernel: Kernel;
  readonly deployment: Deployment;
  readonly iterations: readonly Iteration[];
  readonly bootstrap: BootstrapOutput | undefined;
  /** From a change until its event is on the bus, milliseconds, of every event. */
  readonly eventLags: readonly number[];
  readonly decisions: Readonly<Record<string, number>>;
  readonly chaos: Chaos['counts'] | undefined;
  /** False when time was up first. */
  readonly cameToRest: boolean;
}

export function scenarioSettings(): Settings {
  return parseSettings({
    deployment: 'scenario',
    ephemeral: true,
    approvals: { approvers: [...SCRIPTED_APPROVERS] },
    limits: { concurrentActions: 1000 },
  });
}

/** Plays all iterations in one deployment and one virtual time line, so that they overlap. */
export async function play(options: PlayOptions): Promise<Played> {
  const { iterations: planned } = options;
  const kernel = createKernel({ startMs: START_MS, seed: options.seed });
  const faults = options.chaos
    ? chaos({ random: kernel.fork('chaos'), now: kernel.now, startMs: START_MS })
    : undefined;
  const cloud = sharedCloud();
  const iterations: Iteration[] = [];
  const ofEvent = new Map<string, Iteration>();
  const ofContract = new Map<string, Iteration>();
  const over = new Set<Iteration>();
  const open = new Map<Iteration, Set<string>>();
  const eventLags: number[] = [];
  const decisions: Record<string, number> = {};

  const deployment = (options.deploy ?? createDeployment)({
    kernel,
    cloud,
    playbooks: options.playbooks,
    policies: shippedPolicies(),
    settings: options.settings ?? scenarioSettings(),
    account: ACCOUNT,
    region: REGION,
    ...(faults === undefined ? {} : { faults }),
    onDecisions: (output) => {
      for (const { decision, eventId, contractId } of output.decisions) {
        decisions[decision] = (decisions[decision] ?? 0) + 1;
        const iteration = eventId === undefined ? undefined : ofEvent.get(eventId);
        if (eventId !== undefined) iteration?.decided.add(eventId);
        if (iteration !== undefined && contractId !== undefined) belongs(contractId, iteration);
        else if (iteration !== undefined && decision !== 'DUPLICATE') endSoon(iteration);
      }
    },
    onPublished: (envelope) => {
      eventLags.push(Math.max(0, kernel.now() - Date.parse(envelope.time)));
      if (envelope.detail['contractId'] !== undefined) told(envelope);
    },
  });
  const approver = scriptedApprover(kernel, deployment);
  if (faults !== undefined) returnDeadLetters(kernel, deployment);

  async function told({ type, detail }: Envelope): Promise<void> {
    const contractId = String(detail['contractId']);
    if (!ofContract.has(contractId)) {
      // The sentinel's answer was lost; the contract itself names its event.
      const item = await deployment.ports.state.get({ pk: `CONTRACT#${contractId}`, sk: 'CONTRACT' });
      const of = ofEvent.get(String(item?.['eventId']));
      if (of !== undefined) belongs(contractId, of);
    }
    const iteration = ofContract.get(contractId);
    if (iteration === undefined) return;
    if (type === 'approval.requested') approver.asked(contractId, iteration.approval());
    const status = detail['status'] as Status | undefined;
    if (status !== undefined && isEnd(status)) ended(contractId, iteration, status);
  }

  function belongs(contractId: string, iteration: Iteration): void {
    if (ofContract.has(contractId)) return;
    ofContract.set(contractId, iteration);
    iteration.contractIds.add(contractId);
    open.get(iteration)?.add(contractId);
  }

  function ended(contractId: string, iteration: Iteration, status: Status): void {
    const waiting = open.get(iteration);
    if (!waiting?.delete(contractId) || waiting.size > 0) return;
    options.onEnded?.(iteration, status);
    endSoon(iteration);
  }

  function endSoon(iteration: Iteration): void {
    const end = () => {
      if (over.has(iteration) || (open.get(iteration)?.size ?? 0) > 0) return;
      // An event that is still on its way may become a contract, of a fault that must then still be there.
      if (iteration.decided.size < iteration.received.size && kernel.now() < patienceEnds(iteration)) {
        kernel.schedule(QUIET_AFTER_MS, end, 'iteration over');
        return;
      }
      iteration.quieten();
      over.add(iteration);
    };
    kernel.schedule(QUIET_AFTER_MS, end, 'iteration over');
  }

  const patienceEnds = ({ world }: Iteration) => world.start + world.file.horizonSeconds * 1000;

  const ownNames = options.ownNames ?? planned.length > 1;
  for (const one of planned) {
    const begin = () => {
      const iteration = beginIteration(one, {
        kernel,
        ownNames,
        intake: deployment.intake,
        onReceived: (of, eventId) => ofEvent.set(eventId, of),
      });
      open.set(iteration, new Set());
      iterations.push(iteration);
      cloud.add(iteration.world);
      kernel.schedule(NO_CONTRACT_AFTER_MS, () => {
        if (iteration.contractIds.size === 0) endSoon(iteration);
      });
    };
    kernel.schedule(one.startsAfterMs, begin, 'iteration');
  }
  const bootstrap = await bootstrapped(kernel, deployment);
  const last = planned.at(-1)?.startsAfterMs ?? 0;
  const result = await kernel.run({
    until: () => over.size === planned.length && deployment.isQuiet(),
    untilMs: START_MS + last + LONGEST_ITERATION_MS,
  });
  deployment.stop();
  for (const iteration of iterations) iteration.quieten();
  return {
    kernel,
    deployment,
    iterations,
    bootstrap,
    eventLags,
    decisions,
    chaos: faults?.counts,
    cameToRest: result !== 'time',
  };
}

/** Bootstraps until it works: under chaos it may take several tries, as it would take an operator. */
async function bootstrapped(kernel: Kernel, deployment: Deployment): Promise<BootstrapOutput | undefined> {
  for (let tries = 0; tries < 20; tries += 1) {
    let output: BootstrapOutput | undefined;
    let settled = false;
    deployment.bootstrap().then(
      (value) => {
        output = value;
        settled = true;
      },
      () => {
        settled = true;
      },
    );
    await kernel.run({ until: () => settled, untilMs: kernel.now() + 60_000 });
    if (output !== undefined) return output;
  }
  return undefined;
}
