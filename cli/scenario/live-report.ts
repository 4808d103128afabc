import type { Contract } from '../../shared/contracts/contract';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { errorKey, lockKey, missionKey, playbookKey } from '../../shared/domain/keys';
import { findOrphans, type StateItem } from '../../shared/domain/orphans';
import { targetKey } from '../../shared/domain/target';
import { isEnd } from '../../shared/domain/transitions';
import type { Item, Key } from '../../shared/ports/table';
import { auditStore } from '../../shared/stores/audit-store';
import { contractStore } from '../../shared/stores/contract-store';
import { verifyLog } from '../audit/verify-log';
import type { Backend } from '../backend/backend';
import type { Breach } from './judge';
import type { LiveIteration } from './live-load';
import { percentiles } from './percentiles';
import type { ScenarioReport } from './report';
import { timingOf } from './timings';

export interface LiveReportOptions {
  readonly on: string;
  readonly seed: string;
  readonly chaos: boolean;
  /** The deployment only observes: every end is `observed`. */
  readonly observe: boolean;
  readonly wallMs: number;
  readonly notes: readonly string[];
}

const AUDIT_CATCHES_UP_MS = 60_000;

/** Judges what was played on real resources, by what the tables say of the scenario's own contracts. */
export async function liveReport(
  backend: Backend,
  iterations: readonly LiveIteration[],
  options: LiveReportOptions,
): Promise<ScenarioReport> {
  const log = auditStore(backend.audit, { clock: backend.clock, random: Math.random });
  const audited = await auditOf(backend, log, iterations);
  const chain = await verifyLog({ log });
  const items = await itemsOf(backend, iterations);
  const orphans = findOrphans(items as unknown as StateItem[]);
  const results = await Promise.all(
    iterations.map(async (iteration) => {
      const breaches = [...(await breachesOf(backend, iteration, items, options))];
      if (audited.missing.has(iteration.contract?.contractId ?? ''))
        breaches.push({ code: 'NOT_AUDITED', detail: 'its revs are not all in the log' });
      return { iteration, breaches, end: iteration.contract?.status ?? 'no_contract' };
    }),
  );
  const contracts = iterations.flatMap(({ contract }) => contract ?? []);
  const timings = iterations.flatMap(({ contract, beganAt }) =>
    contract === undefined ? [] : (timingOf(contract, undefined, beganAt) ?? []),
  );
  const own = iterations.flatMap(ownTime);
  const errors = results.filter(({ breaches }) => breaches.length > 0).length;
  const asExpected = results.filter(({ iteration: { incident }, end }) =>
    (incident.ends as readonly string[]).includes(end),
  ).length;
  const eventLag = percentiles(audited.lags);
  return {
    on: options.on,
    seed: options.seed,
    iterations: iterations.length,
    chaos: options.chaos,
    contracts: contracts.length,
    byStatus: tally(contracts.map(({ status }) => status)),
    errors,
    errorRate: errors / Math.max(1, iterations.length),
    falseMet: results.filter(({ breaches }) => breaches.some(({ code }) => code === 'FALSE_MET')).length,
    latencyMs: percentiles(own.map(({ total }) => total)),
    elapsedMs: percentiles(timings.map(({ elapsed }) => elapsed)),
    stages: {
      intakeToPlanned: percentiles(timings.map((timing) => timing.intakeToPlanned)),
      plannedToExecuting: percentiles(timings.flatMap((timing) => timing.plannedToExecuting ?? [])),
      executingToVerifying: percentiles(own.flatMap((one) => one.executingToVerifying ?? [])),
      verifyingToEnd: percentiles(own.flatMap((one) => one.verifyingToEnd ?? [])),
    },
    eventLagMs: eventLag.p95,
    eventLag,
    orphans: orphans.length,
    auditComplete: audited.missing.size === 0,
    auditVerified: chain.problems.length === 0 && chain.verified === chain.entries,
    auditEntries: chain.entries,
    byTruth: { asExpected, otherwise: iterations.length - asExpected },
    byVerdict: tally(contracts.map(({ verdict }) => verdict ?? 'none')),
    decisions: {},
    deadLetters: 0,
    virtual: { ms: 0, throughputPerHour: 0 },
    breaches: orphans.map(({ pk, sk, key }) => `ORPHANED: ${pk} ${sk} names ${key}, which is not there`),
    findings: results
      .filter(({ breaches }) => breaches.length > 0)
      .map(({ iteration, end, breaches }) => ({
        iteration: iteration.index,
        incident: iteration.incident.name,
        seed: 0,
        end,
        breaches,
      })),
    notes: options.notes,
    wall: {
      ms: Math.round(options.wallMs),
      throughput: Math.round((contracts.length * 10_000) / Math.max(1, options.wallMs)) / 10,
    },
  };
}

