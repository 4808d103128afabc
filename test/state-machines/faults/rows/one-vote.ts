import { SIMULATED_FUNCTIONS } from '../../../../cli/simulator/functions';
import type { RequestOutput } from '../../../../shared/contracts/decision';
import { principalOf } from '../../../../shared/domain/caller';
import { FUNCTIONS } from '../../../../shared/names';
import { runToRest } from '../../../support/faults/bench';
import { BENCH_INCIDENTS } from '../../../support/faults/bench-incidents';
import { brokenInvariants } from '../../../support/faults/invariants';
import { none, type Row, type RowCase, same } from './row';
import { haltAt } from './tampering';

const HOUR = 3_600_000;
const ROLE = 'arn:aws:iam::123456789012:role/Oncall';

/** One person votes a hundred times at once; and under two session names of one role. */
export async function onePersonOneVote(times = 100): Promise<Row> {
  const stage = await haltAt(
    { ...BENCH_INCIDENTS.scaleAsked, playbook: 'bench-scale-agreed', approver: 'silent' },
    'awaiting_approval',
    { approvals: { approvers: ['ann', 'ben', ROLE] } },
  );
  const [contract] = stage.contracts();
  const { contractId = '', planHash = '' } = contract ?? {};
  const vote = async (principal: string): Promise<RequestOutput> => {
    const input = { decision: 'approve', contractId, planHash, reason: 'bench', principal } as never;
    const { ports } = stage.deployment;
    return (await SIMULATED_FUNCTIONS[FUNCTIONS.decide](input, ports, 0)) as RequestOutput;
  };
  /** A repeat of one's own vote at the same moment is answered like it, and changes nothing. */
  const counted = () => [
    Object.keys(stage.contracts()[0]?.approval?.votes ?? {}),
    (stage.contracts()[0]?.rev ?? 0) - (contract?.rev ?? 0),
    stage.contracts()[0]?.status,
  ];
  const cases: RowCase[] = [];
  await Promise.all(Array.from({ length: times }, () => vote('ann')));
  cases.push(same(`${times} votes of one person at once`, counted(), [['ann'], 1, 'awaiting_approval']));
  const later = await vote('ann');
  cases.push(same('… and one more later', later.ok ? 'taken' : later.code, 'ALREADY_VOTED'));
  const withdrawn = {
    decision: 'withdraw',
    contractId,
    planHash,
    reason: 'bench',
    principal: 'ann',
  } as never;
  await SIMULATED_FUNCTIONS[FUNCTIONS.decide](withdrawn, stage.deployment.ports, 0);
  const sessions = ['laptop', 'phone'].map((name) =>
    principalOf(`arn:aws:sts::123456789012:assumed-role/Oncall/${name}`),
  );
  await Promise.all(sessions.map(vote));
  // One vote, its withdrawal, one vote.
  cases.push(same('two sessions of one role', counted(), [[ROLE], 3, 'awaiting_approval']));
  await runToRest(stage, 2 * HOUR);
  cases.push(same('nothing is done', stage.world.effects.length, 0));
  cases.push(none('nothing is broken', await brokenInvariants(stage)));
  return { name: 'one person, one vote', cases };
}

/** The executor at each millisecond around execute-by, and run again after it. */
export async function executeByToTheMillisecond(): Promise<Row> {
  const cases: RowCase[] = [];
  for (const [offset, next, status, effects] of [
    [-1, 'measure', 'verifying', 1],
    [0, 'stale', 'stale', 0],
    [1, 'stale', 'stale', 0],
  ] as const) {
    const stage = await haltAt(BENCH_INCIDENTS.scaleHelps, 'approved');
    const [contract] = stage.contracts();
    const { contractId = '', executeBy = 0 } = contract ?? {};
    const at = executeBy + offset;
    const { ports } = stage.deployment;
    const run = async () => {
      const clock = { now: () => at, sleep: async () => undefined };
      const payload = { contractId, direction: 'forward' } as never;
      const executor = SIMULATED_FUNCTIONS[FUNCTIONS.executorAutoscaling];
      return ((await executor(payload, { ...ports, clock }, at + 60_000)) as { next: string }).next;
    };
    const what = `T${offset < 0 ? '' : '+'}${offset} ms of execute-by`;
    cases.push(same(what, await run(), next));
    cases.push(same(`${what}, run again`, await run(), next));
    const stands = [stage.contracts()[0]?.status, stage.world.effects.length];
    cases.push(same(`${what}: how it stands`, stands, [status, effects]));
  }
  return { name: 'execute-by to the millisecond, and a redrive after it', cases };
}
