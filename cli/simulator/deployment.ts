import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BootstrapInput, BootstrapOutput } from '../../functions/bootstrap/bootstrap';
import type { RequestCommand, RequestOutput } from '../../shared/contracts/decision';
import { sealPrefix } from '../../shared/contracts/log-origin';
import { ACTIONS } from '../../shared/domain/actions';
import { songOfExecution } from '../../shared/domain/song';
import { ASL_SUBSTITUTIONS, FUNCTIONS, type FunctionName } from '../../shared/names';
import type { FilledIn } from '../../shared/ports/audit-check';
import type { Logger, Metrics } from '../../shared/ports/outside';
import { cedarPolicies } from '../../shared/stores/cedar-policies';
import { memoryScan } from '../../shared/stores/memory-scan';
import { memorySeal } from '../../shared/stores/memory-seal';
import {
  createMemoryTable,
  type MemoryTable,
  type MemoryTableOptions,
} from '../../shared/stores/memory-table';
import { playbookCache } from '../../shared/stores/playbook-library';
import { settingsDirectory } from '../../shared/stores/settings-directory';
import { simulatedApi } from './api-ports';
import type { Execution } from './asl/execution';
import { createStepFunctions } from './asl/interpreter';
import { loadStateMachine } from './asl/parse-definition';
import { scheduleAudit } from './audit-schedule';
import { createBus } from './bus';
import type { DeploymentOptions, TableRole } from './deployment-options';
import { seededUlids } from './ids';
import { createInvoker, FUNCTION_TIMEOUT_MS } from './invoker';
import { recordingOutbound, simulatedSecrets } from './outbound';
import type { SimulatedPorts } from './ports';
import { newSigningKey, simulatedSigner } from './signing-key';
import { simulatedCallbacks, simulatedExecutions } from './step-function-ports';
import { createStreamReader } from './stream';
import { simulatedCipher } from './token-cipher';

export type StepFunctions = ReturnType<typeof createStepFunctions>;

/** Grace, deployed into the simulator: tables, stream readers, queues, schedules, functions, state machine. */
export interface Deployment {
  readonly state: MemoryTable;
  readonly tokens: MemoryTable;
  readonly audit: MemoryTable;
  readonly documents: ReadonlyMap<string, string>;
  /** Sealed copies of the log, by name. */
  readonly sealed: Map<string, Uint8Array>;
  readonly stepFunctions: StepFunctions;
  /** Ports without latency and faults, for looking on from outside. */
  readonly ports: SimulatedPorts;
  /** Puts one message into the intake queue, as the rules of the bus do. */
  intake(body: string): void;
  /** Runs a function as an operator does (`grace approve`), outside the state machine. */
  decide(input: RequestCommand & { readonly principal: string }): Promise<RequestOutput>;
  /** The same for any function. */
  invoke(functionName: FunctionName, payload: unknown): Promise<unknown>;
  /** What runs after each deploy: playbook versions, test contract, first measurements. */
  bootstrap(input?: BootstrapInput): Promise<BootstrapOutput>;
  /** Nothing is waiting in a queue or a stream, and no execution runs. */
  isQuiet(): boolean;
  /** As `isQuiet`, but executions that wait for people do not count. */
  isAtRest(): boolean;
  /** Contracts that have not ended. */
  openContracts(): number;
  readonly deadLetters: () => readonly unknown[];
  readonly executions: () => number;
  stop(): void;
}

const DEFINITION = resolve(__dirname, '../../statemachines/verified-action.asl.json');
const REAPER_EVERY_MS = 60_000;
const FIRST_AUDIT_INVOCATION = 500_000;
const FIRST_SONG_INVOCATION = 1_000_000;

const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };
const uncounted: Metrics = { count: () => {}, record: () => {} };

