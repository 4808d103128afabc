import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BootstrapInput, BootstrapOutput } from '../../functions/bootstrap/bootstrap';
import type { SentinelOutput } from '../../functions/sentinel/sentinel';
import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { RequestCommand, RequestOutput } from '../../shared/contracts/decision';
import type { Envelope } from '../../shared/contracts/envelope';
import { sealPrefix } from '../../shared/contracts/log-origin';
import type { Settings } from '../../shared/contracts/settings';
import { ACTIONS } from '../../shared/domain/actions';
import { songOfExecution } from '../../shared/domain/song';
import { ASL_SUBSTITUTIONS, FUNCTIONS, type FunctionName } from '../../shared/names';
import type { TokenReader } from '../../shared/ports/api';
import type { FilledIn } from '../../shared/ports/audit-check';
import type { Outbound } from '../../shared/ports/outbound';
import type { Logger, Metrics } from '../../shared/ports/outside';
import type { ChangeCalendars } from '../../shared/ports/policy';
import type { ChangeRecord, Table } from '../../shared/ports/table';
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
import { seededUlids } from './ids';
import type { FaultPlan, Invocation } from './invocation';
import { createInvoker, FUNCTION_TIMEOUT_MS } from './invoker';
import type { Kernel } from './kernel';
import { recordingOutbound, simulatedSecrets } from './outbound';
import type { SimulatedCloud, SimulatedPeople, SimulatedPorts } from './ports';
import { newSigningKey, simulatedSigner } from './signing-key';
import { simulatedCallbacks, simulatedExecutions } from './step-function-ports';
import { createStreamReader } from './stream';
import { simulatedCipher } from './token-cipher';

export interface DeploymentOptions {
  readonly kernel: Kernel;
  readonly cloud: SimulatedCloud;
  /** As compiled; `bootstrap` writes them to the state table. */
  readonly playbooks: CompiledPlaybooks;
  /** As compiled; `bootstrap` keeps them in the state table. */
  readonly policies: CompiledPolicies;
  /** Default: none is configured. */
  readonly calendars?: ChangeCalendars;
  readonly settings: Settings;
  readonly account: string;
  readonly region: string;
  readonly faults?: FaultPlan;
  /** Private key of the checkpoints, PEM. Default: a new one. */
  readonly signingKey?: string;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** Default: whom the settings name, without a proof of who they are. */
  readonly people?: Partial<SimulatedPeople>;
  /** Reads the access tokens that come to the API. Default: none is believed. */
  readonly tokenReader?: TokenReader;
  /** Puts something between the functions and the state table, such as a weakened condition. */
  readonly wrapState?: (state: Table) => Table;
  /** What receives webhooks in the place of the recorder that takes everything. */
  readonly outbound?: Outbound;
  readonly onTransition?: (event: {
    readonly at: number;
    readonly executionName: string;
    readonly type: string;
    readonly stateName?: string;
  }) => void;
  readonly onInvocation?: (invocation: Invocation) => void;
  readonly onDecisions?: (output: SentinelOutput) => void;
  readonly onPublished?: (envelope: Envelope) => void;
  /** Each change of the state table, at the moment of the write. */
  readonly onChange?: (record: ChangeRecord) => void;
  /** Ids of those changes; a deployment on tables that were filled before must not use their ids again. */
  readonly eventIds?: () => string;
  /** Write units of one write; `pkPrefix` is the item's `pk` up to its first `#`. */
  readonly onConsumed?: (table: TableRole, units: number, pkPrefix: string) => void;
}

export type TableRole = 'state' | 'tokens' | 'audit';

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
  const invoke = createInvoker({
    kernel,
    random,
    faults: options.faults ?? {},
    ports: () => ports,
    ...(options.onInvocation === undefined ? {} : { onInvocation: options.onInvocation }),
  });
  const auditRandom = kernel.fork('audit');
  // With chances of its own, so that the rest of a run is the same with and without it.
  const auditInvoke = createInvoker({
    kernel,
    random: auditRandom,
    faults: options.faults ?? {},
    ports: () => ({ ...ports, random: auditRandom }),
    ...(options.onInvocation === undefined ? {} : { onInvocation: options.onInvocation }),
  });
  const songRandom = kernel.fork('songs');
  // Likewise, and with numbers of its own: an invocation of the rest has the number that it has without songs.
  const songInvoke = createInvoker({
    kernel,
    random: songRandom,
    faults: options.faults ?? {},
    ports: () => ({ ...ports, random: songRandom }),
    firstId: FIRST_SONG_INVOCATION,
    ...(options.onInvocation === undefined ? {} : { onInvocation: options.onInvocation }),
  });
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
