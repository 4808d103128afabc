import type { FaultPlan, PortCall } from '../../../cli/simulator/invocation';
import { FUNCTIONS } from '../../../shared/names';
import type { Table, Write } from '../../../shared/ports/table';
import type { BenchOptions } from '../../support/faults/bench';
import { BENCH_INCIDENTS, type BenchIncident } from '../../support/faults/bench-incidents';
import { keyOf } from '../../support/faults/observed-table';
import { forgetting, type Weakening, weakened } from '../../support/faults/weakened-table';
import { type Cell, cellsOf } from './cells';
import { placesOf } from './places';
import { votersAndCrashes } from './rows/callbacks';
import { frozenAndStale } from './rows/contenders';
import { killSwitchAtAnyMoment } from './rows/kill-switch';
import { budgetOfThree } from './rows/load';
import type { Row } from './rows/row';
import { everyByteOfAPlan } from './rows/tampering';
import { approveAgainstDeny } from './rows/votes';
import { runCell } from './run-cell';

/** A mistake that a programmer could make, and the part of the bench that must find it. Answers what it found. */
export interface Mutant {
  readonly name: string;
  readonly find: () => Promise<readonly string[]>;
}

const weaken =
  (weakening: Weakening) =>
  (table: Table): Table =>
    weakened(table, weakening);

const problemsOf = (row: Row): string[] =>
  row.cases.flatMap(({ what, problem }) => (problem === undefined ? [] : [`${what}: ${problem}`]));

/** Runs the cells of one place until one finds something. */
async function inCells(
  incident: BenchIncident,
  chosen: (cell: Cell) => boolean,
  mutation: Pick<BenchOptions, 'wrapState'> & { readonly faults?: FaultPlan },
): Promise<readonly string[]> {
  for (const place of await placesOf(incident)) {
    for (const cell of cellsOf(place).cells.filter(chosen)) {
      const { broken } = await runCell(withMutation(cell, mutation.faults), mutation);
      if (broken.length > 0) return broken;
    }
  }
  return [];
}

/** The mistake comes before the fault, where both touch one call. */
function withMutation(cell: Cell, mutation: FaultPlan | undefined): Cell {
  if (mutation === undefined) return cell;
  return {
    ...cell,
    faults: (stage) => {
      const plan = cell.faults(stage);
      return { ...plan, onCall: (call) => mutation.onCall?.(call) ?? plan.onCall?.(call) };
    },
  };
}

const isAt = (place: string, column: string) => (cell: Cell) =>
  cell.place.name === place && cell.column === column;

const instead = (hits: (call: PortCall) => boolean, answer: unknown): FaultPlan => ({
  onCall: (call) => (hits(call) ? { kind: 'instead', act: async () => answer } : undefined),
});

const isStep = (write: Write): boolean => keyOf(write).sk.startsWith('STEP#');

/** The ledger is written after the call only: an INTENT is neither stored nor found. */
const withoutIntent = (table: Table): Table => ({
  get: (key) => table.get(key),
  query: (input) => (input.skPrefix === 'STEP#' ? Promise.resolve({ items: [] }) : table.query(input)),
  write: (writes, token) =>
    weakened(table, {
      of: isStep,
      forgets: () => true,
    }).write(writes, token),
});

