import type { Plan } from '../../shared/contracts/plan';
import type { Measurement } from '../../shared/contracts/state-items';
import { actionNamed } from '../../shared/domain/actions';
import type { Expectation, Observation, SmokeCheck } from '../../shared/domain/expectation';
import type { LiveTarget } from '../../shared/domain/target';
import type { Clock } from '../../shared/ports/clock';
import type { LiveAlarm, MetricPoint, Resources, Telemetry } from '../../shared/ports/cloud';
import type { ContractStore } from '../../shared/ports/contract-store';
import { ImpossibleStateError } from '../../shared/ports/errors';
import type { ErrorStore, MeasurementStore } from '../../shared/ports/stores';

export interface BenchmarkDeps {
  readonly contracts: ContractStore;
  readonly measurements: MeasurementStore;
  readonly resources: Resources;
  readonly telemetry: Telemetry;
  readonly errors: Pick<ErrorStore, 'window'>;
  readonly clock: Clock;
}

/**
 * Measures what the contract expects, on the live resource, its alarms and its metrics. It compares
 * nothing: that is verify's work, and verify reads only what stands here.
 */
export async function benchmark(
  input: { readonly contractId: string },
  deps: BenchmarkDeps,
): Promise<{ readonly contractId: string }> {
  const contract = await deps.contracts.get(input.contractId);
  if (contract === undefined) throw new ImpossibleStateError(`there is no contract ${input.contractId}`);
  if (contract.status !== 'verifying') return { contractId: contract.contractId };
  const { plan } = await deps.contracts.plan(contract.contractId);
  const n = contract.extended ? 1 : 0;
  if ((await deps.measurements.get(contract.contractId, 'after', n)) !== undefined) {
    return { contractId: contract.contractId };
  }
  const endsAt = contract.lookAt ?? deps.clock.now();
  const startedAt = contract.startedAt ?? endsAt;
  const observations: Observation[] = [];
  const first = plan.targets[0] as Plan['targets'][number];
  const live = await deps.resources.describe(first);
  const alarm = plan.alarm === undefined ? undefined : await deps.telemetry.alarm(plan.alarm.name);
  const lastErrorAt = (await deps.errors.window(plan.fingerprint))?.lastAt;
  for (const expectation of plan.effect.expectations) {
    observations.push(
      await observe(expectation, { plan, live, alarm, lastErrorAt, startedAt, endsAt }, deps),
    );
  }
  const measurement: Measurement = {
    phase: 'after',
    n,
    measuredAt: deps.clock.now(),
    endsAt,
    observations: observations as Measurement['observations'],
  };
  const why = {
    actor: 'benchmark',
    reason: n === 0 ? 'WINDOW_ENDED' : 'EXTENSION_ENDED',
    at: deps.clock.now(),
  };
  await deps.measurements.put(contract, measurement, why);
  return { contractId: contract.contractId };
}

interface Scene {
  readonly plan: Plan;
  readonly live: LiveTarget | undefined;
  readonly alarm: LiveAlarm | undefined;
  /** When the last error of the same fingerprint came; unknown when the window is gone. */
  readonly lastErrorAt: number | undefined;
  readonly startedAt: number;
  readonly endsAt: number;
}

async function observe(expected: Expectation, scene: Scene, deps: BenchmarkDeps): Promise<Observation> {
  switch (expected.kind) {
    case 'resource': {
      const value = scene.live?.facts[expected.field];
      return { kind: 'resource', found: scene.live !== undefined, value: value ?? null };
    }
    case 'alarm': {
      const same = expected.alarm === scene.alarm?.name;
      const alarm = same ? scene.alarm : await deps.telemetry.alarm(expected.alarm);
      return { kind: 'alarm', state: alarm?.state ?? null, since: alarm?.stateSince ?? null };
    }
    case 'metric': {
      const from = scene.endsAt - expected.lastSeconds * 1000;
      const points = await deps.telemetry.series(expected.query, from, scene.endsAt);
      return {
        kind: 'metric',
        values: valuesOf(points),
        expectedPoints: pointsIn(expected.lastSeconds, expected.query.periodSeconds),
      };
    }
    case 'metric_change': {
      const span = expected.lastSeconds * 1000;
      const before = await deps.telemetry.series(expected.query, scene.startedAt - span, scene.startedAt);
      const after = await deps.telemetry.series(expected.query, scene.endsAt - span, scene.endsAt);
      return {
        kind: 'metric_change',
        history: [],
        before: valuesOf(before),
        after: valuesOf(after),
        expectedPoints: pointsIn(expected.lastSeconds, expected.query.periodSeconds),
      };
    }
    case 'smoke':
      return { kind: 'smoke', checks: smokeChecks(scene) };
  }
}

/** Points whose whole period lies in the span. */
const pointsIn = (seconds: number, period: number): number => Math.max(0, Math.floor(seconds / period) - 1);
const valuesOf = (points: readonly MetricPoint[]): number[] =>
  points.map((point) => Number(point.value.toPrecision(6)));

/** The four quick checks, from what is already known of the target and its alarm. */
export function smokeChecks(scene: Scene): SmokeCheck[] {
  const { plan, live, alarm } = scene;
  const action = actionNamed(plan.steps[0]?.action ?? '');
  const inService = live !== undefined && action?.inService(live.facts) === true;
  const dependencies =
    live === undefined || action === undefined
      ? { healthy: null, detail: 'the target is gone' }
      : action.dependencies(live.facts);
  return [
    {
      check: 'in_service',
      passed: inService,
      detail: live === undefined ? 'the target is gone' : JSON.stringify(live.facts),
    },
    {
      check: 'alarm_clear',
      passed:
        plan.alarm === undefined
          ? true
          : alarm === undefined || alarm.state === 'INSUFFICIENT_DATA'
            ? null
            : alarm.state === 'OK',
      detail:
        plan.alarm === undefined
          ? 'no alarm was involved'
          : `${plan.alarm.name} is ${alarm?.state ?? 'not there'}`,
    },
    { check: 'dependency_health', passed: dependencies.healthy, detail: dependencies.detail },
    lastErrorAge(scene),
  ];
}

/** No error of the same fingerprint once the action has had its time to settle. */
function lastErrorAge({ plan, lastErrorAt, startedAt }: Scene): SmokeCheck {
  const check = 'last_error_age';
  if (lastErrorAt === undefined) return { check, passed: null, detail: 'nothing is known of later errors' };
  const quietFrom = startedAt + plan.effect.settleSeconds * 1000;
  const at = new Date(lastErrorAt).toISOString();
  return { check, passed: lastErrorAt <= quietFrom, detail: `the last one came at ${at}` };
}
