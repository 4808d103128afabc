import { AsyncLocalStorage } from 'node:async_hooks';
import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { SCRIPTED_APPROVERS, scriptedApprover } from '../../cli/scenario/approver';
import { beginIteration, type Iteration } from '../../cli/scenario/iteration';
import { roomyPlaybooks } from '../../cli/scenario/roomy-playbooks';
import { sharedCloud } from '../../cli/scenario/shared-cloud';
import { type Incident, PROMPT_APPROVAL } from '../../cli/simulator/cloud/incident';
import { createDeployment, type Deployment } from '../../cli/simulator/deployment';
import type { TableRole } from '../../cli/simulator/deployment-options';
import { createKernel } from '../../cli/simulator/kernel';
import { type Contract, Contract as ContractSchema } from '../../shared/contracts/contract';
import { parseSettings } from '../../shared/contracts/settings';
import { isEnd } from '../../shared/domain/transitions';
import { FUNCTIONS, type FunctionName } from '../../shared/names';
import type { ChangeRecord, Item, Table } from '../../shared/ports/table';
import { itemSize } from '../../shared/stores/item-size';
import { shippedPlaybooks } from './incident-corpus';

const START = Date.parse('2026-01-05T09:00:00Z');
/** Bootstrap's own writes and their way through the stream are over by then, and no alarm was raised yet. */
const COUNT_FROM = START + 30_000;
const READ_UNIT_BYTES = 4096;

/** Write units that one function spent on one kind of item. `item`: the prefix of its partition key. */
export interface Spent {
  readonly table: TableRole;
  readonly functionName: string;
  readonly item: string;
  readonly units: number;
  readonly writes: number;
}

export interface Invoked {
  readonly functionName: FunctionName;
  /** Of the action's execution; absent for consumers and for what begins at a queue. */
  readonly contractId: string | undefined;
}

/** What a run of one or more incidents counted, from their first event on. */
export interface IncidentRun {
  readonly contracts: readonly Contract[];
  readonly transitions: readonly { readonly executionName: string; readonly stateName: string }[];
  readonly invocations: readonly Invoked[];
  readonly spent: readonly Spent[];
  /** Changes of the state table that went into its stream. */
  readonly changes: readonly ChangeRecord[];
  /** Read units of the state table without the reaper's, taken as consistent reads. */
  readonly readUnits: number;
  /** Grace's own events on the bus. */
  readonly eventsPublished: number;
  readonly eventsReceived: number;
  /** Real time of the run, milliseconds. */
  readonly wallMs: number;
  readonly deployment: Deployment;
}

export interface IncidentRunOptions {
  readonly copies: number;
  readonly seed?: number;
  /** Also take in the event that says that the alarm is OK again; it is no part of the action. */
  readonly withRecovery?: boolean;
}

/**
 * Plays `copies` of an incident at once in one simulated deployment, each with names of its own, until all of
 * it is quiet. Counted is what happens after bootstrap. Throws where a copy came to no end or to another one
 * than the incident's truth allows, since figures of such a run would mean nothing.
 */
