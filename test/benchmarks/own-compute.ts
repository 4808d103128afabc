import type { Incident } from '../../cli/simulator/cloud/incident';
import { DEMO_INCIDENTS } from '../../cli/simulator/cloud/incidents';
import { record } from '../../functions/recorder/recorder';
import { resolveExpressions, resolveTarget } from '../../shared/contracts/plan-expressions';
import { parseSettings } from '../../shared/contracts/settings';
import { bindPlan, type PlanInput } from '../../shared/domain/bind-plan';
import { canonicalJson, type JsonValue } from '../../shared/domain/canonical-json';
import type { Expectation, Observation } from '../../shared/domain/expectation';
import { planText, planTextHash } from '../../shared/domain/plan-hash';
import { judge } from '../../shared/domain/verdict';
import { canaryStore } from '../../shared/stores/canary-store';
import { contractStore } from '../../shared/stores/contract-store';
import { outcomeReader } from '../../shared/stores/evidence-rows';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { missionStore } from '../../shared/stores/mission-store';
import { playbookStore } from '../../shared/stores/playbook-store';
import { ALARM, alarmEvent, DIAGNOSIS, GROUP, load, playbookText } from '../support/planning';
import { measureDiagnosis } from './diagnosis';
import { type Figure, median } from './figure';
import { runIncident } from './incident-run';

const ROUNDS = 15;
const CALLS = 400;

/** CPU time of Grace's own steps, without stores and services. To be run from a bundle: see `bundled-run.ts`. */
export async function measureOwnCompute(): Promise<readonly Figure[]> {
  return [...(await contractFigures()), ...diagnosisFigures(), await recordFigure()];
}

async function contractFigures(): Promise<Figure[]> {
  const loaded = load(playbookText('scale-out-on-latency'));
  const event = alarmEvent();
  const resolution = await resolveTarget(loaded.playbook, event);
  if (!resolution.ok) throw new Error(resolution.message);
  const { target } = resolution;
  const live = { target, managed: true, tags: {}, facts: GROUP };
  const resolved = await resolveExpressions({ playbook: loaded.playbook, event, target, live });
  if (!resolved.ok) throw new Error(resolved.message);
  const input: PlanInput = {
    loaded,
    diagnosis: DIAGNOSIS,
    event,
    target,
    live,
    alarm: ALARM,
    expressions: resolved.expressions,
    settings: parseSettings({}),
    lastTen: '1111111111',
    contractId: '01KE6PHXXMKC4W8MF55CC3X4D7',
    fingerprint: '0'.repeat(64),
    policyVersion: '0'.repeat(64),
    now: event.at,
  };
  const create = (): string => {
    const bound = bindPlan(input);
    if (!bound.ok) throw new Error(bound.code);
    const text = planText(bound.plan);
    return text + planTextHash(text);
  };
  const bound = bindPlan(input);
  if (!bound.ok) throw new Error(bound.code);
  const text = planText(bound.plan);
  const reparse = () => canonicalJson(JSON.parse(text) as JsonValue);
  const expectations = bound.plan.effect.expectations as Expectation[];
  const observations = expectations.map((expected) => observationOf(expected, event.at));
  const verify = () => judge(expectations, observations, event.at + 900_000);
  if (verify().verdict !== 'met') throw new Error('the observations of this benchmark should meet the plan');

  const [creating, reparsing] = inTurn(create, reparse);
  const [verifying] = inTurn(verify, reparse);
  const reference = {
    value: reparsing,
    what: `parse + canonicalise of the same plan (${text.length} characters)`,
  };
  return [
    {
      name: 'contract_creation',
      value: creating,
      unit: 'µs',
      goal: { atMost: 4 * reparsing },
      reference,
      note: `goal: 4 × the reference; bound, canonical text, hash; ${(creating / reparsing).toFixed(1)} ×`,
    },
    { name: 'verification', value: verifying, unit: 'µs', reference, note: 'verdict of 4 expectations' },
  ];
}

/** What a look would bring in when all is well. */
function observationOf(expected: Expectation, at: number): Observation {
  switch (expected.kind) {
    case 'resource':
      return { kind: 'resource', found: true, value: expected.value as number };
    case 'alarm':
      return { kind: 'alarm', state: 'OK', since: at };
    case 'metric':
      return { kind: 'metric', values: [0.2, 0.21, 0.19, 0.2, 0.22], expectedPoints: 4 };
    default:
      throw new Error(`this benchmark has no observation of ${expected.kind}`);
  }
}

function diagnosisFigures(): Figure[] {
  const cases = measureDiagnosis();
  return cases.map((figures, index) => ({
    name: `diagnosis_500_case_${index + 1}`,
    value: figures.p50Ms,
    unit: 'ms',
    goal: { atMost: 1 },
    reference: {
      value: figures.referenceP50Ms,
      what: 'the same patterns as regular expressions, one by one',
    },
    note: `${figures.name}; median of CPU time; p99 of wall time ${figures.p99Ms.toFixed(3)} ms, compiled in ${figures.compileMs.toFixed(1)} ms`,
  }));
}

/** The learning record: outcome read, mission noted, statistics counted, on tables in memory. */
async function recordFigure(): Promise<Figure> {
  const run = await runIncident(DEMO_INCIDENTS[0] as Incident, { copies: 1 });
  const contract = run.contracts[0];
  if (contract === undefined) throw new Error('the incident came to no contract');
  const items = run.deployment.state.items();
  const { contractId, missionId, status, rev, createdAt: at } = contract;
  const news = { event: 'agentic.problem_resolved', at, contractId, missionId, status, rev: rev + 1 };
  const times: number[] = [];
  for (let round = 0; round < ROUNDS * 10; round += 1) {
    const table = createMemoryTable({ clock: { now: () => 0 } });
    table.load(
      items.map((item) => (item.sk === 'OUTCOME' ? { ...item, recordedAt: undefined, rev: 1 } : item)),
    );
    const deps = {
      contracts: contractStore(table),
      canaries: canaryStore(table),
      outcomes: outcomeReader(table),
      missions: missionStore(table),
      playbooks: playbookStore(table),
      clock: { now: () => contract.createdAt, sleep: async () => {} },
      metrics: { count: () => {}, record: () => {} },
    };
    const from = performance.now();
    await record(news, deps);
    times.push((performance.now() - from) * 1000);
  }
  return {
    name: 'learning_record',
    value: median(times),
    unit: 'µs',
    note: `three reads and three conditional writes in memory; wall time, median of ${times.length}`,
  };
}

/**
 * Microseconds of CPU time a call of one and of the other, in turn, so that the load of the machine is in both:
 * medians of rounds of many calls.
 */
function inTurn(one: () => unknown, other: () => unknown): readonly [one: number, other: number] {
  const times: [number[], number[]] = [[], []];
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const [index, run] of [one, other].entries()) {
      const micros = cpuMicros(() => {
        for (let call = 0; call < CALLS; call += 1) run();
      });
      if (round >= 0) times[index]?.push(micros / CALLS);
    }
  }
  return [median(times[0]), median(times[1])];
}

function cpuMicros(run: () => void): number {
  const from = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(from);
  return user + system;
}
