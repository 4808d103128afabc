import { SIMULATED_FUNCTIONS } from '../../../../cli/simulator/functions';
import type { Contract } from '../../../../shared/contracts/contract';
import type { RequestOutput } from '../../../../shared/contracts/decision';
import { FUNCTIONS } from '../../../../shared/names';
import {
  type BenchOptions,
  createStage,
  publishPlaybooks,
  runIncident,
  runToRest,
  type Stage,
} from '../../../support/faults/bench';
import { BENCH_INCIDENTS, type BenchIncident } from '../../../support/faults/bench-incidents';
import { brokenInvariants } from '../../../support/faults/invariants';
import { none, type Row, type RowCase, same } from './row';
import { haltAt } from './tampering';

const HOUR = 3_600_000;
const ASKED = { ...BENCH_INCIDENTS.scaleAsked, approver: 'silent' } as const;

type Decision = 'approve' | 'deny';

const ballot = (contract: Contract, principal: string, decision: Decision) => ({
  contractId: contract.contractId,
  decision,
  principal,
  planHash: contract.planHash,
  reason: 'bench',
});

/** Runs until the request is open, lets people vote at these times after it, and then until all is at rest. */
async function runVotes(
  incident: BenchIncident,
  votes: readonly { readonly who: string; readonly decision: Decision; readonly afterMs: number }[],
  options: BenchOptions = {},
): Promise<{ stage: Stage; outputs: (RequestOutput | undefined)[] }> {
  const stage = createStage(incident, options);
  await publishPlaybooks(stage);
  const isOpen = () => stage.passed.some(({ status }) => status === 'awaiting_approval');
  await stage.kernel.run({ until: isOpen, untilMs: stage.kernel.now() + HOUR });
  const [contract] = stage.contracts();
  if (contract === undefined) throw new Error('there is no request to vote on');
  const outputs: (RequestOutput | undefined)[] = votes.map(() => undefined);
  votes.forEach(({ who, decision, afterMs }, index) => {
    const vote = async () => {
      outputs[index] = await stage.deployment.decide(ballot(contract, who, decision));
    };
    stage.kernel.schedule(afterMs, vote, `vote of ${who}`);
  });
  await runToRest(stage, options.patienceMs ?? HOUR);
  return { stage, outputs };
}

/** Both press their button at about the time of the gate; a deny that was taken means that nothing happens. */
export async function approveAgainstDeny(races = 1000, options: BenchOptions = {}): Promise<Row> {
  const problems: string[] = [];
  const broken: string[] = [];
  const ends = new Map<string, number>();
  for (let seed = 1; seed <= races; seed += 1) {
    const afterMs = (seed * 37) % 900;
    const { stage, outputs } = await runVotes(
      ASKED,
      [
        { who: 'ann', decision: 'approve', afterMs: 100 },
        { who: 'ben', decision: 'deny', afterMs },
      ],
      { ...options, seed },
    );
    const status = stage.contracts()[0]?.status ?? 'none';
    ends.set(status, (ends.get(status) ?? 0) + 1);
    const denied = outputs[1]?.ok === true;
    if (denied && stage.world.effects.length > 0) problems.push(`seed ${seed}: denied, and an effect`);
    if (denied !== (status === 'denied')) problems.push(`seed ${seed}: denied ${denied}, ended ${status}`);
    for (const problem of await brokenInvariants(stage)) broken.push(`seed ${seed}: ${problem}`);
  }
  return {
    name: `approve against deny, ${races} seeded races`,
    cases: [
      none('no effect after a deny that was taken', problems),
      none('nothing is broken', broken),
      same('both sides win some', [...ends.keys()].sort(), ['denied', 'rolled_back']),
    ],
  };
}

