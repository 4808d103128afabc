import type { Proof } from '../../shared/contracts/proof';
import type { FunctionName } from '../../shared/names';
import type { SealedArchive } from '../../shared/ports/audit-seal';
import type { Clock } from '../../shared/ports/clock';
import type { Item, Table } from '../../shared/ports/table';
import type { BackendName } from './options';

/** A deployment of Grace, wherever it runs, as the commands need it. */
export interface Backend {
  readonly name: BackendName;
  readonly state: Table;
  readonly audit: Table;
  /** Sealed copies of the audit log; `undefined` where nothing seals it. */
  readonly sealed?: SealedArchive;
  /** A document that is kept as evidence; `undefined` = not there. */
  document(name: string): Promise<string | undefined>;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Runs a function and gives its answer. @throws UnusableError when the function failed */
  invoke(functionName: FunctionName, payload: unknown): Promise<unknown>;
  /** The same of a call that changes nothing: a saved run is left as it is. */
  ask(functionName: FunctionName, payload: unknown): Promise<unknown>;
  /** Puts an event on the bus. Answers what became of it where that is known at once. */
  emit(event: BusEvent): Promise<readonly EmitDecision[]>;
  /** Who is calling. Authenticated by STS, but in the simulator, which takes the caller's word. */
  identity(): Promise<Identity>;
  /** The caller's proof for one decision; none in the simulator, which takes the caller's word. */
  proof(binding: string): Promise<Proof | undefined>;
  /** Simulator: lets virtual time pass until nothing moves but people. Elsewhere time passes by itself. */
  settle(): Promise<void>;
  /** Every item of the state table, where that can be had consistently: in the simulator only. */
  stateItems(): readonly Item[] | undefined;
  /** Keeps what was done (simulator), and lets go of connections. */
  close(): Promise<void>;
}

export interface Identity {
  readonly principal: string;
  readonly authenticated: boolean;
}

/** As EventBridge delivers it; `PutEvents` takes source, detail-type and detail of it. */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

export interface EmitDecision {
  readonly decision: string;
  readonly detail: string;
  readonly contractId?: string;
  readonly playbook?: string;
}
