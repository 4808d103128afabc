import type { WorldSource } from '../../../../cli/simulator/cloud/world-file';
import {
  createStage,
  publishPlaybooks,
  runToRest,
  type Stage,
  scriptedApprover,
} from '../../../support/faults/bench';
import { BENCH_INCIDENTS, type BenchIncident, benchWorld } from '../../../support/faults/bench-incidents';
import { brokenInvariants } from '../../../support/faults/invariants';
import { none, type Row, type RowCase, same } from './row';

const HOUR = 3_600_000;
/** The request is opened at second 37; by then the world has changed, and only later somebody approves. */
const CHANGE_AT = { atSeconds: 60 };
const APPROVE_AFTER_MS = 90_000;

interface Change {
  readonly what: string;
  readonly incident?: BenchIncident;
  readonly change: Partial<WorldSource>;
  readonly ends: string;
  readonly effects?: number;
}

const interference = (change: unknown, resource = 'web'): Partial<WorldSource> =>
  ({ interference: [{ when: CHANGE_AT, resource, change }] }) as Partial<WorldSource>;

const [cause] = benchWorld('group', true).causes;

const CHANGES: readonly Change[] = [
  {
    what: 'capacity changed',
    change: interference({ set: { desired_capacity: 6 } }),
    ends: 'stale TARGET_DRIFTED',
  },
  { what: 'limits changed', change: interference({ set: { max_size: 20 } }), ends: 'stale TARGET_DRIFTED' },
  { what: 'target deleted', change: interference({ delete: true }), ends: 'stale TARGET_GONE' },
  { what: 'target untagged', change: interference({ retag: {} }), ends: 'refused NOT_MANAGED' },
  {
    what: 'target tagged as production',
    change: interference({ retag: { 'grace:managed': 'true', environment: 'production' } }),
    ends: 'stale TAGS_CHANGED',
  },
  {
    what: 'alarm recovered by itself',
    change: { causes: [{ ...cause, spontaneousRecovery: CHANGE_AT }] as WorldSource['causes'] },
    ends: 'stale RECOVERED',
  },
  {
    what: 'alarm cleared and breached again: the request is joined, and acted upon once',
    change: { causes: [{ ...cause, flapping: { periodSeconds: 60 } }] as WorldSource['causes'] },
    ends: 'resolved EFFECT_MET',
    effects: 1,
  },
  {
    what: 'database being modified',
    incident: BENCH_INCIDENTS.rebootHelps,
    change: interference({ set: { status: 'modifying' } }, 'orders'),
    ends: 'stale TARGET_DRIFTED',
  },
  {
    what: 'database deleted',
    incident: BENCH_INCIDENTS.rebootHelps,
    change: interference({ delete: true }, 'orders'),
    ends: 'stale TARGET_GONE',
  },
  {
    what: 'nothing changed: acted upon, once',
    incident: BENCH_INCIDENTS.rebootHelps,
    change: {},
    ends: 'resolved EFFECT_MET',
    effects: 1,
  },
];

async function runChanged({ incident = BENCH_INCIDENTS.scaleAsked, change }: Change): Promise<Stage> {
  const file = benchWorld(incident.oneShot ? 'database' : 'group', true, change);
  const stage = createStage({ ...incident, file });
  await publishPlaybooks(stage);
  stage.kernel.schedule(APPROVE_AFTER_MS, () => scriptedApprover(stage, 'approves'), 'late approver');
  await runToRest(stage, HOUR);
  return stage;
}

export async function changedWhileWaiting(): Promise<Row> {
  const cases: RowCase[] = [];
  for (const each of CHANGES) {
    const stage = await runChanged(each);
    const [contract] = stage.contracts();
    cases.push(
      same(
        each.what,
        [`${contract?.status} ${contract?.reason}`, stage.world.effects.length, stage.contracts().length],
        [each.ends, each.effects ?? 0, 1],
      ),
    );
    // A target that somebody else has changed or deleted is not as it was planned: that is no break.
    const broken = (await brokenInvariants(stage)).filter((problem) => !problem.includes('capacity of'));
    cases.push(none(`${each.what}: nothing is broken`, broken));
  }
  return { name: 'the target changes while approval is awaited', cases };
}