export async function runIncident(incident: Incident, options: IncidentRunOptions): Promise<IncidentRun> {
  const { copies, seed = 1, withRecovery = false } = options;
  const kernel = createKernel({ startMs: START, seed });
  const cloud = sharedCloud();
  const iterations: Iteration[] = [];
  const byFunction = new AsyncLocalStorage<string>();
  const spent = new Map<string, { -readonly [Key in keyof Spent]: Spent[Key] }>();
  const transitions: { executionName: string; stateName: string }[] = [];
  const invocations: Invoked[] = [];
  const changes: ChangeRecord[] = [];
  let [published, received, readUnits, counting] = [0, 0, 0, false];
  const onRead = (items: readonly (Item | undefined)[]): void => {
    if (counting && byFunction.getStore() !== FUNCTIONS.reaper) readUnits += readUnitsOf(items);
  };

  const deployment = createDeployment({
    kernel,
    cloud,
    playbooks: roomyPlaybooks(shippedPlaybooks()),
    policies: shippedPolicies(),
    settings: parseSettings({
      ephemeral: true,
      approvals: { approvers: [...SCRIPTED_APPROVERS] },
      limits: { concurrentActions: Math.max(6, copies) },
    }),
    account: '123456789012',
    region: 'us-east-1',
    wrapState: (state) => withReads(state, onRead),
    // Runs by the clock, and makes every part answer the canary: none of it is part of an action.
    faults: {
      onInvoke: ({ functionName }) =>
        functionName === FUNCTIONS.auditCheck
          ? { kind: 'throw', when: 'before', error: new Error('not while an action is counted') }
          : undefined,
    },
    onInvocation({ functionName, contractId }) {
      byFunction.enterWith(functionName);
      if (counting) invocations.push({ functionName: functionName as FunctionName, contractId });
    },
    onTransition({ type, executionName, stateName }) {
      if (counting && type.endsWith('StateEntered'))
        transitions.push({ executionName, stateName: stateName ?? '' });
    },
    onChange: (record) => void (counting && changes.push(record)),
    onPublished(envelope) {
      if (!counting) return;
      published += 1;
      const { contractId } = envelope.detail;
      if (envelope.type === 'approval.requested')
        approver.asked(String(contractId), incident.approval ?? PROMPT_APPROVAL);
    },
    onConsumed(table, units, item) {
      if (!counting) return;
      const functionName = byFunction.getStore() ?? 'none';
      const key = `${table}/${functionName}/${item}`;
      const entry = spent.get(key) ?? { table, functionName, item, units: 0, writes: 0 };
      entry.units += units;
      entry.writes += 1;
      spent.set(key, entry);
    },
  });
  const approver = scriptedApprover(kernel, deployment);

  const from = performance.now();
  kernel.schedule(0, async () => {
    await deployment.bootstrap();
    for (let index = 1; index <= copies; index += 1) {
      const iteration = beginIteration(
        { index, incident, seed: seed + index, startsAfterMs: 0 },
        {
          kernel,
          ownNames: true,
          intake: (body) => {
            if (!withRecovery && isRecovery(body)) return;
            received += 1;
            deployment.intake(body);
          },
          onReceived: () => {},
        },
      );
      cloud.add(iteration.world);
      iterations.push(iteration);
    }
  });
  kernel.schedule(COUNT_FROM - START, () => {
    counting = true;
  });
  const horizonMs = incident.world(seed).horizonSeconds * 1000;
  await kernel.run({ untilMs: START + horizonMs + 2 * 3_600_000 });
  const wallMs = performance.now() - from;
  for (const iteration of iterations) iteration.quieten();
  deployment.stop();

  const contracts = deployment.state
    .items()
    .filter((item) => item.sk === 'CONTRACT' && Number(item['createdAt']) > COUNT_FROM)
    .map((item) => ContractSchema.parse(item));
  assertTrue(incident, contracts, copies);
  return {
    contracts,
    transitions,
    invocations,
    spent: [...spent.values()].sort((a, b) => b.units - a.units),
    changes,
    readUnits,
    eventsPublished: published,
    eventsReceived: received,
    wallMs,
    deployment,
  };
}

function assertTrue(incident: Incident, contracts: readonly Contract[], copies: number): void {
  const ends = contracts.map(({ status }) => status);
  if (contracts.length === copies && ends.every((end) => isEnd(end) && end === incident.truth.end)) return;
  throw new Error(
    `${copies} × ${incident.name} came to ${ends.length} contracts: ${[...new Set(ends)].join(', ')}`,
  );
}

function isRecovery(body: string): boolean {
  const event = JSON.parse(body) as { readonly detail?: { readonly state?: { readonly value?: string } } };
  return event.detail?.state?.value === 'OK';
}

/** 1 unit for each 4 KB; a look for nothing costs 1 too ("DynamoDB read and write operations"). */
function readUnitsOf(items: readonly (Item | undefined)[]): number {
  const bytes = items.reduce((sum, item) => sum + (item === undefined ? 0 : itemSize(item)), 0);
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
}

function withReads(state: Table, onRead: (items: readonly (Item | undefined)[]) => void): Table {
  return {
    async get(key) {
      const item = await state.get(key);
      onRead([item]);
      return item;
    },
    async query(input) {
      const page = await state.query(input);
      onRead(page.items);
      return page;
    },
    write: (writes, token) => state.write(writes, token),
  };
}
