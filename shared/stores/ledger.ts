import type { Change } from '../contracts/change';
import { type Contract, Contract as ContractSchema, LedgerStep } from '../contracts/contract';
import { budgetKey, contractKey, lockKey, stepKey } from '../domain/keys';
import type { GateInput, GateResult, Ledger, NewStep, Reason } from '../ports/contract-store';
import { OvertakenError } from '../ports/errors';
import type { Attribute, Item, Table, Write, WriteResult } from '../ports/table';
import { afterWrite, type ContractWrite, changeOf, contractWrite } from './contract-move';
import { absent, after, all, any, before, contains, equals, not } from './when';

/** The step ledger and the gate in front of every effect. */
export function ledger(table: Table): Ledger {
  return {
    async steps(contractId) {
      const page = await table.query({ pk: contractKey(contractId).pk, skPrefix: 'STEP#' });
      return page.items.map((item) => LedgerStep.parse(item));
    },

    async gate(input) {
      const { contract, why, budget } = input;
      const move: ContractWrite = {
        contract,
        to: 'executing',
        why,
        patch: { startedAt: why.at, reason: why.reason },
        // Each invocation has a fence of its own: without it in the change's id, one that comes second would
        // take the first one's success for its own, and send again.
        by: `${why.actor}/${input.step.fence}`,
        // Not conditioned on the rev alone: what matters is that it is approved, for this very plan, in time.
        conditions: [
          equals('status', 'approved'),
          equals('planHash', input.planHash),
          after('executeBy', why.at),
        ],
      };
      const step = ledgerItem(contract, input.step, 'INTENT', why);
      const period = Math.floor(why.at / (budget.seconds * 1000));
      const spend: Write = {
        kind: 'update',
        key: budgetKey(budget.playbook, period),
        update: { add: [['used', 1]], include: [['holders', contract.contractId]] },
        condition: all(
          any(absent('used'), before('used', budget.max)),
          not(contains('holders', contract.contractId)),
        ),
      };
      const locks: Write[] = input.locks.map((lock) => ({
        kind: 'check',
        key: lockKey(lock.targetKey),
        condition: all(equals('owner', contract.contractId), equals('fence', lock.fence)),
      }));
      const put: Write = { kind: 'put', item: step as unknown as Item, condition: absent('pk') };
      const writes: Write[] = [contractWrite(move), put, ...locks, spend];
      const result = await table.write(writes);
      if (result.ok) return { ok: true, contract: afterWrite(move), step };
      if (isMyOwnSuccess(result, move)) {
        const item = await table.get(stepKey(contract.contractId, input.step.n, 'forward'));
        const now = failedItem(result, 0);
        if (item && now)
          return { ok: true, contract: ContractSchema.parse(now), step: LedgerStep.parse(item) };
      }
      const spent = failedItem(result, writes.length - 1);
      const holders = spent?.['holders'];
      if (
        onlyFailed(result, writes.length - 1) &&
        holders instanceof Set &&
        holders.has(contract.contractId)
      ) {
        // Already counted by an earlier try: go on without counting again.
        const again = await table.write(writes.slice(0, -1));
        if (again.ok) return { ok: true, contract: afterWrite(move), step };
        return refusal(again, input, writes.length);
      }
      return refusal(result, input, writes.length);
    },

    async intend(contract, step, why) {
      const item = ledgerItem(contract, step, 'INTENT', why);
      const result = await table.write([
        {
          kind: 'check',
          key: contractKey(contract.contractId),
          condition: all(equals('status', contract.status), equals('planHash', contract.planHash)),
        },
        { kind: 'put', item: item as unknown as Item, condition: absent('pk') },
        {
          kind: 'check',
          key: lockKey(step.targetKey),
          condition: all(equals('owner', contract.contractId), equals('fence', step.fence)),
        },
      ]);
      return { ok: result.ok };
    },

    async settle(contract, step, state, outcome, why) {
      const change = stepChange(contract, step, state, why);
      const result = await table.write([
        {
          kind: 'update',
          key: { pk: step.pk, sk: step.sk },
          update: {
            set: [
              [['state'], state],
              [['outcome'], outcome],
              [['change'], change as unknown as Attribute],
            ],
            add: [['rev', 1]],
          },
          condition: all(equals('rev', step.rev), equals('state', step.state)),
        },
      ]);
      if (result.ok) return { ...step, state, outcome, change, rev: step.rev + 1 };
      // Somebody else settled it first (or my own answer was lost): what stands there holds.
      const stands = LedgerStep.parse(result.failed[0]?.item);
      if (stands.state === step.state) throw new OvertakenError(contract.contractId);
      return stands;
    },
  };
}

function ledgerItem(contract: Contract, step: NewStep, state: LedgerStep['state'], why: Reason): LedgerStep {
  return {
    ...stepKey(contract.contractId, step.n, step.direction),
    schemaVersion: 1,
    rev: 1,
    change: stepChange(contract, step, state, why),
    ...step,
    state,
    intentAt: why.at,
  };
}

function stepChange(contract: Contract, step: NewStep, state: string, why: Reason): Change {
  return {
    id: `${contract.contractId}/step/${step.n}/${step.direction}/${state}/${step.fence}`,
    event: `step.${state.toLowerCase()}`,
    actor: why.actor,
    reason: why.reason,
    correlationId: contract.correlationId,
    missionId: contract.missionId,
    contractId: contract.contractId,
    at: why.at,
  };
}

type Failure = Extract<WriteResult, { ok: false }>;
const failedItem = (result: Failure, index: number): Item | undefined =>
  result.failed.find((failure) => failure.index === index)?.item;
const hasFailed = (result: Failure, index: number): boolean =>
  result.failed.some((failure) => failure.index === index);
const onlyFailed = (result: Failure, index: number): boolean =>
  result.failed.every((failure) => failure.index === index);

function isMyOwnSuccess(result: Failure, move: ContractWrite): boolean {
  const item = failedItem(result, 0);
  return item !== undefined && ContractSchema.parse(item).change.id === changeOf(move).id;
}

/** Names what did not let the action through; the contract's own state says most. */
function refusal(result: Failure, input: GateInput, count: number): GateResult {
  const item = failedItem(result, 0);
  const contract = item === undefined ? undefined : ContractSchema.parse(item);
  if (hasFailed(result, 0)) {
    if (contract?.status !== 'approved') return { ok: false, code: 'NOT_APPROVED', contract };
    if (contract.planHash !== input.planHash) return { ok: false, code: 'PLAN_CHANGED', contract };
    if (contract.executeBy <= input.why.at) return { ok: false, code: 'EXECUTE_BY_PASSED', contract };
    return { ok: false, code: 'NOT_APPROVED', contract };
  }
  if (hasFailed(result, 1)) return { ok: false, code: 'ALREADY_INTENDED', contract };
  if (hasFailed(result, count - 1)) return { ok: false, code: 'BUDGET', contract };
  return { ok: false, code: 'LOCK_LOST', contract };
}