/** Waits, as all of it is asynchronous, until every rev of every contract is in the log. */
async function auditOf(
  backend: Backend,
  log: ReturnType<typeof auditStore>,
  iterations: readonly LiveIteration[],
): Promise<{ readonly missing: ReadonlySet<string>; readonly lags: readonly number[] }> {
  const until = Date.now() + AUDIT_CATCHES_UP_MS;
  for (;;) {
    const missing = new Set<string>();
    const lags: number[] = [];
    for (const { contract } of iterations) {
      if (contract === undefined) continue;
      const now = await contractStore(backend.state).get(contract.contractId);
      const entries = await log.entriesOf({ contractId: contract.contractId });
      const bodies = entries
        .map((entry) => readAuditBody(entry.leaf))
        .filter(({ item }) => item.sk === 'CONTRACT' && item.pk === contract.pk);
      const revs = bodies.map(({ rev }) => rev).sort((a, b) => a - b);
      if (revs.length !== now?.rev || revs.some((rev, index) => rev !== index + 1))
        missing.add(contract.contractId);
      const last = bodies.at(-1);
      if (last !== undefined && now !== undefined && last.rev === now.rev)
        lags.push(Math.max(0, last.sequencedAt - now.change.at));
    }
    if (missing.size === 0 || Date.now() > until) return { missing, lags };
    await backend.clock.sleep(2_000);
  }
}

/** The contracts' own items, and those that they name. */
async function itemsOf(backend: Backend, iterations: readonly LiveIteration[]): Promise<readonly Item[]> {
  const contracts = contractStore(backend.state);
  const items = new Map<string, Item>();
  const add = (item: Item | undefined) => {
    if (item !== undefined) items.set(`${item.pk} ${item.sk}`, item);
  };
  for (const { contract, plan } of iterations) {
    if (contract === undefined || plan === undefined) continue;
    for (const item of await contracts.story(contract.contractId)) add(item as Item);
    const named: Key[] = [
      missionKey(contract.missionId),
      errorKey(contract.eventId),
      playbookKey(plan.playbook.name, plan.playbook.version),
      ...plan.targets.map((target) => lockKey(targetKey(target))),
    ];
    for (const key of named) add(await backend.state.get(key));
  }
  return [...items.values()];
}

async function breachesOf(
  backend: Backend,
  { contract, plan, incident }: LiveIteration,
  items: readonly Item[],
  { chaos, observe }: LiveReportOptions,
): Promise<readonly Breach[]> {
  if (contract === undefined || plan === undefined)
    return [{ code: 'NO_CONTRACT', detail: 'no contract was made for its target' }];
  const breaches: Breach[] = [];
  if (!isEnd(contract.status)) breaches.push({ code: 'NOT_TERMINAL', detail: `it is ${contract.status}` });
  const ends: readonly string[] = observe ? ['observed'] : incident.ends;
  if (!chaos && !ends.includes(contract.status))
    breaches.push({
      code: 'END_NOT_ALLOWED',
      detail: `ended ${contract.status} (${contract.reason ?? 'no reason'}), should be ${ends.join(' or ')}`,
    });
  if (contract.verdict === 'met' && incident.cure === 'never')
    breaches.push({ code: 'FALSE_MET', detail: 'it says met; the metric stayed bad' });
  const sent = items.filter(
    ({ pk, sk, state }) => pk === contract.pk && sk.startsWith('STEP#') && state === 'DONE',
  ).length;
  if (sent > (chaos ? 2 : incident.maxEffects))
    breaches.push({ code: 'TOO_MANY_EFFECTS', detail: `${sent} requests were sent` });
  for (const target of plan.targets) {
    const lock = await backend.state.get(lockKey(targetKey(target)));
    const frozen = lock?.['frozenBy'] !== undefined;
    if (lock?.['owner'] !== undefined && !frozen)
      breaches.push({ code: 'LOCK_HELD', detail: `held by ${lock['owner']}` });
    if (frozen !== (contract.status === 'needs_person'))
      breaches.push({ code: 'FREEZE_WRONG', detail: frozen ? 'frozen' : 'not frozen' });
  }
  return breaches;
}

interface OwnTime {
  readonly total: number;
  readonly executingToVerifying?: number;
  readonly verifyingToEnd?: number;
}

/** Without the execution's history: the window is what the plan says, and its end what the contract says. */
function ownTime({ contract, plan, beganAt }: LiveIteration): readonly OwnTime[] {
  if (contract?.endedAt === undefined || plan === undefined) return [];
  const timing = timingOf(contract, undefined, beganAt);
  if (timing === undefined) return [];
  const { startedAt, lookAt, endedAt } = contract;
  if (startedAt === undefined || lookAt === undefined) return [{ total: timing.total }];
  const windowMs = plan.effect.windowSeconds * 1000 * (contract.extended ? 2 : 1);
  return [
    {
      total: Math.max(0, timing.total - windowMs),
      executingToVerifying: Math.max(0, lookAt - windowMs - startedAt),
      verifyingToEnd: Math.max(0, endedAt - lookAt),
    },
  ];
}

function tally(words: readonly Contract['status'][] | readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of [...words].sort()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
