import { WorldFile } from '../../../../cli/simulator/cloud/world-file';
import {
  BENCH_START,
  type BenchOptions,
  createStage,
  publishPlaybooks,
  runIncident,
  runToRest,
  type Stage,
} from '../../../support/faults/bench';
import {
  ACCOUNT,
  BENCH_INCIDENTS,
  type BenchIncident,
  REGION,
} from '../../../support/faults/bench-incidents';
import { brokenInvariants } from '../../../support/faults/invariants';
import { none, type Row, same } from './row';

const HOUR = 3_600_000;

/** One contract, one execution, one effect, and nothing broken. */
async function onceAndWell(stage: Stage) {
  return [
    same('contracts', stage.contracts().length, 1),
    same('executions', stage.deployment.executions(), 1),
    same('effects', stage.world.effects.length, 1),
    none('nothing is broken', await brokenInvariants(stage)),
  ];
}

export async function copiesOfOneEvent(copies = 1000): Promise<Row> {
  const stage = await runIncident(BENCH_INCIDENTS.scaleHelps, {
    deliver(event, { deployment }) {
      for (let copy = 0; copy < copies; copy += 1) deployment.intake(event);
    },
  });
  return { name: `${copies} copies of one event`, cases: await onceAndWell(stage) };
}

/** Errors with ids of their own, spread over a minute, while the first one is already being handled. */
export async function errorsOfOneFingerprint(errors = 10_000): Promise<Row> {
  const stage = await runIncident(BENCH_INCIDENTS.scaleHelps, {
    deliver(event, { deployment, kernel }) {
      const { id, ...rest } = JSON.parse(event);
      for (let n = 0; n < errors; n += 1) {
        const body = JSON.stringify({ id: n === 0 ? id : `${id}-${n}`, ...rest });
        kernel.schedule(Math.floor((n * 60_000) / errors), () => deployment.intake(body), 'error');
      }
    },
  });
  return { name: `${errors} errors of one fingerprint in 60 s`, cases: await onceAndWell(stage) };
}

/** Errors that name a group; each `n` is a fingerprint of its own. */
export function groupError(group: string, n: number, at: number): string {
  const time = new Date(at).toISOString();
  return JSON.stringify({
    version: '0',
    id: `bus-${n}`,
    source: 'shop',
    'detail-type': 'error.detected',
    account: ACCOUNT,
    region: REGION,
    time,
    resources: [],
    detail: {
      id: `error-${n}`,
      type: 'error.detected',
      version: 1,
      time,
      correlationId: `error-${n}`,
      detail: { service: 'shop', name: 'GroupSlow', message: 'slow', attributes: { group, n: `n${n}x` } },
    },
  });
}

const groupNamed = (id: string) => ({
  kind: 'autoscaling:group' as const,
  id,
  desired: 2,
  min: 1,
  max: 1000,
  launchSeconds: 5,
  inServiceLagSeconds: 5,
});

export function errorIncident(groups: readonly string[]): BenchIncident {
  const file = WorldFile.parse({
    schema: 1,
    account: ACCOUNT,
    region: REGION,
    resources: groups.map(groupNamed),
    horizonSeconds: 0,
  });
  return { ...BENCH_INCIDENTS.scaleHelps, name: 'errors', playbook: 'bench-error', file };
}

async function runErrors(
  groups: readonly string[],
  bodies: readonly string[],
  wrapState?: BenchOptions['wrapState'],
): Promise<Stage> {
  const stage = createStage(errorIncident(groups), wrapState === undefined ? {} : { wrapState });
  await publishPlaybooks(stage);
  for (const body of bodies) stage.deployment.intake(body);
  await runToRest(stage, HOUR);
  return stage;
}

function countBy(stage: Stage): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, reason } of stage.contracts()) {
    const key = status === 'resolved' ? status : `${status} ${reason ?? ''}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const notOneContract = (problems: readonly string[]): string[] =>
  problems.filter((problem) => !/contracts of one incident|capacity of/.test(problem));

/** All pass the sentinel at once; the gate counts. */
export async function budgetOfThree(contracts = 100, wrapState?: BenchOptions['wrapState']): Promise<Row> {
  const groups = Array.from({ length: contracts }, (_, n) => `web-${n}`);
  const stage = await runErrors(
    groups,
    groups.map((group, n) => groupError(group, n, BENCH_START)),
    wrapState,
  );
  return {
    name: `${contracts} contracts against a budget of 3 an hour`,
    cases: [
      same('how they ended', countBy(stage), sorted({ resolved: 3, 'refused BUDGET': contracts - 3 }, stage)),
      same('effects', stage.world.effects.length, 3),
      none('nothing is broken', notOneContract(await brokenInvariants(stage))),
    ],
  };
}

/** The same keys in the order in which they came about, for comparing as JSON. */
function sorted(expected: Record<string, number>, stage: Stage): Record<string, number> {
  const seen = Object.keys(countBy(stage)).filter((key) => key in expected);
  return Object.fromEntries(
    [...new Set([...seen, ...Object.keys(expected)])].map((key) => [key, expected[key] ?? 0]),
  );
}

/** One group, an error of its own for each contract: one acts, and the rest find it resting. */
export async function contractsForOneTarget(contracts = 500): Promise<Row> {
  const bodies = Array.from({ length: contracts }, (_, n) => groupError('web', n, BENCH_START));
  const stage = await runErrors(['web'], bodies);
  const byStatus = countBy(stage);
  const refused = Object.entries(byStatus).filter(([key]) => /^(refused|stale)/.test(key));
  return {
    name: `${contracts} contracts for one target`,
    cases: [
      same('that acted', byStatus['resolved'], 1),
      same(
        'that did not',
        refused.reduce((sum, [, count]) => sum + count, 0),
        stage.contracts().length - 1,
      ),
      same('effects', stage.world.effects.length, 1),
      none('nothing is broken', notOneContract(await brokenInvariants(stage))),
    ],
  };
}

export async function poisonAmongGood(good = 99): Promise<Row> {
  const groups = Array.from({ length: good }, (_, n) => `web-${n}`);
  const bodies = groups.map((group, n) => groupError(group, n, BENCH_START));
  bodies.splice(Math.floor(good / 2), 0, '{"not":"an event"');
  const stage = await runErrors(groups, bodies);
  const items = stage.deployment.state.items();
  const quarantined = items.filter((item) => item.pk.startsWith('QUARANTINE#'));
  return {
    name: `1 poison event among ${good} good`,
    cases: [
      same('done', items.filter((item) => item.pk.startsWith('ERROR#')).length, good),
      same('contracts', stage.contracts().length, good),
      same(
        'quarantined, with its reason',
        quarantined.map(({ code }) => code),
        ['TRUNCATED'],
      ),
      none('nothing is broken', notOneContract(await brokenInvariants(stage))),
    ],
  };
}
