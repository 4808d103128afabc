import type { CompiledPolicies } from '../contracts/compiled-policies';
import type { Contract } from '../contracts/contract';
import type { ErrorDetected } from '../contracts/error-detected';
import type { Outcome } from '../contracts/outcome';
import type { Plan } from '../contracts/plan';
import type {
  Measurement,
  Mission,
  PlaybookStatistics,
  SnapshotItem,
  Switch,
} from '../contracts/state-items';
import type { Reason } from './contract-store';

/** The kill switch. */
export interface ControlStore {
  /** Read consistently; an absent switch means that Grace runs. */
  switch(): Promise<Switch | undefined>;
  set(paused: boolean, why: Reason): Promise<Switch>;
  /** Only where it still stands at this rev (0 = never set). `undefined` = it does not. */
  setFrom(rev: number, paused: boolean, why: Reason): Promise<Switch | undefined>;
}

export interface MeasurementStore {
  /** Written once by (contract, phase, n): a repeat keeps the first. */
  put(contract: Contract, measurement: Measurement, why: Reason): Promise<void>;
  get(contractId: string, phase: string, n: number): Promise<Measurement | undefined>;
}

export interface SnapshotStore {
  put(contract: Contract, snapshot: SnapshotItem, why: Reason): Promise<void>;
  get(contractId: string, n: number): Promise<SnapshotItem | undefined>;
}

/** Task tokens, encrypted. Only open-approval writes, only the relay reads. */
export interface TokenStore {
  put(token: {
    contractId: string;
    generation: number;
    /** Tells the tokens of one generation apart: a hash of the token. */
    name: string;
    ciphertext: string;
    at: number;
  }): Promise<void>;
  /** Newest first. */
  of(contractId: string, generation: number): Promise<readonly { ciphertext: string }[]>;
}

/** What an event came to. `contractId` only for `PLANNED` and for what joins one. */
export interface Intake {
  readonly event: ErrorDetected;
  /** SHA-256 of the event's canonical form: the same id with another body is no duplicate. */
  readonly digest: string;
  readonly fingerprint: string;
  readonly decision: string;
  readonly detail: string;
  readonly missionId: string;
  readonly contractId?: string;
  /** The quarantined item that a person let it go from. */
  readonly quarantineId?: string;
}

/** What is kept of an event, beside what it came to. */
export interface RecordedError {
  readonly source: string;
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
  readonly service?: string | undefined;
  /** The error's name. */
  readonly error?: string | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

export interface FingerprintWindow {
  readonly until: number;
  readonly count: number;
  /** When the last error of the fingerprint came, milliseconds since 1970. */
  readonly lastAt: number;
  readonly contractId: string | undefined;
  readonly missionId: string | undefined;
}

export interface ErrorStore {
  event(
    eventId: string,
  ): Promise<
    { readonly digest: string; readonly decision: string; readonly contractId?: string } | undefined
  >;
  /** What was kept of an event. `undefined` = it was never taken in. */
  recorded(eventId: string): Promise<RecordedError | undefined>;
  window(fingerprint: string): Promise<FingerprintWindow | undefined>;
  /** Counts repeats in one write, without storing them; `at`: when the last new error among them happened. */
  countRepeats(fingerprint: string, repeats: number, at: number | undefined): Promise<void>;
  /**
   * Event, fingerprint window, mission (when new) and contract with its plan (when planned), in one
   * transaction. `taken`: another delivery of the event, or another event of the fingerprint, came first.
   */
  record(input: RecordInput): Promise<'recorded' | 'taken'>;
}

export interface RecordInput {
  readonly intake: Intake;
  readonly windowUntil: number;
  readonly newMission: boolean;
  /** An ended contract whose window this event takes over. */
  readonly replaces?: string;
  readonly planned?: {
    readonly plan: Plan;
    readonly text: string;
    readonly planHash: string;
    readonly mode: 'observe' | 'act';
  };
  readonly why: Reason;
}

export interface PlaybookStore {
  statistics(name: string): Promise<PlaybookStatistics | undefined>;
  /** Counts an outcome once: the outcome is marked in the same transaction. */
  countOutcome(outcome: Outcome, why: Reason): Promise<'counted' | 'counted_before'>;
  /** Writes a version unless it is there, and makes it current. */
  publish(
    entry: { name: string; version: string; source: unknown },
    why: Reason,
  ): Promise<'written' | 'unchanged'>;
  current(): Promise<readonly { readonly name: string; readonly version: string }[]>;
}

export interface PolicyStore {
  /** Writes the set under its version, unless it is there. */
  publish(compiled: CompiledPolicies, why: Reason): Promise<'written' | 'unchanged'>;
  /** The set that a plan names. @throws CompiledPoliciesError when it is not what its version says */
  version(hash: string): Promise<CompiledPolicies | undefined>;
}

export interface MissionStore {
  get(missionId: string): Promise<Mission | undefined>;
  /** Notes how a contract of the mission stands; repeats and older news are `known` and change nothing. */
  note(
    missionId: string,
    contractId: string,
    status: string,
    rev: number,
    why: Reason,
  ): Promise<'noted' | 'known'>;
}

/** What bootstrap leaves of a deployment and its targets. Repeats write nothing. */
export interface DeploymentStore {
  golden(
    targetKey: string,
    document: { readonly name: string; readonly hash: string },
    why: Reason,
  ): Promise<void>;
  /** `false` = there was one already. */
  firstBenchmark(
    targetKey: string,
    facts: Readonly<Record<string, string | number | boolean>>,
    why: Reason,
  ): Promise<boolean>;
  /** A job that is there already is left as it is. */
  enqueueJob(jobId: string, type: string, why: Reason): Promise<void>;
  /** What ended so before is left as it is; a completed job does not fail afterwards. */
  endJob(jobId: string, status: 'completed' | 'failed', why: Reason): Promise<void>;
}
