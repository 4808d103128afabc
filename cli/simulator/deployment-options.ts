import type { SentinelOutput } from '../../functions/sentinel/sentinel';
import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { Envelope } from '../../shared/contracts/envelope';
import type { Settings } from '../../shared/contracts/settings';
import type { TokenReader } from '../../shared/ports/api';
import type { Outbound } from '../../shared/ports/outbound';
import type { Logger, Metrics } from '../../shared/ports/outside';
import type { ChangeCalendars } from '../../shared/ports/policy';
import type { ChangeRecord, Table } from '../../shared/ports/table';
import type { FaultPlan, Invocation } from './invocation';
import type { Kernel } from './kernel';
import type { SimulatedCloud, SimulatedPeople } from './ports';

/** What a simulated deployment is made of, and who looks on. */
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
