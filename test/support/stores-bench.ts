import type { Contract } from '../../shared/contracts/contract';
import type { Plan } from '../../shared/contracts/plan';
import { endParts } from '../../shared/domain/end-parts';
import { targetKey } from '../../shared/domain/target';
import type { Status } from '../../shared/domain/transitions';
import type { GateInput, MoveResult, NewStep, Reason } from '../../shared/ports/contract-store';
import type { ChangeRecord, Item, Table } from '../../shared/ports/table';
import { approvalStore } from '../../shared/stores/approval-store';
import { auditStore } from '../../shared/stores/audit-store';
import { canaryStore } from '../../shared/stores/canary-store';
import { closer } from '../../shared/stores/closer';
import { contractStore } from '../../shared/stores/contract-store';
import { controlStore } from '../../shared/stores/control-store';
import { delegationStore } from '../../shared/stores/delegation-store';
import { deploymentStore } from '../../shared/stores/deployment-store';
import { epochClosings } from '../../shared/stores/epoch-closings';
import { errorStore } from '../../shared/stores/error-store';
import { measurementStore, outcomeReader, snapshotStore } from '../../shared/stores/evidence-rows';
import { ledger } from '../../shared/stores/ledger';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { missionStore } from '../../shared/stores/mission-store';
import { playbookStore } from '../../shared/stores/playbook-store';
import { quarantineStore } from '../../shared/stores/quarantine-store';
import { reservations } from '../../shared/stores/reservations';
import { reviewStore } from '../../shared/stores/review-store';
import { tokenStore } from '../../shared/stores/token-store';
import { recordContract } from './builders/contract';
import { buildPlan, buildRebootPlan, START } from './builders/plan';

export const why = (reason: string, at = START, actor = 'test'): Reason => ({ actor, reason, at });

/** A clock that stands still until it is moved. */
export function handClock(at = START) {
  let now = at;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
    set: (ms: number) => {
      now = ms;
    },
  };
}

/** All stores on one table, and contracts brought to where a test needs them. */
export function storesBench(table: Table, clock = handClock()) {
  const contracts = contractStore(table);
  const steps = ledger(table);
  const measurements = measurementStore(table);
  const stores = {
    table,
    clock,
    contracts,
    canaries: canaryStore(table),
    ledger: steps,
    measurements,
    reservations: reservations(table),
    errors: errorStore(table),
    quarantine: quarantineStore(table),
    approvals: approvalStore(table),
    delegations: delegationStore(table),
    reviews: reviewStore(table),
    closings: epochClosings(table),
    log: auditStore(createMemoryTable({ clock }), { clock, random: () => 0.5 }),
    missions: missionStore(table),
    playbooks: playbookStore(table),
    control: controlStore(table),
    deployment: deploymentStore(table),
    snapshots: snapshotStore(table),
    outcomes: outcomeReader(table),
    tokens: tokenStore(table),
    closer: closer({ contracts, ledger: steps, measurements, clock }),
  };
  return {
    ...stores,
    planned: (plan: Plan = buildPlan(), mode: 'act' | 'observe' = 'act') =>
      recordContract(stores, plan, mode),

    /** A tier 2 contract that waits for `quorum` of ana, ben and cleo. */
    async awaiting(plan: Plan = buildRebootPlan()): Promise<Contract> {
      const contract = await recordContract(stores, plan);
      const approval = {
        generation: 1,
        planHash: contract.planHash,
        proposer: plan.proposer,
        excluded: new Set([plan.proposer, 'mallory']),
        eligible: ['ana', 'ben', 'cleo'],
        quorum: plan.quorum,
        policyVersion: plan.policyVersion,
        requestedAt: START,
        expiresAt: plan.expiresAt,
        votes: {},
        callback: { due: false },
      };
      return moved(
        await contracts.openApproval(contract, approval, targetKey(plan.targets[0] as never), why('TIER_2')),
      );
    },
    async approved(plan: Plan = buildPlan()): Promise<Contract> {
      return moved(await contracts.move(await recordContract(stores, plan), 'approved', why('TIER_1')));
    },
    async locked(contract: Contract, until = START + 3_600_000): Promise<number> {
      const { plan } = await contracts.plan(contract.contractId);
      const key = targetKey(plan.targets[0] as never);
      const lock = await stores.reservations.takeLock(key, contract.contractId, clock.now(), until);
      if (!lock.ok) throw new Error(`not locked: ${lock.code}`);
      return lock.fence;
    },
    /** What an executor asks of the gate, with one thing changed. */
    async gateInput(contract: Contract, fence: number, changes: Partial<GateInput> = {}): Promise<GateInput> {
      const { plan } = await contracts.plan(contract.contractId);
      const step = stepOf(plan, fence);
      return {
        contract,
        planHash: contract.planHash,
        step,
        locks: [{ targetKey: step.targetKey, fence }],
        budget: {
          playbook: contract.playbook,
          max: plan.limits.budgetMax,
          seconds: plan.limits.budgetSeconds,
        },
        why: why('GATE_PASSED', clock.now(), 'executor'),
        ...changes,
      };
    },
    /** Through the gate: pool, lock, INTENT. */
    async executing(plan: Plan = buildPlan()) {
      const contract = await this.approved(plan);
      await stores.reservations.takePool(contract.contractId, 100);
      const gate = await steps.gate(await this.gateInput(contract, await this.locked(contract)));
      if (!gate.ok) throw new Error(`the gate is shut: ${gate.code}`);
      return { contract: gate.contract, step: gate.step };
    },
    async verifying(plan: Plan = buildPlan()): Promise<Contract> {
      const { contract, step } = await this.executing(plan);
      await steps.settle(contract, step, 'DONE', 'accepted', why('CALLED'));
      return moved(
        await contracts.move(contract, 'verifying', why('ACTION_DONE'), { lookAt: START + 600_000 }),
      );
    },
    async ended(contract: Contract, to: Status, reason: string): Promise<MoveResult> {
      const { plan } = await contracts.plan(contract.contractId);
      const lines = await steps.steps(contract.contractId);
      const parts = endParts({ contract, plan, to, reason, lines, at: clock.now() });
      return contracts.end(contract, to, why(reason, clock.now()), parts);
    },
  };
}
export type StoresBench = ReturnType<typeof storesBench>;

/** Gives each test stores of its own on a part of one table. */
export type Fresh = () => { readonly bench: StoresBench; readonly table: Table };

export function memoryBench(
  clock = handClock(),
): StoresBench & { items(): readonly Item[]; readonly records: readonly ChangeRecord[] } {
  const records: ChangeRecord[] = [];
  const table = createMemoryTable({ clock, onChange: (record) => records.push(record) });
  return { ...storesBench(table, clock), items: () => table.items(), records };
}

export function stepOf(plan: Plan, fence: number, n = 0): NewStep {
  const planned = plan.steps[n] as Plan['steps'][number];
  const key = targetKey(planned.target);
  const { action, intended, prior } = planned;
  return {
    n,
    direction: 'forward',
    action,
    targetKey: key,
    intended,
    prior,
    fence,
    clientToken: `token-${plan.contractId}-${n}`,
  };
}

export function moved(result: MoveResult): Contract {
  if (!result.ok) throw new Error(`not moved: ${result.contract?.status}`);
  return result.contract;
}