/** What the closing transaction asks for. */
const CLOSING: readonly string[] = ['status', 'rev', 'pk', 'owner', 'fence'];

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the gate does not compare the plan hash',
    find: async () => problemsOf(await everyByteOfAPlan(weaken(forgetting('CONTRACT#', 'planHash')))),
  },
  {
    name: 'the gate does not ask for an approved contract',
    find: async () =>
      problemsOf(
        await approveAgainstDeny(40, { wrapState: weaken(forgetting('CONTRACT#', 'status', 'rev')) }),
      ),
  },
  {
    name: 'votes are not counted afresh when others voted meanwhile',
    find: async () =>
      problemsOf(await votersAndCrashes(60, { weaken: weaken(forgetting('CONTRACT#', 'rev')) })),
  },
  {
    name: 'a token that timed out counts as delivered',
    find: async () => problemsOf(await votersAndCrashes(60, { trusts: true })),
  },
  {
    name: 'the lock is taken although it is frozen',
    find: async () => problemsOf(await frozenAndStale(50, weaken(forgetting('LOCK#', 'frozenBy')))),
  },
  {
    name: 'the lock is taken by whoever comes',
    find: async () =>
      problemsOf(
        await frozenAndStale(50, weaken(forgetting('LOCK#', 'leaseUntil', 'cooldownUntil', 'fence'))),
      ),
  },
  {
    name: 'the lock is given back by anybody',
    find: async () =>
      problemsOf(
        await frozenAndStale(50, (table) =>
          weakened(table, {
            of: (write) => write.kind === 'update' && write.update.remove !== undefined,
            forgets: (leaf) => ['owner', 'fence'].includes(leaf.path[0]),
          }),
        ),
      ),
  },
  {
    name: 'the gate does not check that the lock is still its own',
    find: async () =>
      problemsOf(
        await frozenAndStale(50, (table) =>
          weakened(table, { of: (write) => write.kind === 'check', forgets: () => true }),
        ),
      ),
  },
  {
    name: 'the budget has no maximum at the gate',
    find: async () => problemsOf(await budgetOfThree(20, weaken(forgetting('BUDGET#', 'used')))),
  },
  {
    name: 'a replay does not find its INTENT, and sends again',
    find: () =>
      inCells(BENCH_INCIDENTS.restartHelps, isAt('Execute Action', 'process killed'), {
        wrapState: withoutIntent,
      }),
  },
  {
    name: 'closing asks neither for status and outcome nor whether the lock is still held',
    find: () =>
      inCells(BENCH_INCIDENTS.scaleHelps, isAt('Commit Action', 'throw after it'), {
        wrapState: weaken({
          of: ({ kind }) => kind !== 'check',
          forgets: ({ path: [name] }) => CLOSING.includes(name),
        }),
      }),
  },
  {
    name: 'the sequencer says that it logged, and does not',
    find: () =>
      inCells(BENCH_INCIDENTS.scaleHelps, isAt('Commit Action', 'throttled'), {
        faults: instead(
          ({ port, method, invocation }) =>
            port === 'audit' &&
            method === 'write' &&
            invocation.functionName === FUNCTIONS.auditSequencer &&
            invocation.id > 20,
          {
            ok: true,
          },
        ),
      }),
  },
  {
    name: 'the publisher drops what it should publish',
    find: () =>
      inCells(BENCH_INCIDENTS.scaleHelps, isAt('Commit Action', 'throttled'), {
        faults: instead(({ port }) => port === 'mesh', undefined),
      }),
  },
  {
    name: 'the relay says delivered, and sends nothing',
    find: () =>
      inCells(BENCH_INCIDENTS.rebootHelps, isAt('Take Snapshot', 'throttled'), {
        faults: instead(({ port, method }) => port === 'callbacks' && method === 'succeed', 'accepted'),
      }),
  },
  {
    name: 'the kill switch is read as off',
    find: async () =>
      problemsOf(
        await killSwitchAtAnyMoment((table) => ({
          ...table,
          get: (key) => (key.pk === 'CONTROL' ? Promise.resolve(undefined) : table.get(key)),
        })),
      ),
  },
  {
    name: 'a contract that ended keeps its place in the pool',
    find: () =>
      inCells(BENCH_INCIDENTS.scaleHelps, isAt('Commit Action', 'throttled'), {
        wrapState: (table) => ({
          ...table,
          write: (writes, token) => {
            const kept = writes.filter((write) => !(write.kind === 'update' && write.update.exclude));
            return kept.length === 0 ? Promise.resolve({ ok: true }) : table.write(kept, token);
          },
        }),
      }),
  },
];
