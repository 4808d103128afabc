import type { RequestOutput } from '../../shared/contracts/decision';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { SnapshotManifest } from '../../shared/contracts/state-items';
import { targetKey } from '../../shared/domain/target';
import { isEnd } from '../../shared/domain/transitions';
import { auditStore } from '../../shared/stores/audit-store';
import { contractStore } from '../../shared/stores/contract-store';
import { outcomeReader, snapshotStore } from '../../shared/stores/evidence-rows';
import { reservations } from '../../shared/stores/reservations';
import type { SimulatedRun } from '../backend/simulated-run';
import { type Incident, PROMPT_APPROVAL } from '../simulator/cloud/incident';
import { recordedTrigger } from './recorded-trigger';
import type { AuditLine, IncidentResult, StoryEvent } from './story';

/** Who decides where nobody is there to be asked. */
export const SCRIPTED_APPROVER = 'alice';

export interface Play {
  readonly run: SimulatedRun;
  readonly incident: Incident;
  readonly n: number;
  readonly of: number;
  readonly tell: (event: StoryEvent) => void;
  /** Lines are waiting to be shown. */
  readonly isPending: () => boolean;
  /** Shows them. */
  readonly show: () => Promise<void>;
  /** Asks the person at the terminal; absent = a script decides. `undefined` = no answer. */
  readonly ask?: (
    contractId: string,
    planHash: string,
  ) => Promise<{ principal: string; decision: 'approve' | 'deny' } | undefined>;
}

/** What the deployment reports while an incident runs; the one who made the deployment passes it on. */
export interface Heard {
  contractId: string | undefined;
  readonly states: { at: number; state: string }[];
  readonly moves: Extract<StoryEvent, { kind: 'moved' }>[];
}

const LONGEST_MS = 6 * 3_600_000;
/** Instances come and go for a while after the last call. */
const AFTERMATH_MS = 180_000;

/** Plays one incident to its end, in virtual time. */
export async function playIncident(play: Play, heard: Heard, seed: number): Promise<IncidentResult> {
  const { run, incident, tell } = play;
  const { kernel, deployment } = run;
  const contracts = contractStore(deployment.state);
  tell({ kind: 'incident', n: play.n, of: play.of, name: incident.name, summary: incident.summary });
  const world = run.beginWorld(incident.world(seed), {
    delayMs: (incident.eventDelaySeconds ?? 0) * 1000,
    replay: recordedTrigger(incident.name),
    onEvent({ detail }) {
      // Until the contract has ended its alarm is part of the story; what it does later is not.
      const [from, to] = [detail.previousState.value, detail.state.value];
      tell({
        kind: 'alarm',
        at: kernel.now(),
        alarm: detail.alarmName,
        from,
        to,
        reason: detail.state.reason,
      });
    },
  });
  const endsBy = kernel.now() + LONGEST_MS;
  let approval: IncidentResult['approval'] = null;
  let decided = false;
  const status = () => heard.moves.at(-1)?.to;
  const waits = () => status() === 'awaiting_approval' && !decided;
  const over = () => {
    const now = status();
    return now !== undefined && isEnd(now as never) && deployment.isQuiet();
  };
  while (!over() && kernel.now() < endsBy) {
    const answer = await kernel.run({ until: () => over() || waits() || play.isPending(), untilMs: endsBy });
    await play.show();
    if (answer === 'idle') break;
    if (waits() && heard.contractId !== undefined && !play.isPending()) {
      decided = true;
      approval = await decide(play, heard.contractId);
    }
  }
  world.stop();
  await kernel.run({ untilMs: kernel.now() + AFTERMATH_MS });
  await kernel.run({ until: () => deployment.isAtRest(), untilMs: kernel.now() + AFTERMATH_MS });

  const contract = heard.contractId === undefined ? undefined : await contracts.get(heard.contractId);
  const stored = contract && (await contracts.plan(contract.contractId));
  const outcome = contract && (await outcomeReader(deployment.state).outcome(contract.contractId));
  const end = contract?.status ?? 'no_contract';
  const denied = approval?.decision === 'deny' && !approval.scripted;
  const expectedStatus = denied ? 'denied' : incident.truth.end;
  const allowed = [expectedStatus, ...(incident.truth.allowed ?? []).map((one) => one.end)];
  const target = stored && (await targetStory(run, stored.plan.contractId));
  const effects = outcome?.effects ?? 0;
  const lock =
    stored?.plan.targets[0] && (await reservations(deployment.state).lock(targetKey(stored.plan.targets[0])));
  const result: IncidentResult = {
    name: incident.name,
    contractId: contract?.contractId ?? null,
    playbook: contract?.playbook ?? null,
    tier: contract?.tier ?? null,
    status: end,
    verdict: contract?.verdict ?? null,
    confidence: contract?.confidence ?? null,
    effects,
    transitions: heard.states.length,
    reason: outcome?.reason ?? 'NO_CONTRACT',
    summary: incident.summary,
    expectedStatus,
    asExpected:
      allowed.includes(end) &&
      effects <= incident.truth.maxEffects &&
      effects === world.effects.length &&
      (end !== 'rolled_back' || target?.equal === true) &&
      (end !== 'needs_person' || lock?.frozenBy === contract?.contractId),
    approval,
    planHash: contract?.planHash ?? null,
    diagnosis: stored?.plan.diagnosis ?? null,
    expected: stored?.plan.effect.expectations ?? [],
    fields: outcome?.fields ?? [],
    states: heard.states.map(({ at, state }) => ({ at: iso(at), state })),
    moves: heard.moves.map(({ at, from, to, by, reason }) => ({
      at: iso(at),
      from: from ?? null,
      to,
      by,
      reason,
    })),
    audit: contract === undefined ? [] : await auditLines(run, contract.contractId),
    target: target ?? null,
    frozen: contract !== undefined && lock?.frozenBy === contract.contractId,
  };
  tell({ kind: 'ended', at: kernel.now(), result });
  await play.show();
  return result;
}

