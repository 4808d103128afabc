import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Incident } from '../../cli/simulator/cloud/incident';
import { DEMO_INCIDENTS } from '../../cli/simulator/cloud/incidents';
import { FUNCTION_SPECS } from '../../infra/constructs/function-specs';
import { isAudited } from '../../shared/contracts/audited-items';
import { FUNCTIONS } from '../../shared/names';
import type { Figure } from './figure';
import { type IncidentRun, runIncident, type Spent } from './incident-run';
import { dollarsOf, PRICES_AS_OF, type Usage } from './prices';

const DEFINITION = join(__dirname, '../../statemachines/verified-action.asl.json');
const CONCURRENT = 50;
/** States that the AWS security-response solution's playbook execution enters for one remediation; from the issue. */
const AWS_SOLUTION_TRANSITIONS = 20;
/** Billed time that is assumed for one invocation, milliseconds: nothing offline can measure Lambda's own. */
const ASSUMED_BILLED_MS = 200;

/** Fed from the stream or from the events that it makes, and paid for apart from the action. */
const CONSUMERS: readonly string[] = [FUNCTIONS.meshPublisher, FUNCTIONS.auditSequencer, FUNCTIONS.recorder];
/** Runs by the clock, whatever happens. */
const SCHEDULED: readonly string[] = [FUNCTIONS.reaper, FUNCTIONS.auditSealer, FUNCTIONS.auditCheck];

interface TierGoals {
  readonly tier: 1 | 2;
  readonly transitions: number;
  readonly invocations: number;
  readonly writeUnits: number;
}
const GOALS: readonly TierGoals[] = [
  { tier: 1, transitions: 10, invocations: 7, writeUnits: 35 },
  { tier: 2, transitions: 13, invocations: 10, writeUnits: 50 },
];

/** Counted, not timed: what one action enters, invokes, writes and costs, from its event to its end. */
export async function actionPathFigures(print: (line: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const goals of GOALS) {
    const incident = DEMO_INCIDENTS[goals.tier - 1] as Incident;
    const one = await runIncident(incident, { copies: 1 });
    const many = await runIncident(incident, { copies: CONCURRENT });
    const recovery = await runIncident(incident, { copies: 1, withRecovery: true });
    figures.push(...pathFigures(goals, one, many), ...unitFigures(goals, { one, many, recovery }));
    figures.push(...consumerFigures(goals.tier, 1, one), ...consumerFigures(goals.tier, CONCURRENT, many));
    figures.push(costFigure(goals.tier, one));
    for (const line of breakdown(goals.tier, one)) print(line);
  }
  return figures;
}

function pathFigures(goals: TierGoals, one: IncidentRun, many: IncidentRun): Figure[] {
  const { tier } = goals;
  const entered = (run: IncidentRun) =>
    run.contracts.map(
      ({ contractId }) => run.transitions.filter(({ executionName }) => executionName === contractId).length,
    );
  const states = one.transitions.map(({ stateName }) => stateName);
  return [
    {
      name: `transitions_tier${tier}`,
      value: Math.max(...entered(one), ...entered(many)),
      unit: 'states entered',
      goal: { atMost: goals.transitions },
      reference: {
        value: AWS_SOLUTION_TRANSITIONS,
        what: 'AWS security-response solution, one remediation; given, not measured here',
      },
      note: `the most of 1 + ${CONCURRENT} actions: ${states.join(', ')}`,
    },
    {
      name: `fixed_waits_tier${tier}`,
      value: fixedWaits(states),
      unit: 'Wait states with a constant time',
      ...(tier === 1 ? { goal: { atMost: 0 } } : {}),
      note: 'the one Wait of the path ends with the effect window, which is the playbook’s',
    },
    {
      name: `invocations_tier${tier}`,
      value: pathInvocations(one).length,
      unit: 'Lambda invocations',
      goal: { atMost: goals.invocations },
      note: pathInvocations(one).join(', '),
    },
  ];
}