export function createDeployment(options: DeploymentOptions): Deployment {
  const { kernel, cloud, settings } = options;
  const random = kernel.fork('grace');
  const clock = { now: () => kernel.now(), sleep: (ms: number) => kernel.sleep(ms) };
  let stopped = false;

  const consumed = (table: TableRole): Pick<MemoryTableOptions, 'onConsumed'> =>
    options.onConsumed === undefined
      ? {}
      : { onConsumed: (units, _kind, { pkPrefix }) => options.onConsumed?.(table, units, pkPrefix) };
  const state = createMemoryTable({
    clock,
    ...consumed('state'),
    ...(options.eventIds === undefined ? {} : { eventIds: options.eventIds }),
    onChange: (record) => {
      options.onChange?.(record);
      publisher.push(record);
      sequencer.push(record);
    },
  });
  const tokens = createMemoryTable({ clock, ...consumed('tokens') });
  const audit = createMemoryTable({ clock, ...consumed('audit') });
  const documents = new Map<string, string>();
  const sealed = new Map<string, Uint8Array>();

  const executors = Object.fromEntries(
    Object.values(ACTIONS)
      .filter((action) => (settings.executors as readonly string[]).includes(action.name))
      .map((action) => [action.name, action.executor]),
  );
  const invokerOf = (chances: () => number, firstId: number) =>
    createInvoker({
      kernel,
      random: chances,
      faults: options.faults ?? {},
      ports: () => ({ ...ports, random: chances }),
      firstId,
      ...(options.onInvocation === undefined ? {} : { onInvocation: options.onInvocation }),
    });
  // What goes on by the clock has chances and numbers of its own, so that the rest of a run is the same with and without it.
  const invoke = invokerOf(random, 1);
  const auditInvoke = invokerOf(kernel.fork('audit'), FIRST_AUDIT_INVOCATION);
  const songInvoke = invokerOf(kernel.fork('songs'), FIRST_SONG_INVOCATION);
  const attempts = new Map<string, number>();

  const stepFunctions = createStepFunctions({
    machine: loadStateMachine(readFileSync(DEFINITION, 'utf8'), { Partition: 'aws', ...ASL_SUBSTITUTIONS }),
    kernel,
    invoke: (functionName, payload, context) => {
      const key = `${context.executionName}/${context.stateName}`;
      const attempt = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, attempt);
      const run = songOfExecution(context.executionName) === undefined ? invoke : songInvoke;
      return run(functionName, payload, {
        stateName: context.stateName,
        contractId: context.executionName,
        attempt,
      });
    },
    ...(options.onTransition === undefined ? {} : { onTransition: options.onTransition }),
  });

  const buried: unknown[] = [];
  const bus = createBus({
    kernel,
    random,
    invoke,
    invokeSong: songInvoke,
    settings,
    ...(options.onDecisions === undefined ? {} : { onDecisions: options.onDecisions }),
    ...(options.onPublished === undefined ? {} : { onPublished: options.onPublished }),
  });

  const ports: SimulatedPorts = {
    state: options.wrapState?.(state) ?? state,
    tokens,
    audit,
    ...cloud,
    directory: settingsDirectory({ ...settings.approvals, ...settings.signIn }),
    callers: { identify: async () => undefined },
    ...options.people,
    api: simulatedApi({
      settings,
      clock,
      tokenReader: options.tokenReader,
      invoke: (name, payload) => invoke(name, payload),
      intake: bus.intake,
    }),
    executions: simulatedExecutions(stepFunctions),
    callbacks: simulatedCallbacks(stepFunctions),
    mesh: {
      async publish(events) {
        for (const event of events) bus.publish(event);
      },
    },
    cipher: simulatedCipher(random),
    scan: memoryScan(state),
    sealed: (epoch) => memorySeal(sealed, sealPrefix(epoch)),
    signers: [simulatedSigner(options.signingKey ?? newSigningKey())],
    sequencer: {
      fillIn: (fillIn) => auditInvoke(FUNCTIONS.auditSequencer, { fillIn }) as Promise<readonly FilledIn[]>,
    },
    sealer: {
      async seal() {
        await auditInvoke(FUNCTIONS.auditSealer, undefined);
      },
    },
    evidence: {
      async put(name, text) {
        if (!documents.has(name)) documents.set(name, text);
      },
      get: async (name) => documents.get(name),
    },
    relayQueue: {
      async send(contractId) {
        bus.relay(contractId);
      },
    },
    outbound: options.outbound ?? recordingOutbound(clock.now),
    secrets: simulatedSecrets,
    deadLetters: {
      async bury(letter) {
        buried.push(letter);
      },
    },
    clock,
    ids: seededUlids(() => kernel.now(), random),
    random,
    logger: options.logger ?? silent,
    metrics: options.metrics ?? uncounted,
    settings,
    playbooks: options.playbooks,
    compiledPolicies: options.policies,
    policies: cedarPolicies(options.policies),
    calendars: options.calendars ?? { state: async () => 'none' },
    playbookCache: playbookCache(),
    executors,
    account: options.account,
    region: options.region,
  };

  const publisher = createStreamReader({
    kernel,
    name: 'publisher',
    batchSize: 100,
    timeoutMs: FUNCTION_TIMEOUT_MS,
    random,
    read: (records, attempt) => invoke(FUNCTIONS.meshPublisher, records, { attempt }),
  });
  const sequencer = createStreamReader({
    kernel,
    name: 'sequencer',
    batchSize: 49,
    timeoutMs: FUNCTION_TIMEOUT_MS,
    random,
    read: (records, attempt) => invoke(FUNCTIONS.auditSequencer, records, { attempt }),
  });

  const sweep = (): void => {
    if (stopped) return;
    // A failed sweep is followed by the next one.
    invoke(FUNCTIONS.reaper, undefined).catch((error: unknown) =>
      ports.logger.error('sweep failed', { code: 'SWEEP_FAILED', error: String(error) }),
    );
    kernel.schedule(REAPER_EVERY_MS, sweep, 'reaper');
  };
  kernel.schedule(REAPER_EVERY_MS, sweep, 'reaper');
  scheduleAudit({ kernel, invoke: auditInvoke, logger: ports.logger, isStopped: () => stopped });

  const isDrained = (): boolean => bus.isEmpty() && publisher.lag() === 0 && sequencer.lag() === 0;
  const running = () => stepFunctions.listExecutions().filter(({ status }) => status === 'RUNNING');
  /** Its request is open: what remains is a person's decision. */
  const isWaitingForPeople = ({ history }: Execution): boolean => history.at(-1)?.type === 'TaskSubmitted';
  return {
    state,
    tokens,
    audit,
    documents,
    sealed,
    stepFunctions,
    ports,
    intake: bus.intake,
    bootstrap: (input = {}) => invoke(FUNCTIONS.bootstrap, input) as Promise<BootstrapOutput>,
    decide: (input) =>
      invoke(FUNCTIONS.decide, input, { contractId: input.contractId }) as Promise<RequestOutput>,
    invoke: (functionName, payload) => invoke(functionName, payload),
    isQuiet: () => isDrained() && running().length === 0,
    isAtRest: () => isDrained() && running().every(isWaitingForPeople),
    openContracts: () => openContracts(state),
    deadLetters: () => [...bus.dead(), ...buried],
    executions: () => stepFunctions.listExecutions().length,
    stop() {
      stopped = true;
    },
  };
}

function openContracts(state: MemoryTable): number {
  return state.items().filter((item) => item.sk === 'CONTRACT' && item['openPk'] !== undefined).length;
}
