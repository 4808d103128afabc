import type { Approval, Contract } from '../contracts/contract';
import { peopleOf } from '../domain/approval';
import { formerPlanKey, glassKey, planKey } from '../domain/keys';
import type { ApprovalStore } from '../ports/approvals';
import type { Reason } from '../ports/contract-store';
import { ImpossibleStateError } from '../ports/errors';
import type { Attribute, Condition, Path, Table, Write } from '../ports/table';
import { settleContract } from './contract-settle';
import { spokenBy } from './delegation-store';
import { changeFor, newItem } from './item-writes';
import { openReview } from './review-store';
import { absent, after, all, any, atMost, contains, equals, exists, not } from './when';

const DAY = 24 * 3_600_000;

/** What people do about a request beside voting. Each is one conditional write of the contract that holds it. */
export function approvalStore(table: Table): ApprovalStore {
  return {
    withdraw(contract, voice, why) {
      const vote: Path = ['approval', 'votes', voice];
      return settleContract(table, {
        contract,
        event: 'approval.withdrawn',
        why,
        by: voice,
        voice,
        removed: [vote],
        conditions: [
          equals('status', 'awaiting_approval'),
          { op: '=', path: [...vote, 'decision'], value: 'approve' },
        ],
      });
    },

    async breakGlass(contract, planHash, why) {
      const subject = why.actor;
      const vote = { decision: 'approve', at: why.at, planHash, reason: why.reason };
      const settled = await settleContract(
        table,
        {
          contract,
          to: 'approved',
          event: 'approval.granted',
          why,
          by: `${subject}/glass`,
          nested: [
            [['approval', 'votes', subject], vote],
            [['approval', 'brokenBy'], subject],
            [['approval', 'callback', 'due'], true],
          ],
          conditions: [
            equals('status', 'awaiting_approval'),
            after('approval.expiresAt', why.at),
            equals('planHash', planHash),
            absent('approval.replanSince'),
            exists('approval.excluded'),
            not(contains('approval.excluded', subject)),
          ],
        },
        [spendGlass(contract, why), openReview(contract, why)],
      );
      if (!settled.ok && settled.failed?.includes(1) && !settled.failed.includes(0)) {
        return { ok: false, code: 'too_soon' };
      }
      return settled;
    },

    escalate(contract, why) {
      const approval = requestOf(contract);
      const { escalation = [], eligible } = approval;
      return settleContract(table, {
        contract,
        event: 'approval.escalated',
        why,
        nested: [
          [['approval', 'eligible'], [...new Set([...eligible, ...escalation])]],
          [['approval', 'escalatedAt'], why.at],
        ],
        conditions: [equals('status', 'awaiting_approval'), absent('approval.escalatedAt')],
      });
    },

    askReplan(contract, voice, why) {
      const before = requestOf(contract).replanBy ?? [];
      return settleContract(
        table,
        {
          contract,
          event: 'approval.replan_requested',
          why,
          voice: voice.subject,
          nested: [
            [['approval', 'votes'], {}],
            [['approval', 'replanSince'], why.at],
            [['approval', 'replanBy'], [...new Set([...before, ...peopleOf(voice)])]],
          ],
          conditions: [equals('status', 'awaiting_approval'), after('approval.expiresAt', why.at)],
        },
        spokenBy(voice, why.at),
      );
    },

    keepPlan: (contract, why) =>
      settleContract(table, {
        contract,
        event: 'approval.plan_kept',
        why,
        removed: [
          ['approval', 'replanSince'],
          ['approval', 'replanBy'],
        ],
        conditions: [equals('status', 'awaiting_approval'), exists('approval.replanSince')],
      }),

    async replan(contract, { plan, text, planHash, electorate }, why) {
      const { replanSince: _since, replanBy: _by, escalation: _named, ...approval } = requestOf(contract);
      const stored = await table.get(planKey(contract.contractId));
      if (stored === undefined) throw new ImpossibleStateError(`contract ${contract.contractId} has no plan`);
      const { contractId, missionId, correlationId } = contract;
      const belongs = { contractId, missionId, correlationId };
      const change = (what: string) => changeFor(`${contractId}/${what}/${planHash}`, what, why, belongs);
      const former = newItem(formerPlanKey(contractId, contract.planHash), change('contract.plan_replaced'), {
        text: stored['text'],
      });
      const fresh: Write = {
        kind: 'update',
        key: planKey(contractId),
        update: {
          set: [
            [['text'], text],
            [['change'], change('contract.plan_frozen') as unknown as Attribute],
          ],
          add: [['rev', 1]],
        },
        condition: equals('rev', stored['rev'] as number),
      };
      const next: Approval = {
        ...approval,
        planHash,
        votes: {},
        quorum: plan.quorum,
        policyVersion: plan.policyVersion,
        expiresAt: plan.expiresAt,
        // Who was excluded from one plan of a request is so from all of them.
        excluded: new Set([...approval.excluded, ...electorate.excluded]),
        // Half of the time may have passed already; then those named for it are asked from the start.
        eligible: [
          ...electorate.eligible,
          ...(approval.escalatedAt === undefined ? [] : electorate.escalation),
        ],
        ...(electorate.escalation.length === 0 ? {} : { escalation: [...electorate.escalation] }),
      };
      return settleContract(
        table,
        {
          contract,
          event: 'approval.requested',
          why,
          patch: { approval: next, planHash, tier: plan.tier, executeBy: plan.executeBy },
          conditions: [equals('status', 'awaiting_approval'), exists('approval.replanSince')],
        },
        [fresh, { kind: 'put', item: former, condition: absent('pk') }],
      );
    },
  };
}

function requestOf(contract: Contract): Approval {
  if (contract.approval === undefined) {
    throw new ImpossibleStateError(`contract ${contract.contractId} has no request`);
  }
  return contract.approval;
}

/** One breaking of the glass a person and 24 hours: the second finds the first one's time. */
function spendGlass({ contractId, missionId, correlationId }: Contract, why: Reason): Write {
  const belongs = { contractId, missionId, correlationId };
  const change = changeFor(`${contractId}/glass/${why.actor}`, 'approval.glass_broken', why, belongs);
  const rested: Condition = any(absent('pk'), all(exists('at'), atMost('at', why.at - DAY)));
  return {
    kind: 'update',
    key: glassKey(why.actor),
    update: {
      set: [
        [['at'], why.at],
        [['contractId'], contractId],
        [['schemaVersion'], 1],
        [['change'], change as unknown as Attribute],
      ],
      add: [['rev', 1]],
    },
    condition: rested,
  };
}
