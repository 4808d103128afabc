import type { SentinelOutput } from '../../functions/sentinel/sentinel';
import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { ErrorDetected } from '../../shared/contracts/error-detected';
import type { FieldResult } from '../../shared/contracts/outcome';
import type { Plan } from '../../shared/contracts/plan';
import { resolveTarget } from '../../shared/contracts/plan-expressions';
import type { Diagnose, Diagnosis, LoadedPlaybook } from '../../shared/domain/diagnosis';
import { ENDS_WITHOUT_EFFECT, type Status } from '../../shared/domain/transitions';
import { contractStore } from '../../shared/stores/contract-store';
import { outcomeReader } from '../../shared/stores/evidence-rows';
import { playbookStore } from '../../shared/stores/playbook-store';
import { type SimulatedRun, startRun } from '../backend/simulated-run';
import { type AssumedPlaybook, assumedWorld } from '../simulator/cloud/assumed-world';
import type { WorldFile } from '../simulator/cloud/world-file';

export interface SimulateOptions {
  readonly compiled: CompiledPlaybooks;
  readonly policies: CompiledPolicies;
  readonly playbooks: readonly LoadedPlaybook[];
  readonly diagnose: Diagnose;
  readonly mode: 'act' | 'observe';
  /** Milliseconds since 1970; absent = the event's own time. */
  readonly now?: number;
  /** Absent = the event's own. */
  readonly account?: string;
  /** Absent = what the event names exists, as it describes it. */
  readonly world?: WorldFile;
  /** The wall clock: no event can be from later. */
  readonly wallMs: number;
}

/** What would become of one event. */
export interface Simulation {
  readonly decision: 'act' | 'ask' | 'observe' | 'ignore';
  /** A code. */
  readonly reason: string;
  readonly detail: string;
  readonly playbook: string | null;
  readonly tier: number | null;
  readonly contract: string | null;
  readonly expected: Plan['effect']['expectations'];
  readonly status: string | null;
  readonly verdict: string | null;
  readonly confidence: number | null;
  readonly effects: number;
  readonly plan: Plan | null;
  readonly planHash: string | null;
  readonly fields: readonly FieldResult[];
  /** The playbook that the event's pattern leads to, also where it is not acted on. */
  readonly matches: Pick<Diagnosis, 'playbook' | 'pattern' | 'evidence' | 'why'> | null;
  /** What nobody said, and was taken to be so. */
  readonly assumed: readonly string[];
  /** ISO times. */
  readonly eventTime: string;
  readonly clock: string;
  /** The event was of no form, or not for this deployment: it goes to quarantine. */
  readonly refused: boolean;
}

/** CloudWatch began on 2009-05-17: before it no alarm can have fired. */
const EARLIEST_MS = Date.UTC(2009, 4, 17);
const LONGEST_MS = 48 * 3_600_000;
/** Two people, so that tier 3 can be asked for. */
const APPROVERS = ['approver-1', 'approver-2'];

/** Runs the event through the whole of Grace, alone, in a cloud of its own. */
export async function simulateEvent(
  { text, error }: { readonly text: string; readonly error: ErrorDetected },
  options: SimulateOptions,
): Promise<Simulation> {
  const assumed: string[] = [];
  const now = options.now ?? Math.min(Math.max(error.at, EARLIEST_MS), options.wallMs);
  if (options.now === undefined) assumed.push(`the clock starts at ${new Date(now).toISOString()}`);
  const diagnosis = options.diagnose(error);
  const world = options.world ?? (await assume(error, diagnosis, options, assumed));
  const decisions: SentinelOutput['decisions'][number][] = [];
  const run = startRun(
    {
      seed: error.eventId,
      startMs: now,
      account: options.account ?? options.world?.account ?? error.account,
      region: options.world?.region ?? error.region,
      settings: { ephemeral: true, mode: options.mode, approvals: { approvers: APPROVERS } },
      playbooks: options.compiled,
      policies: options.policies,
    },
    { onDecisions: (output) => decisions.push(...output.decisions) },
  );
  const { deployment, kernel } = run;
  const library = playbookStore(deployment.state);
  for (const { name, version, playbook } of options.compiled) {
    const why = { actor: 'grace simulate', reason: 'SIMULATED', at: now };
    await library.publish({ name, version, source: playbook }, why);
  }
  // Only the event itself is taken in, not what the world's alarms would send.
  run.beginWorld(world).stop();
  deployment.intake(text);
  const over = () => (decisions.length > 0 || deployment.deadLetters().length > 0) && deployment.isAtRest();
  await kernel.run({ until: over, untilMs: now + LONGEST_MS });
  deployment.stop();
  return {
    ...(await outcomeOf(run, decisions[0])),
    matches: diagnosis === undefined ? null : shown(diagnosis),
    assumed,
    eventTime: timeText(error.at),
    clock: timeText(now),
  };
}

