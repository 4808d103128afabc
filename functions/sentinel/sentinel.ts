import type { ErrorDetected } from '../../shared/contracts/error-detected';
import type { Plan } from '../../shared/contracts/plan';
import { songNotice } from '../../shared/contracts/song-notice';
import type { JsonValue } from '../../shared/domain/canonical-json';
import { cutText } from '../../shared/domain/cut-text';
import { digestOf } from '../../shared/domain/digest';
import { fingerprint } from '../../shared/domain/fingerprint';
import { planText, planTextHash } from '../../shared/domain/plan-hash';
import { isEnd } from '../../shared/domain/transitions';
import type { Canaries } from '../../shared/ports/canaries';
import type { Executions } from '../../shared/ports/executions';
import type { Logger, Metrics } from '../../shared/ports/outside';
import type { QuarantineStore } from '../../shared/ports/quarantine';
import type { ErrorStore, FingerprintWindow, MissionStore } from '../../shared/ports/stores';
import { answerSong } from './answer-song';
import { type Consideration, type ConsiderDeps, consider } from './consider';
import type { Decision, IntakeRecord } from './decision';
import { putAway } from './quarantine';
import { type TakenIn, takeIn } from './take-in';

export interface SentinelDeps extends ConsiderDeps {
  readonly errors: ErrorStore;
  readonly quarantine: QuarantineStore;
  readonly missions: Pick<MissionStore, 'get'>;
  readonly executions: Executions;
  readonly canaries: Pick<Canaries, 'answer'>;
  readonly account: string;
  readonly region: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface SentinelOutput {
  readonly decisions: readonly Decision[];
  /** Messages that met a fault and must come again; poison is none of them. */
  readonly failed: readonly string[];
}

/** Without a contract to join, repeats are only held back this long, so that a real fault is soon looked at. */
const SHORT_WINDOW_MS = 60_000;
/** What is said of the one event, not of its trouble: the next may be the one that counts. */
const OF_THE_EVENT_ALONE = ['EVENT_TOO_OLD', 'EVENT_FROM_FUTURE'];

/**
 * Handles a batch of the intake queue. Each message ends as a decision, in quarantine, or as a fault that returns
 * this message alone to the queue; a song of the canary is answered. Repeats of one fingerprint in a batch cost one
 * write together.
 */
export async function sentinel(
  records: readonly IntakeRecord[],
  deps: SentinelDeps,
): Promise<SentinelOutput> {
  const decisions: Decision[] = [];
  const failed: string[] = [];
  const groups = new Map<string, Candidate[]>();
  for (const record of records) {
    const done = await attempt(record, failed, deps, async () => {
      const song = songNotice(record.body);
      if (song !== undefined) {
        await answerSong(song, deps);
        return undefined;
      }
      const taken = await takeIn(record, deps);
      if ('decision' in taken) return taken;
      const { error } = taken;
      const print = fingerprint(error);
      const group = groups.get(print) ?? [];
      group.push({ ...taken, digest: digestOf('grace.event.v1\n', error as JsonValue), print });
      groups.set(print, group);
      return undefined;
    });
    if (done !== undefined) decisions.push(done);
  }
  for (const [print, group] of groups) {
    const repeats: Repeat[] = [];
    for (const candidate of group) {
      const done = await attempt(candidate.record, failed, deps, () => decideOne(candidate, repeats, deps));
      if (done !== undefined) decisions.push(done);
    }
    if (repeats.length > 0) failed.push(...(await countRepeats(print, repeats, deps)));
  }
  for (const { decision, detail, ...ids } of decisions) {
    deps.metrics.count('grace_errors_total', { decision });
    deps.logger.info('event decided', { code: decision, detail, ...ids });
  }
  return { decisions, failed };
}

async function attempt(
  record: IntakeRecord,
  failed: string[],
  deps: SentinelDeps,
  run: () => Promise<Decision | undefined>,
): Promise<Decision | undefined> {
  try {
    return await run();
  } catch (error) {
    failed.push(record.messageId);
    deps.logger.error('event met a fault', {
      code: 'INTAKE_FAULT',
      messageId: record.messageId,
      error: String(error),
    });
    return undefined;
  }
}

/**
 * Counts the repeats of a batch in one write. That a later error came is evidence against a fix, so when it cannot be
 * written its messages come again; answers their ids. A mere redelivery is not worth that.
 */
async function countRepeats(
  print: string,
  repeats: readonly Repeat[],
  deps: SentinelDeps,
): Promise<readonly string[]> {
  const newest = Math.max(...repeats.map(({ happenedAt }) => happenedAt ?? Number.NEGATIVE_INFINITY));
  try {
    // A sender's clock may be ahead; what is here has happened.
    const at = Number.isFinite(newest) ? Math.min(newest, deps.clock.now()) : undefined;
    await deps.errors.countRepeats(print, repeats.length, at);
    return [];
  } catch (error) {
    deps.logger.warn('repeats were not counted', {
      code: 'COUNT_FAILED',
      repeats: repeats.length,
      error: String(error),
    });
    return repeats.filter(({ happenedAt }) => happenedAt !== undefined).map(({ messageId }) => messageId);
  }
}

/** One repeat of a fingerprint. A second delivery of the same event is no later error: it has no time. */
interface Repeat {
  readonly messageId: string;
  readonly happenedAt: number | undefined;
}

interface Candidate extends TakenIn {
  readonly digest: string;
  readonly print: string;
}

async function decideOne(candidate: Candidate, repeats: Repeat[], deps: SentinelDeps): Promise<Decision> {
  const { record, error, digest, print } = candidate;
  const say = (decision: string, detail: string, contractId?: string): Decision => ({
    messageId: record.messageId,
    eventId: error.eventId,
    decision,
    detail,
    ...(contractId === undefined ? {} : { contractId }),
  });
  if (error.account !== deps.account || error.region !== deps.region) {
    const message = `the event is of account ${error.account} in ${error.region}; this is ${deps.account} in ${deps.region}`;
    return putAway(
      record,
      error.account === deps.account ? 'FOREIGN_REGION' : 'FOREIGN_ACCOUNT',
      message,
      deps,
    );
  }
  const known = await deps.errors.event(error.eventId);
  if (known !== undefined && known.digest !== digest) {
    return putAway(
      record,
      'SAME_ID_OTHER_BODY',
      `an event with id ${error.eventId} and another body came before`,
      deps,
    );
  }
  if (known !== undefined) {
    repeats.push({ messageId: record.messageId, happenedAt: undefined });
    // A redelivery: what was planned and not started (a crash in between) is started now.
    if (known.contractId !== undefined) await startIfPlanned(known.contractId, deps);
    return say('DUPLICATE', 'this event was handled before', known.contractId);
  }
  const window = await deps.errors.window(print);
  const joined = await joinable(window, deps);
  if (joined !== undefined) {
    repeats.push({ messageId: record.messageId, happenedAt: error.at });
    if (joined.contractId !== undefined) await startIfPlanned(joined.contractId, deps);
    return say('DUPLICATE', 'the same trouble is being handled', joined.contractId);
  }
  const considered = await consider(
    { error, print, ...(candidate.released && { requestedBy: [candidate.released.by] }) },
    deps,
  );
  const kept = await keep(candidate, window, considered, say, deps);
  if (kept.decision === 'DUPLICATE') repeats.push({ messageId: record.messageId, happenedAt: error.at });
  return kept;
}

/** While its contract goes on, a window holds repeats back however long that takes; without one, while it lasts. */
async function joinable(
  window: FingerprintWindow | undefined,
  deps: SentinelDeps,
): Promise<FingerprintWindow | undefined> {
  if (window === undefined) return undefined;
  if (window.contractId === undefined) return window.until > deps.clock.now() ? window : undefined;
  const contract = await deps.contracts.get(window.contractId);
  return contract !== undefined && !isEnd(contract.status) ? window : undefined;
}

async function keep(
  candidate: Candidate,
  window: FingerprintWindow | undefined,
  considered: Consideration,
  say: (decision: string, detail: string, contractId?: string) => Decision,
  deps: SentinelDeps,
): Promise<Decision> {
  const { error, digest, print, released } = candidate;
  const now = deps.clock.now();
  const plan = considered.plan as Plan | undefined;
  const missionId =
    (considered.decision === 'PLANNED' ? (considered as { missionId?: string }).missionId : undefined) ??
    deps.ids.next();
  const isNew = plan !== undefined && (await deps.missions.get(missionId)) === undefined;
  const detail = plan === undefined ? (considered as { detail: string }).detail : plan.diagnosis.why;
  const planned = plan === undefined ? undefined : frozen(plan, deps);
  const recorded = await deps.errors.record({
    intake: {
      event: error,
      digest,
      fingerprint: print,
      decision: considered.decision,
      detail: cutText(detail, 1024),
      missionId,
      ...(plan === undefined ? {} : { contractId: plan.contractId }),
      ...(released === undefined ? {} : { quarantineId: released.quarantineId }),
    },
    windowUntil: now + heldBackMs(error, considered, deps),
    newMission: isNew,
    ...(window?.contractId === undefined ? {} : { replaces: window.contractId }),
    ...(planned === undefined ? {} : { planned }),
    why: { actor: 'sentinel', reason: considered.decision, at: now },
  });
  if (recorded === 'taken') return say('DUPLICATE', 'another delivery came first');
  if (plan === undefined) {
    return say(considered.decision, detail, (considered as { contractId?: string }).contractId);
  }
  await deps.executions.start(plan.contractId);
  return { ...say('PLANNED', detail, plan.contractId), playbook: plan.playbook.name };
}

/**
 * How long repeats of this error are held back. An alarm tells of each change of its state once, so without a
 * contract nothing is held back of it: its next event may be of a fault that nobody would hear of again.
 */
function heldBackMs(error: ErrorDetected, considered: Consideration, deps: SentinelDeps): number {
  const windowMs = deps.settings.limits.fingerprintWindow * 1000;
  if (considered.plan !== undefined) return windowMs;
  if (error.alarm !== undefined || OF_THE_EVENT_ALONE.includes(considered.decision)) return 0;
  return Math.min(SHORT_WINDOW_MS, windowMs);
}

/** The plan as text, hashed: from here on nobody changes it. */
function frozen(plan: Plan, deps: SentinelDeps) {
  const text = planText(plan);
  return { plan, text, planHash: planTextHash(text), mode: deps.settings.mode };
}

async function startIfPlanned(contractId: string, deps: SentinelDeps): Promise<void> {
  const contract = await deps.contracts.get(contractId);
  if (contract?.status === 'planned') await deps.executions.start(contractId);
}
