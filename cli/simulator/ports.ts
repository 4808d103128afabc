import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { Settings } from '../../shared/contracts/settings';
import type { ActionPort } from '../../shared/ports/actions';
import type {
  ApiDocuments,
  Capabilities,
  Decider,
  ErrorIntake,
  RateLimiter,
  TokenReader,
} from '../../shared/ports/api';
import type { Sealer, Sequencer, TableScan } from '../../shared/ports/audit-check';
import type { Clock, Ids } from '../../shared/ports/clock';
import type { Resources, Telemetry } from '../../shared/ports/cloud';
import type { Callbacks, Executions } from '../../shared/ports/executions';
import type { DeadLetters, Outbound, Secrets } from '../../shared/ports/outbound';
import type { Callers, Evidence, Logger, Mesh, Metrics, TokenCipher } from '../../shared/ports/outside';
import type { Directory } from '../../shared/ports/people';
import type { ChangeCalendars, Policies } from '../../shared/ports/policy';
import type { NoteSigner, SealWriter } from '../../shared/ports/sealing';
import type { Table } from '../../shared/ports/table';
import type { PlaybookCache } from '../../shared/stores/playbook-library';
import { type FaultPlan, type Invocation, type Latency, wrapPort } from './invocation';
import type { Kernel } from './kernel';

/** What is acted on, and looked at. */
export interface SimulatedCloud {
  readonly resources: Resources;
  readonly telemetry: Telemetry;
  readonly actions: Readonly<Record<string, ActionPort>>;
}

/** Who people are, and who tells. */
export interface SimulatedPeople {
  readonly directory: Directory;
  /** Of commands that come with a proof; those that name a principal are taken at their word. */
  readonly callers: Callers;
}

/** What the API reaches beside the stores. */
export interface SimulatedApi {
  readonly tokenReader: TokenReader;
  readonly decider: Decider;
  readonly errorIntake: ErrorIntake;
  readonly capabilities: Capabilities;
  readonly limiter: RateLimiter;
  readonly documents: () => Promise<ApiDocuments>;
}

/** Everything that functions reach, behind the same ports as on AWS. */
export interface SimulatedPorts extends SimulatedPeople {
  readonly api: SimulatedApi;
  readonly state: Table;
  readonly tokens: Table;
  readonly audit: Table;
  readonly scan: TableScan;
  readonly sealed: (epoch: number) => SealWriter;
  readonly signers: readonly NoteSigner[];
  readonly sequencer: Sequencer;
  readonly sealer: Sealer;
  readonly resources: Resources;
  readonly telemetry: Telemetry;
  readonly actions: Readonly<Record<string, ActionPort>>;
  readonly executions: Executions;
  readonly callbacks: Callbacks;
  readonly mesh: Mesh;
  readonly cipher: TokenCipher;
  readonly evidence: Evidence;
  readonly relayQueue: { send(contractId: string): Promise<void> };
  /** Nothing leaves the machine: what would be sent is recorded and taken as received. */
  readonly outbound: Outbound;
  readonly secrets: Secrets;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: Settings;
  readonly playbooks: CompiledPlaybooks;
  readonly compiledPolicies: CompiledPolicies;
  /** Evaluated in process, as in the functions. */
  readonly policies: Policies;
  readonly calendars: ChangeCalendars;
  /** What the sentinel's one instance remembers. */
  readonly playbookCache: PlaybookCache;
  readonly executors: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
}

/** Milliseconds that answers take: of the order that the services' own documentation and users report. */
const LATENCY: Readonly<Record<string, Latency>> = {
  table: [3, 9],
  cloud: [30, 90],
  call: [60, 180],
  stepFunctions: [15, 40],
  mesh: [8, 20],
  kms: [5, 15],
  s3: [20, 60],
  queue: [6, 15],
  outside: [80, 400],
};
const latency = (name: string): Latency => LATENCY[name] ?? [0, 0];

/** The ports as one invocation sees them: slow, faulty, and with a clock that may be wrong. */
export function portsFor(
  ports: SimulatedPorts,
  invocation: Invocation,
  faults: FaultPlan,
  kernel: Kernel,
): SimulatedPorts {
  const wrapping = { kernel, random: ports.random, invocation, faults, counter: { calls: 0 } };
  const wrap = <Port extends object>(name: string, port: Port, kind: string): Port =>
    wrapPort(name, port, latency(kind), wrapping);
  const skew = faults.skew?.(invocation) ?? 0;
  return {
    ...ports,
    state: wrap('state', ports.state, 'table'),
    tokens: wrap('tokens', ports.tokens, 'table'),
    audit: wrap('audit', ports.audit, 'table'),
    scan: wrap('scan', ports.scan, 'table'),
    sealed: (epoch) => wrap('sealed', ports.sealed(epoch), 's3'),
    signers: ports.signers.map((signer) => wrap('signer', signer, 'kms')),
    resources: wrap('resources', ports.resources, 'cloud'),
    telemetry: wrap('telemetry', ports.telemetry, 'cloud'),
    actions: Object.fromEntries(
      Object.entries(ports.actions).map(([name, port]) => [name, wrap('actions', port, 'call')]),
    ),
    executions: wrap('executions', ports.executions, 'stepFunctions'),
    callbacks: wrap('callbacks', ports.callbacks, 'stepFunctions'),
    mesh: wrap('mesh', ports.mesh, 'mesh'),
    cipher: wrap('cipher', ports.cipher, 'kms'),
    evidence: wrap('evidence', ports.evidence, 's3'),
    relayQueue: wrap('relayQueue', ports.relayQueue, 'queue'),
    outbound: wrap('outbound', ports.outbound, 'outside'),
    secrets: wrap('secrets', ports.secrets, 'kms'),
    deadLetters: wrap('deadLetters', ports.deadLetters, 'queue'),
    clock: { now: () => ports.clock.now() + skew, sleep: (ms) => ports.clock.sleep(ms) },
  };
}
