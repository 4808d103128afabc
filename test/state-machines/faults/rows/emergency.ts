import type { RequestOutput } from '../../../../shared/contracts/decision';
import { controlStore } from '../../../../shared/stores/control-store';
import { reviewStore } from '../../../../shared/stores/review-store';
import { createStage, publishPlaybooks, runToRest, type Stage } from '../../../support/faults/bench';
import { BENCH_INCIDENTS, type BenchIncident, benchWorld } from '../../../support/faults/bench-incidents';
import { brokenInvariants } from '../../../support/faults/invariants';
import { none, type Row, type RowCase, same } from './row';

const HOUR = 3_600_000;
const AGREED: BenchIncident = {
  ...BENCH_INCIDENTS.scaleAsked,
  playbook: 'bench-scale-agreed',
  approver: 'silent',
};
const PRODUCTION = {
  resources: [
    {
      kind: 'rds:instance' as const,
      id: 'orders',
      rebootSeconds: 10,
      tags: { 'grace:managed': 'true', environment: 'production' },
    },
  ],
};
const REBOOT: BenchIncident = {
  ...BENCH_INCIDENTS.rebootHelps,
  approver: 'silent',
  file: benchWorld('database', true, PRODUCTION),
};

/** Runs until the request is open, lets somebody do something first, and eva breaks the glass. */
async function broken(
  incident: BenchIncident,
  first: (stage: Stage) => Promise<unknown> = async () => undefined,
): Promise<{ readonly stage: Stage; readonly output: RequestOutput | undefined }> {
  const stage = createStage(incident, { settings: { approvals: { emergency: ['eva'] } } });
  await publishPlaybooks(stage);
  const isOpen = () => stage.passed.some(({ status }) => status === 'awaiting_approval');
  await stage.kernel.run({ until: isOpen, untilMs: stage.kernel.now() + HOUR });
  const [contract] = stage.contracts();
  if (contract === undefined) throw new Error('there is no request');
  let output: RequestOutput | undefined;
  const act = async () => {
    await first(stage);
    output = await stage.deployment.decide({
      contractId: contract.contractId,
      decision: 'break_glass',
      principal: 'eva',
      planHash: contract.planHash,
      reason: 'the shop is down',
    });
  };
  stage.kernel.schedule(1000, act, 'emergency');
  await runToRest(stage, 3 * HOUR);
  return { stage, output };
}

const end = ({ world, contracts }: Stage) => [contracts()[0]?.status, world.effects.length];

/** One person, in an emergency, in the place of two: who has to agree changes, and nothing else. */
export async function brokenGlass(): Promise<Row> {
  const cases: RowCase[] = [];
  const alone = await broken(AGREED);
  cases.push(
    same('the action runs and, as it does not help, is undone', end(alone.stage), ['rolled_back', 2]),
  );
  const reviews = await reviewStore(alone.stage.deployment.state).open(10);
  cases.push(
    same(
      'a review is open',
      reviews.map(({ openedBy }) => openedBy),
      ['eva'],
    ),
  );

  const paused = await broken(AGREED, ({ deployment, kernel }) =>
    controlStore(deployment.state).set(true, { actor: 'ann', reason: 'stop', at: kernel.now() }),
  );
  cases.push(same('the kill switch holds', end(paused.stage), ['refused', 0]));

  const production = await broken(REBOOT);
  const code = production.output?.ok === false ? production.output.code : 'taken';
  cases.push(
    same('the constitution holds', [code, ...end(production.stage)], ['CONSTITUTION', 'expired', 0]),
  );
  const unreviewed = await reviewStore(production.stage.deployment.state).open(10);
  cases.push(same('and nothing is left of the attempt', unreviewed, []));
  for (const { stage } of [alone, paused, production])
    cases.push(none('nothing is broken', await brokenInvariants(stage)));
  return { name: 'the glass is broken', cases };
}
