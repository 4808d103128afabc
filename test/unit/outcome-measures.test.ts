import { measureOutcome } from '../../functions/recorder/outcome-measures';
import type { Outcome } from '../../shared/contracts/outcome';
import type { Metrics } from '../../shared/ports/outside';
import { runIncident } from '../support/faults/bench';
import { BENCH_INCIDENTS, UNMEASURED } from '../support/faults/bench-incidents';

/** What is measured, as `name{labels}` to its values. */
function recorder() {
  const values: Record<string, number[]> = {};
  const keep = (name: string, value: number, labels: Readonly<Record<string, string>>) => {
    const text = Object.entries(labels).map(([label, of]) => `${label}=${of}`);
    const key = `${name}{${text.sort().join(',')}}`;
    values[key] = [...(values[key] ?? []), value];
  };
  const metrics: Metrics = {
    count: (name, labels, value = 1) => keep(name, value, labels),
    record: (name, value, _unit, labels) => keep(name, value, labels),
  };
  return { values, metrics };
}

/** The counts that alarms are made of: sent, failed, rolled back, and how sure the verdict was. */
function alarming(values: Readonly<Record<string, number[]>>) {
  const of = (name: string) => values[`${name}{}`];
  return [
    of('grace_actions_executed_total'),
    of('grace_actions_failed_total'),
    of('grace_rollbacks_total'),
    of('grace_action_confidence'),
  ];
}

describe('in a whole run, an action that', () => {
  const { scaleHelps, scaleDoesNot, rebootDoesNot, denied, expired } = BENCH_INCIDENTS;
  test.each([
    ['helps', scaleHelps, [[1], [0], [0], [1]]],
    ['does not help and is undone', scaleDoesNot, [[1], [1], [1], [1]]],
    ['does not help and has no inverse', rebootDoesNot, [[1], [1], [0], [1]]],
    ['nobody can tell anything of', UNMEASURED, [[1], [1], [1], [0]]],
    ['somebody denies', denied, [undefined, undefined, undefined, undefined]],
    ['nobody decides on', expired, [undefined, undefined, undefined, undefined]],
  ])('%s is measured once, and as that', async (_name, incident, expected) => {
    const { values, metrics } = recorder();
    await runIncident(incident, { metrics, patienceMs: 30 * 3_600_000 });
    expect(alarming(values)).toEqual(expected);
    expect(
      values[`grace_contracts_ended_total{playbook=${incident.playbook},status=${incident.end}}`],
    ).toEqual([1]);
  });
});

describe('an outcome', () => {
  const outcome = (more: Partial<Outcome>): Outcome => ({
    pk: 'CONTRACT#C1',
    sk: 'OUTCOME',
    schemaVersion: 1,
    rev: 1,
    change: { id: 'c', event: 'contract.ended', actor: 'close', reason: 'x', correlationId: 'C1', at: 1 },
    contractId: 'C1',
    missionId: 'M1',
    playbook: 'scale-out',
    tier: 1,
    status: 'cancelled',
    reason: 'NOTHING_SENT',
    fields: [],
    effects: 0,
    result: { ok: false, status: 'failure', error_resolved: false, metrics: {} },
    createdAt: 1,
    endedAt: 2,
    ...more,
  });
  const measured = (more: Partial<Outcome>) => {
    const { values, metrics } = recorder();
    measureOutcome(outcome(more), metrics);
    return values;
  };

  test.each([
    ['of which nothing was sent', 'cancelled', 'NOTHING_SENT', undefined, undefined],
    ['that the service refused', 'cancelled', 'SERVICE_REFUSED', [1], [0]],
    ['of which a part could not be undone', 'needs_person', 'ROLLBACK_INCOMPLETE', [1], [1]],
    ['that was undone after a fault', 'rolled_back', 'FAULT_UNDONE', [1], [1]],
  ] as const)('%s: %s, %s', (_name, status, reason, failed, rolledBack) => {
    const values = measured({ status, reason });
    expect(alarming(values)).toEqual([failed, failed, rolledBack, undefined]);
  });

  test('says by playbook what it says to the alarms, and what became of the verdict', () => {
    const values = measured({
      status: 'rolled_back',
      reason: 'EFFECT_NOT_MET',
      verdict: 'not_met',
      confidence: 0.25,
    });
    const of = 'playbook=scale-out';
    expect(values).toEqual({
      [`grace_contracts_ended_total{${of},status=rolled_back}`]: [1],
      [`grace_contracts_verified_total{${of},verdict=not_met}`]: [1],
      [`grace_contract_violations_total{${of}}`]: [1],
      ...Object.fromEntries(
        ['', of].flatMap((labels) => [
          [`grace_action_confidence{${labels}}`, [0.25]],
          [`grace_actions_executed_total{${labels}}`, [1]],
          [`grace_actions_failed_total{${labels}}`, [1]],
          [`grace_rollbacks_total{${labels}}`, [1]],
        ]),
      ),
    });
  });
});