/** Wait states among those entered whose time the definition fixes (`Seconds`, `Timestamp`). */
function fixedWaits(entered: readonly string[]): number {
  const { States } = JSON.parse(readFileSync(DEFINITION, 'utf8')) as {
    readonly States: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  return entered.filter((name) => {
    const state = States[name];
    return (
      state?.['Type'] === 'Wait' && (Number(state['Seconds'] ?? 0) > 0 || state['Timestamp'] !== undefined)
    );
  }).length;
}

function pathInvocations(run: IncidentRun): string[] {
  return run.invocations
    .map(({ functionName }) => functionName)
    .filter((name) => !CONSUMERS.includes(name) && !SCHEDULED.includes(name));
}

const isPath = ({ table, functionName }: Spent): boolean =>
  table !== 'audit' && !CONSUMERS.includes(functionName) && !SCHEDULED.includes(functionName);
const unitsOf = (run: IncidentRun, is: (spent: Spent) => boolean): number =>
  run.spent.filter(is).reduce((sum, { units }) => sum + units, 0);

function unitFigures(
  { tier, writeUnits }: TierGoals,
  { one, many, recovery }: Readonly<Record<'one' | 'many' | 'recovery', IncidentRun>>,
): Figure[] {
  const unit = 'write units';
  return [
    {
      name: `write_units_tier${tier}`,
      value: unitsOf(one, isPath),
      unit,
      goal: { atMost: writeUnits },
      note: 'state and token tables, from the alarm’s event to the end; consumers and audit table apart',
    },
    {
      name: `write_units_tier${tier}_at_${CONCURRENT}`,
      value: unitsOf(many, isPath) / CONCURRENT,
      unit,
      reference: { value: unitsOf(one, isPath), what: 'the same with 1 action under way' },
    },
    {
      name: `write_units_recovery_event_tier${tier}`,
      value: unitsOf(recovery, isPath) - unitsOf(one, isPath),
      unit,
      note: 'the later event that the alarm is OK again, which is no part of the action',
    },
  ];
}

function consumerFigures(tier: 1 | 2, copies: number, run: IncidentRun): Figure[] {
  const audited = run.changes.filter(({ keys }) => isAudited(keys.pk)).length;
  const batches = run.spent.find(({ table, item }) => table === 'audit' && item === 'HEAD')?.writes ?? 0;
  const audit = unitsOf(
    run,
    ({ table, functionName }) => table === 'audit' && functionName === FUNCTIONS.auditSequencer,
  );
  const views = unitsOf(
    run,
    ({ table, functionName }) => table !== 'audit' && CONSUMERS.includes(functionName),
  );
  const unit = 'write units an action';
  const name = `tier${tier}_at_${copies}`;
  return [
    {
      name: `audit_write_units_${name}`,
      value: audit / copies,
      unit,
      goal: { atMost: (4 * audited + 2 * batches) / copies },
      note: `goal: 4 a change + 2 a batch; ${audited} audited changes in ${batches} batches, the views' included`,
    },
    {
      name: `consumer_write_units_${name}`,
      value: (audit + views) / copies,
      unit,
      goal: { atMost: (4 * run.changes.length + 2 * batches) / copies },
      note: `audit ${audit}, views (missions, statistics) ${views}; goal: 4 for each of ${run.changes.length} changes in the stream + 2 a batch`,
    },
  ];
}

function costFigure(tier: 1 | 2, run: IncidentRun): Figure {
  const gb = (name: string) => (FUNCTION_SPECS[name as keyof typeof FUNCTION_SPECS].memoryMb ?? 512) / 1024;
  const paid = run.invocations.filter(({ functionName }) => !SCHEDULED.includes(functionName));
  const count = (name: string) => run.invocations.filter(({ functionName }) => functionName === name).length;
  const usage: Usage = {
    lambdaGbSecond: paid.reduce(
      (sum, { functionName }) => sum + (gb(functionName) * ASSUMED_BILLED_MS) / 1000,
      0,
    ),
    lambdaRequest: paid.length,
    stepFunctionsTransition: run.transitions.length,
    dynamoWriteUnit: unitsOf(run, () => true),
    dynamoReadUnit: run.readUnits,
    // The forwarded alarm event is one more on Grace's own bus.
    eventBridgeEvent: run.eventsPublished + run.eventsReceived,
    // Sent, received, deleted.
    sqsRequest: 3 * (run.eventsReceived + count(FUNCTIONS.relay) + count(FUNCTIONS.recorder)),
    kmsRequest: count(FUNCTIONS.openApproval) + count(FUNCTIONS.relay),
    s3Put: count(FUNCTIONS.snapshot),
  };
  const { total, parts } = dollarsOf(usage);
  const largest = Object.entries(parts).sort(([, a], [, b]) => b - a);
  return {
    name: `dollars_tier${tier}`,
    value: total,
    unit: 'US dollars an action',
    note: `list prices typed in by hand (${PRICES_AS_OF}), ${ASSUMED_BILLED_MS} ms billed an invocation assumed; of it ${largest
      .slice(0, 3)
      .map(([name, part]) => `${name} ${Math.round((100 * part) / total)} %`)
      .join(', ')}; without logs, alarms, storage, schedules and AWS calls on targets`,
  };
}

/** Where the write units go, by item and function. */
function breakdown(tier: number, run: IncidentRun): string[] {
  return run.spent.map(
    ({ table, functionName, item, units, writes }) =>
      `tier ${tier}: ${String(units).padStart(3)} units in ${writes} writes: ${table} ${table === 'tokens' ? 'TOKEN' : item} by ${functionName}`,
  );
}