async function assume(
  error: ErrorDetected,
  diagnosis: Diagnosis | undefined,
  { playbooks }: SimulateOptions,
  assumed: string[],
): Promise<WorldFile> {
  const loaded = playbooks.find(({ name }) => name === diagnosis?.playbook);
  const made = assumedWorld(error, loaded && (await assumedPlaybook(loaded, error)));
  assumed.push(...made.assumptions);
  return made.file;
}

async function assumedPlaybook(
  { playbook }: LoadedPlaybook,
  error: ErrorDetected,
): Promise<AssumedPlaybook | undefined> {
  const resolved = await resolveTarget(playbook, error);
  const [step] = playbook.steps;
  if (!resolved.ok || step === undefined) return undefined;
  const change = step.parameters?.['change'];
  return {
    target: resolved.target,
    action: step.action,
    ...(typeof change === 'number' ? { change } : {}),
    alarmEvaluationSeconds: playbook.alarm_evaluation,
    settleSeconds: playbook.settle,
    windowSeconds: playbook.window,
  };
}

type Outcome = Omit<Simulation, 'matches' | 'assumed' | 'eventTime' | 'clock'>;

async function outcomeOf(
  { deployment }: SimulatedRun,
  decided: SentinelOutput['decisions'][number] | undefined,
): Promise<Outcome> {
  const code = decided?.decision ?? 'INTAKE_FAULT';
  const detail = decided?.detail ?? 'the event met a fault each time';
  const contract =
    decided?.contractId === undefined
      ? undefined
      : await contractStore(deployment.state).get(decided.contractId);
  if (contract === undefined) {
    const refused = code === 'QUARANTINED';
    const reason = refused ? (detail.split(':')[0] ?? code) : code;
    return { ...NOTHING, decision: 'ignore', reason, detail, refused };
  }
  const { plan } = await contractStore(deployment.state).plan(contract.contractId);
  const outcome = await outcomeReader(deployment.state).outcome(contract.contractId);
  return {
    decision: decisionOf(contract.status),
    reason: codeOf(outcome?.reason ?? contract.reason ?? contract.status),
    detail,
    playbook: contract.playbook,
    tier: contract.tier,
    contract: contract.contractId,
    expected: plan.effect.expectations,
    status: contract.status,
    verdict: contract.verdict ?? null,
    confidence: contract.confidence ?? null,
    effects: outcome?.effects ?? 0,
    plan,
    planHash: contract.planHash,
    fields: outcome?.fields ?? [],
    refused: false,
  };
}

/** Of an event of which nothing came. */
export const NOTHING: Pick<
  Simulation,
  | ('playbook' | 'tier' | 'contract' | 'expected' | 'status' | 'verdict' | 'confidence')
  | ('effects' | 'plan' | 'planHash' | 'fields')
> = {
  playbook: null,
  tier: null,
  contract: null,
  expected: [],
  status: null,
  verdict: null,
  confidence: null,
  effects: 0,
  plan: null,
  planHash: null,
  fields: [],
};

function decisionOf(status: Status): Simulation['decision'] {
  if (status === 'awaiting_approval') return 'ask';
  if (status === 'observed') return 'observe';
  return ENDS_WITHOUT_EFFECT.includes(status) ? 'ignore' : 'act';
}

/** Reasons may carry words after the code: `NOT_MET: alarm.x`. */
const codeOf = (reason: string): string => /^[A-Z][A-Z0-9_]*/.exec(reason)?.[0] ?? reason.toUpperCase();

function shown({ playbook, pattern, evidence, why }: Diagnosis): Simulation['matches'] {
  return { playbook, pattern, evidence, why };
}

const timeText = (at: number): string => new Date(at).toISOString();