export async function twoApproversAtOnce(): Promise<Row> {
  const both = ['ann', 'ben'].map((who) => ({ who, decision: 'approve' as const, afterMs: 100 }));
  const cases: RowCase[] = [];
  for (let seed = 1; seed <= 10; seed += 1) {
    const one = await runVotes(ASKED, both, { seed });
    const taken = one.outputs.filter((output) => output?.ok);
    cases.push(same(`quorum 1, seed ${seed}: one of them decides`, taken.length, 1));
    cases.push(none(`quorum 1, seed ${seed}: nothing is broken`, await brokenInvariants(one.stage)));
    const two = await runVotes({ ...ASKED, playbook: 'bench-scale-agreed' }, both, { seed });
    const [contract] = two.stage.contracts();
    const votes = Object.keys(contract?.approval?.votes ?? {}).sort();
    cases.push(
      same(`quorum 2, seed ${seed}: both count`, [votes, contract?.status], [['ann', 'ben'], 'rolled_back']),
    );
    cases.push(none(`quorum 2, seed ${seed}: nothing is broken`, await brokenInvariants(two.stage)));
  }
  const alone = await runVotes(
    { ...ASKED, playbook: 'bench-scale-agreed' },
    [100, 300, 500].map((afterMs) => ({ who: 'ann', decision: 'approve' as const, afterMs })),
  );
  const [contract] = alone.stage.contracts();
  cases.push(
    same(
      'quorum 2, one of them three times',
      [contract?.status, alone.stage.world.effects.length],
      ['expired', 0],
    ),
  );
  return { name: 'two approvers at once', cases };
}

/** A vote at the very millisecond of the expiry; and a relay that never works. */
export async function expiryAndRelay(): Promise<Row> {
  const cases: RowCase[] = [];
  for (const [offset, answer, status] of [
    [-1, 'approved', 'rolled_back'],
    [0, 'EXPIRED', 'expired'],
    [1, 'EXPIRED', 'expired'],
  ] as const) {
    const stage = await haltAt(ASKED, 'awaiting_approval');
    const [contract] = stage.contracts();
    if (contract?.approval === undefined) throw new Error('there is no request');
    await stage.kernel.run({ untilMs: contract.approval.expiresAt + offset });
    const { ports } = stage.deployment;
    const input = ballot(contract, 'ann', 'approve') as never;
    const output = (await SIMULATED_FUNCTIONS[FUNCTIONS.decide](input, ports, 0)) as RequestOutput;
    cases.push(
      same(
        `a vote at T${offset < 0 ? '' : '+'}${offset} ms`,
        output.ok ? output.status : output.code,
        answer,
      ),
    );
    await runToRest(stage, HOUR);
    cases.push(same(`… and it ends`, stage.contracts()[0]?.status, status));
    cases.push(none('… with nothing broken', await brokenInvariants(stage)));
  }
  for (const approver of ['approves', 'denies'] as const) cases.push(...(await withoutRelay(approver)));
  return { name: 'votes at the expiry; a relay that is down for good', cases };
}

/** The wait's own timeout, 25 h, is the backstop; one sweep of the reaper and a state's retries come after it. */
async function withoutRelay(approver: 'approves' | 'denies'): Promise<RowCase[]> {
  const stage = await runIncident(
    { ...BENCH_INCIDENTS.scaleAsked, approver },
    {
      patienceMs: 30 * HOUR,
      faults: () => ({
        onInvoke: ({ functionName }) =>
          functionName === FUNCTIONS.relay
            ? { kind: 'throw', when: 'before', error: new Error('down') }
            : undefined,
      }),
    },
  );
  const [contract] = stage.contracts();
  const execution = stage.deployment.stepFunctions.describeExecution(contract?.contractId ?? '');
  const waited = (execution?.stopMs ?? Number.POSITIVE_INFINITY) - (contract?.approval?.requestedAt ?? 0);
  const problems = (await brokenInvariants(stage)).filter(
    // Its decision is still to be delivered: it stays on the list for that, although it has ended.
    (problem) => approver === 'approves' || !problem.includes('list of open ones'),
  );
  const letters = stage.deployment.deadLetters().filter((letter) => 'contractId' in (letter as object));
  return [
    same(`relay down, ${approver}: no effect`, stage.world.effects.length, 0),
    same(`relay down, ${approver}: over after the timeout and a sweep`, waited <= 90_000_000 + 120_000, true),
    // What the alarm on the relay's dead letters counts.
    same(`relay down, ${approver}: an alarm is raised`, letters.length > 0, true),
    none(`relay down, ${approver}: nothing is broken`, problems),
  ];
}