/** Asks the person, or lets a script decide some time later; `decide` itself is the deployed function's. */
async function decide(play: Play, contractId: string): Promise<IncidentResult['approval']> {
  const { run, incident, tell } = play;
  const { deployment, kernel } = run;
  const planHash = (await contractStore(deployment.state).get(contractId))?.planHash ?? '';
  const answer = await play.ask?.(contractId, planHash);
  const script = incident.approval ?? PROMPT_APPROVAL;
  if (answer === undefined && script.decision === 'none') return null;
  const principal = answer?.principal ?? SCRIPTED_APPROVER;
  const decision = answer?.decision ?? (script.decision as 'approve' | 'deny');
  const scripted = answer === undefined;
  const afterSeconds = scripted ? script.afterSeconds : 0;
  tell({ kind: 'decider', at: kernel.now(), principal, decision, scripted, afterSeconds });
  const input = {
    contractId,
    decision,
    principal,
    planHash,
    reason: scripted ? 'scripted approver of the demo' : 'decided at the terminal',
  };
  kernel.schedule(
    afterSeconds * 1000,
    async () => {
      const output: RequestOutput = await deployment.decide(input);
      if (!output.ok) throw new Error(`the decision was refused: ${output.code} ${output.message}`);
    },
    'approver',
  );
  return { principal, decision, scripted };
}

/** The target in the snapshot taken before the action (or in the plan, where none was taken), and now. */
async function targetStory(
  run: SimulatedRun,
  contractId: string,
): Promise<IncidentResult['target'] | undefined> {
  const { state, documents, ports } = run.deployment;
  const row = await snapshotStore(state).get(contractId, 0);
  const text = row && documents.get(row.name);
  if (text === undefined) return undefined;
  const [before] = SnapshotManifest.parse(JSON.parse(text)).targets;
  if (before === undefined) return undefined;
  const live = await ports.resources.describe(before.target);
  const after = live?.facts ?? null;
  const names = Object.keys(before.facts);
  return {
    key: targetKey(before.target),
    before: before.facts,
    after,
    equal: after !== null && names.every((name) => after[name] === before.facts[name]),
  };
}

async function auditLines(run: SimulatedRun, contractId: string): Promise<AuditLine[]> {
  const { audit, ports } = run.deployment;
  const entries = await auditStore(audit, { clock: ports.clock, random: ports.random }).entriesOf({
    contractId,
  });
  return entries.map(({ seq, leaf, link }) => {
    const { sequencedAt, item, rev, event, actor, reason } = readAuditBody(leaf);
    return {
      seq,
      at: iso(sequencedAt),
      item: item.sk,
      rev,
      event,
      actor,
      reason,
      link: Buffer.from(link).toString('hex'),
    };
  });
}

const iso = (at: number): string => new Date(at).toISOString();
