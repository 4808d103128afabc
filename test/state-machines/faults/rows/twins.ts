import { FUNCTIONS } from '../../../../shared/names';
import {
  createStage,
  publishPlaybooks,
  runToRest,
  type Stage,
  scriptedApprover,
} from '../../../support/faults/bench';
import { BENCH_INCIDENTS, type BenchIncident } from '../../../support/faults/bench-incidents';
import { brokenInvariants } from '../../../support/faults/invariants';
import { none, type Row, type RowCase } from './row';

const HOUR = 3_600_000;

/**
 * Lambda and Step Functions promise a call at least once: two more executors run beside the state machine's
 * own, from about the time of the gate on.
 */
export async function executorsAtOnce(seeds = 100): Promise<Row> {
  const cases: RowCase[] = [];
  for (const [incident, functionName] of [
    [BENCH_INCIDENTS.scaleHelps, FUNCTIONS.executorAutoscaling],
    [BENCH_INCIDENTS.twoSteps, FUNCTIONS.executorAutoscaling],
    [BENCH_INCIDENTS.rebootHelps, FUNCTIONS.executorRds],
    [BENCH_INCIDENTS.restartHelps, FUNCTIONS.executorEc2],
  ] as const) {
    const problems: string[] = [];
    const ends = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed += 1) {
      const stage = await runTwins(incident, functionName, seed);
      const status = stage.contracts()[0]?.status ?? 'none';
      ends.set(status, (ends.get(status) ?? 0) + 1);
      for (const problem of await brokenInvariants(stage)) {
        // An absolute request that is sent again sets what is there already.
        if (incident.oneShot || !problem.startsWith('one request')) problems.push(`seed ${seed}: ${problem}`);
      }
    }
    const shown = [...ends].map(([status, count]) => `${count} ${status}`).join(', ');
    cases.push(none(`${incident.name}: ${shown}`, problems));
  }
  return { name: `three executors of one contract at once, ${seeds} seeds`, cases };
}

async function runTwins(
  incident: BenchIncident,
  functionName: (typeof FUNCTIONS)['executorEc2' | 'executorRds' | 'executorAutoscaling'],
  seed: number,
): Promise<Stage> {
  const stage = createStage(incident, { seed });
  await publishPlaybooks(stage);
  scriptedApprover(stage, 'approves');
  const isApproved = () => stage.passed.some(({ status }) => status === 'approved');
  await stage.kernel.run({ until: isApproved, untilMs: stage.kernel.now() + HOUR });
  const contractId = stage.contracts()[0]?.contractId ?? '';
  const random = stage.kernel.fork('twins');
  for (let twin = 0; twin < 2; twin += 1) {
    const run = () =>
      stage.deployment.invoke(functionName, { contractId, direction: 'forward' }).catch(() => undefined);
    stage.kernel.schedule(random() * 600, run, 'twin');
  }
  await runToRest(stage, HOUR);
  return stage;
}
