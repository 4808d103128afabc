import { admit } from '../../functions/admit/admit';
import { sequence } from '../../functions/audit-sequencer/audit-sequencer';
import { decide } from '../../functions/decide/decide';
import { openApproval } from '../../functions/open-approval/open-approval';
import { reap } from '../../functions/reaper/reaper';
import { replan } from '../../functions/replanner/replanner';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import type { PolicyQuestion } from '../../shared/domain/policy-request';
import { targetKey } from '../../shared/domain/target';
import { OvertakenError } from '../../shared/ports/errors';
import { auditStore } from '../../shared/stores/audit-store';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { allOf } from './audit-scenario';
import { alarmBody } from './builders/events';
import { group, START } from './builders/plan';
import { buildPlaybook } from './builders/playbook';
import { liveGroup, peopleOf } from './logic-bench';
import { type SentinelBench, sentinelBench } from './sentinel-bench';
import type { Line } from './who-agreed';

export const MINUTE = 60_000;
const ID = 'ID-1';
/** Pru wrote the rule, approves otherwise, and may break the glass of what is not hers. */
export const NAMED = {
  approvers: ['ana', 'ben', 'cleo', 'pru'],
  administrators: ['root'],
  emergency: ['eva', 'pru'],
  escalation: ['boss'],
  delegates: ['dora'],
};

type Decision = 'approve' | 'deny' | 'withdraw' | 'replan' | 'break_glass' | 'review';
export type Command =
  | { readonly decision: Decision; readonly who: string }
  | { readonly decision: 'delegate'; readonly who: string; readonly to: string; readonly minutes: number }
  | { readonly decision: 'revoke'; readonly who: string };

export type Step =
  /** At once: each is looked up while the others write. */
  | { readonly do: 'command'; readonly commands: readonly Command[] }
  /** Looking a person up takes long. */
  | { readonly do: 'slowly'; readonly command: Command; readonly ms: number }
  | { readonly do: 'pass'; readonly minutes: number }
  | { readonly do: 'sweep' | 'replan' | 'go' };

export const atOnce = (...commands: readonly Command[]): Step => ({ do: 'command', commands });
export const say = (who: string, decision: Decision): Step => atOnce({ decision, who });
export const give = (who: string, to: string): Step => atOnce({ decision: 'delegate', who, to, minutes: 90 });

/** A request of two that stays open for an hour, and the log of all that becomes of it. */
export async function authorityWorld(before: readonly Command[], forbidsGlass: boolean) {
  const playbook = buildPlaybook({ tier: 3, owners: ['pru'], approval: { expires: '1h' } });
  const plain = sentinelBench({ playbooks: [playbook] });
  const people = peopleOf(plain, NAMED);
  const forbids = ({ action, approvedBy }: PolicyQuestion) =>
    forbidsGlass && (action === 'break_glass' || approvedBy === 'break_glass');
  const policies = {
    ...people.policies,
    decide: async (question: PolicyQuestion) =>
      forbids(question)
        ? {
            allowed: false as const,
            code: 'CONSTITUTION' as const,
            policies: ['c'],
            detail: 'it is forbidden',
          }
        : people.policies.decide(question),
  };
  const bench = { ...plain, ...people, policies, wakeRelay: async () => undefined };
  const { clock } = bench;

  const { write, lines, turn } = logOf(bench);
  const command = async (said: Command, deps = bench): Promise<void> => {
    const contract = await deps.contracts.get(ID);
    const { who, decision } = said;
    const about =
      decision === 'delegate'
        ? { to: said.to, until: clock.now() + said.minutes * MINUTE }
        : decision === 'revoke'
          ? {}
          : decision === 'review'
            ? { contractId: ID }
            : { contractId: ID, planHash: contract?.planHash };
    await decide({ decision, ...about, reason: 'because', proof: { token: who } }, deps);
  };
  const slow = (ms: number) => ({
    ...bench,
    directory: {
      ...bench.directory,
      person: async (subject: string) => {
        clock.set(clock.now() + ms);
        return bench.directory.person(subject);
      },
    },
  });
  const act = async (next: Step): Promise<void> => {
    switch (next.do) {
      case 'command':
        await Promise.all(next.commands.map((said) => command(said)));
        break;
      case 'slowly':
        await command(next.command, slow(next.ms));
        break;
      case 'pass':
        clock.set(clock.now() + next.minutes * MINUTE);
        break;
      case 'sweep':
        await reap(bench);
        break;
      case 'replan':
        bench.outside.live.set(targetKey(group()), liveGroup({ desired: 4 + (turn() % 3) }));
        await replan(
          { contractId: ID },
          {
            ...bench,
            playbooks: [playbook],
            statistics: bench.playbooks,
            settings: bench.deps.settings,
            policyVersion: 'policy-1',
          },
        ).catch((error: unknown) => {
          if (!(error instanceof OvertakenError)) throw error;
        });
        break;
      case 'go': {
        const { next: then } = await admit({ contractId: ID }, bench);
        const contract = await bench.contracts.get(ID);
        if (then !== 'snapshot' || contract === undefined) break;
        await bench.ledger.gate(await bench.gateInput(contract, await bench.locked(contract)));
      }
    }
    await write();
  };

  bench.outside.live.set(targetKey(group()), liveGroup({ desired: 4 }));
  await bench.decide(alarmBody());
  bench.outside.executions.set(ID, 'RUNNING');
  await write();
  for (const said of before) await act({ do: 'command', commands: [said] });
  await openApproval({ contractId: ID, taskToken: 'token' }, bench);
  await write();
  return { act, lines };
}

/** The audit log of a bench: each change is sequenced at the time of its write, and its step is remembered. */
function logOf({ clock, records, metrics, logger }: SentinelBench) {
  let sequencedAt = START;
  const log = auditStore(createMemoryTable({ clock }), {
    clock: { now: () => sequencedAt, sleep: clock.sleep },
    random: () => 0.5,
  });
  const mesh = { publish: async () => undefined };
  const sequenced: Omit<Line, 'body'>[] = [];
  let taken = 0;
  let step = 0;
  let expiresAt = 0;
  return {
    turn: () => step,
    /** Ends a step. */
    async write(): Promise<void> {
      for (const record of records.slice(taken)) {
        sequencedAt = record.at;
        const { appended } = await sequence([record], {
          log,
          logName: 'state',
          mesh,
          clock,
          metrics,
          logger,
        });
        if (appended > 0) sequenced.push({ step, expiresAt });
        const approval = record.after?.['approval'] as { expiresAt?: number } | undefined;
        expiresAt = approval?.expiresAt ?? expiresAt;
      }
      taken = records.length;
      step += 1;
    },
    async lines(): Promise<readonly Line[]> {
      const entries = await allOf(log.entries(0));
      return entries.map(({ leaf }, n) => ({
        body: readAuditBody(leaf),
        ...(sequenced[n] as Omit<Line, 'body'>),
      }));
    },
  };
}
