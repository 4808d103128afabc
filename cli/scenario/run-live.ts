import { setTimeout as sleep } from 'node:timers/promises';
import { isEnd, type Status } from '../../shared/domain/transitions';
import { contractStore } from '../../shared/stores/contract-store';
import { FRESH_MS } from '../../shared/stores/playbook-library';
import { playbookStore } from '../../shared/stores/playbook-store';
import type { Backend } from '../backend/backend';
import { emulatorEndpoint, withBackend } from '../backend/open-backend';
import type { BackendOptions } from '../backend/options';
import { UnusableError, UsageError } from '../errors';
import type { Io } from '../io';
import { createKernel } from '../simulator/kernel';
import { awsLoad, costOf } from './aws-load';
import { emulatorLoad } from './emulator-load';
import { type LiveDeployment, liveDeployment } from './live-deployment';
import type { LiveIncident, LiveIteration, LiveLoad } from './live-load';
import { liveReport } from './live-report';
import type { ScenarioReport } from './report';

export interface LiveScenario extends BackendOptions {
  readonly iterations: number;
  readonly seed: string;
  readonly chaos: boolean;
  readonly monitor?: boolean;
  readonly yes?: boolean;
}

const MOST_ON_AWS = 10;
const LOOK_EVERY_MS = 2_000;
const ON_AWS_APART_MS = 1_000;

/** `grace scenario --on emulator|aws`. Whatever happens, what it made is removed. */
export async function runLiveScenario(io: Io, options: LiveScenario): Promise<ScenarioReport> {
  const endpoint = options.on === 'emulator' ? emulatorEndpoint(io) : undefined;
  return withBackend(io, options, async (backend) => {
    const deployment = await liveDeployment(backend, { stack: options.stack, endpoint });
    if (options.chaos && !deployment.settings.ephemeral) {
      throw new UsageError('--chaos is for deployments whose settings say ephemeral; this one does not');
    }
    if (endpoint === undefined) await askFirst(io, options);
    const { account, region } = backend;
    const load =
      endpoint === undefined
        ? awsLoad({ region })
        : emulatorLoad({ endpoint, account, region, log: (line) => options.monitor && io.err(line) });
    io.err(load.notice);
    const began = performance.now();
    try {
      const iterations = await playLive({ io, options, backend, deployment, load });
      return await liveReport(backend, iterations, {
        on: options.on,
        seed: options.seed,
        chaos: options.chaos,
        observe: deployment.settings.mode === 'observe',
        wallMs: performance.now() - began,
        notes: [load.notice, 'Times are real ones; event lag is that of the audit log.'],
      });
    } finally {
      for (const left of await load.remove()) io.err(`not removed: ${left}`);
    }
  });
}

async function askFirst(io: Io, { iterations, yes }: LiveScenario): Promise<void> {
  if (iterations > MOST_ON_AWS) throw new UsageError(`--iterations: at most ${MOST_ON_AWS} on aws`);
  if (yes) return;
  if (!io.canAsk) throw new UsageError(`${costOf(iterations)} Say --yes if you mean it.`);
  const answer = await io.ask(`${costOf(iterations)} Go on? [y/N] `);
  if (answer?.trim().toLowerCase() !== 'y') throw new UnusableError('nothing was made');
}

interface Playing {
  readonly io: Io;
  readonly options: LiveScenario;
  readonly backend: Backend;
  readonly deployment: LiveDeployment;
  readonly load: LiveLoad;
}

async function playLive(playing: Playing): Promise<readonly LiveIteration[]> {
  const { io, options, backend, load } = playing;
  const why = { actor: 'scenario', reason: 'SCENARIO', at: Date.now() };
  let isNew = false;
  for (const { name, version, playbook } of load.playbooks) {
    const outcome = await playbookStore(backend.state).publish({ name, version, source: playbook }, why);
    isNew ||= outcome === 'written';
  }
  if (isNew) {
    io.err(`Waiting ${FRESH_MS / 1000} s for the pushed playbooks to be in use`);
    await sleep(FRESH_MS);
  }
  const { random } = createKernel({ startMs: 0, seed: `scenario ${options.seed}` });
  const run = Date.now().toString(36);
  const iterations: LiveIteration[] = [];
  for (let index = 1; index <= options.iterations; index += 1) {
    const incident = load.incidents[Math.floor(random() * load.incidents.length)] as LiveIncident;
    const targetId = await load.begin(incident, `grace-scenario-${run}-${index}`);
    iterations.push({
      index,
      incident,
      targetId,
      beganAt: Date.now(),
      contract: undefined,
      plan: undefined,
      decided: false,
    });
    if (options.monitor) io.err(`iteration ${index}  ${incident.name}  ${targetId}`);
    if (options.on === 'aws') await sleep(ON_AWS_APART_MS);
  }
  const until = Date.now() + load.longestMs;
  const stopped = new Set<string>();
  while (Date.now() < until && iterations.some((one) => !hasEnded(one))) {
    await sleep(LOOK_EVERY_MS);
    await findContracts(backend, iterations);
    for (const iteration of iterations) {
      if (hasEnded(iteration)) continue;
      await follow(iteration, playing);
      if (options.chaos && random() < 0.02) await disturb(iteration, playing, stopped);
    }
  }
  return iterations;
}

const hasEnded = ({ contract }: LiveIteration): boolean =>
  contract !== undefined && isEnd(contract.status as Status);

/** Contracts by their targets, which are the scenario's own. */
async function findContracts(backend: Backend, iterations: readonly LiveIteration[]): Promise<void> {
  const missing = new Map(
    iterations.filter((one) => one.contract === undefined).map((one) => [one.targetId, one]),
  );
  if (missing.size === 0) return;
  const contracts = contractStore(backend.state);
  for (const contractId of await contracts.list(2 * iterations.length + 20)) {
    const stored = await contracts.planIfReadable(contractId);
    const iteration = missing.get(stored?.plan.targets[0]?.id ?? '');
    if (iteration === undefined || stored === undefined) continue;
    iteration.plan = stored.plan;
    iteration.contract = await contracts.get(contractId);
  }
}

async function follow(
  iteration: LiveIteration,
  { io, options, backend, deployment }: Playing,
): Promise<void> {
  const { contract, incident } = iteration;
  if (contract === undefined) return;
  iteration.contract = await contractStore(backend.state).get(contract.contractId);
  const now = iteration.contract;
  if (now?.status === 'awaiting_approval' && !iteration.decided && incident.decision !== 'none') {
    iteration.decided = true;
    await deployment.decide(now.contractId, now.planHash, incident.decision);
  }
  if (options.monitor && hasEnded(iteration))
    io.err(`iteration ${iteration.index}  ${incident.name}  ${now?.status} ${now?.reason ?? ''}`);
}

/** Once an iteration at most: the reaper has to end what its execution no longer does. */
async function disturb(
  { contract }: LiveIteration,
  { deployment }: Playing,
  stopped: Set<string>,
): Promise<void> {
  if (contract === undefined || stopped.has(contract.contractId)) return;
  stopped.add(contract.contractId);
  await deployment.stopExecution(contract.contractId);
}
