/**
 * The simulated cloud: resources, metrics, alarms and faults of one account and region, in virtual time.
 *
 * Guarantees: the same file, seed and calls give the same world to the last digit. What has been (a metric's
 * point, an alarm's change) never changes later, whenever and how often it is asked for. Nothing depends on
 * the kernel running: every question first lets come about what was due by now, so the state is right also
 * after the horizon, when alarms are no longer evaluated on time and no event is sent.
 *
 * What it is not: IAM (only the tag condition is there), quotas and throttling, eventual consistency (a look
 * right after a call sees its effect), other accounts and regions, the load that instances share, warm-up,
 * scaling policies, health checks, or CloudWatch's sliding evaluation (alarms are evaluated once a period).
 */
import type { CapturedError } from '../../../shared/contracts/error-detected';
import { MANAGED_TAG } from '../../../shared/names';
import type { Kernel } from '../kernel';
import { type AlarmBoard, createAlarmBoard } from './alarm-board';
import type { AlarmEvent } from './alarm-events';
import { type Cause, createCause, helpfulDirection } from './cause';
import { createResource, followDesired, type LiveResource, settle } from './live-resource';
import { createMetricProcess, type MetricProcess } from './metric-process';
import type { ErrorFile, InterferenceFile, When, WorldFile } from './world-file';

/** One request that a service accepted: the truth about effects, whether or not its answer arrived. */
export interface Effect {
  readonly at: number;
  readonly action: string;
  /** `targetKey` */
  readonly target: string;
  readonly intended: Readonly<Record<string, string | number | boolean>>;
  readonly clientToken: string;
}

export interface World {
  readonly file: WorldFile;
  /** Milliseconds since 1970 of the file's second 0. */
  readonly start: number;
  readonly effects: readonly Effect[];
  /** Requests that a service refused, by its code. */
  readonly refusals: readonly { readonly at: number; readonly action: string; readonly code: string }[];
  readonly alarms: AlarmBoard;
  readonly metrics: readonly MetricProcess[];
  now(): number;
  /** Lets come about what was due by now. Everything that looks or acts begins with it. */
  advance(): void;
  resource(kind: LiveResource['kind'], id: string): LiveResource | undefined;
  /** Records an accepted call, and lets it work on the causes. */
  accept(effect: Omit<Effect, 'at'>, resource: LiveResource): void;
  refuse(action: string, code: string): void;
  /**
   * The truth about the faults: mean severity of the worst one within [from, to), 0 = none was there. For
   * judging Grace afterwards, never for Grace.
   */
  faultSeverity(from: number, to: number): number;
  /** No evaluation is scheduled any more and no event sent: the kernel can come to rest. */
  stop(): void;
}

export interface WorldOptions {
  readonly kernel: Pick<Kernel, 'now' | 'schedule' | 'fork'>;
  /** As parsed by `WorldFile`. */
  readonly file: WorldFile;
  /** Takes alarm events at the moment of the change. */
  readonly onEvent?: (event: AlarmEvent) => void;
  /** Takes the errors that an application reports of itself. */
  readonly onError?: (error: CapturedError, at: number) => void;
  /** Asked before each evaluation on the kernel; once false, the world is stopped. */
  readonly alive?: () => boolean;
}

type Agenda = { readonly at: number; readonly happen: (at: number) => void }[];

export function createWorld({ kernel, file, onEvent, onError, alive = () => true }: WorldOptions): World {
  const start = kernel.now();
  const horizon = start + file.horizonSeconds * 1000;
  const causes = file.causes.map((cause) => createCause(cause, start));
  const metrics = file.metrics.map((metric) =>
    createMetricProcess({
      file: metric,
      causes,
      stream: (label) => kernel.fork(`cloud/${file.seed}/${metric.id}/${label}`),
    }),
  );
  const place = { account: file.account, region: file.region };
  const alarms = createAlarmBoard({ files: file.alarms, metrics, place, start, seed: file.seed });
  const resources = new Map(file.resources.map((resource) => [resource.id, createResource(resource)]));
  const effects: Effect[] = [];
  const refusals: { at: number; action: string; code: string }[] = [];
  const agenda: Agenda = [];
  let afterAction: ((actionAt: number) => void)[] = [];
  let stopped = false;

  function plan(at: number, happen: (at: number) => void): void {
    agenda.push({ at, happen });
    agenda.sort((a, b) => a.at - b.at);
  }

  function when(time: When, happen: (at: number) => void): void {
    if ('atSeconds' in time) plan(start + time.atSeconds * 1000, happen);
    else afterAction.push((actionAt) => plan(actionAt + time.afterActionSeconds * 1000, happen));
  }

  /** Deletes, retags or changes a resource, as somebody else would. */
  function interfere({ resource: id, change }: InterferenceFile, at: number): void {
    const resource = resources.get(id);
    if (!resource) return;
    settle(resource, at);
    if ('delete' in change) resources.delete(id);
    else if ('retag' in change) resource.tags = change.retag;
    else {
      Object.assign(resource.facts, change.set);
      followDesired(resource, at);
      capacityChanged(resource, at);
    }
  }

  /** Whether the group is better off than it was at first, in the direction that the cause's file names. */
  function improved(cause: Cause, resource: LiveResource): boolean {
    const { file: group, facts } = resource;
    if (group.kind !== 'autoscaling:group') return true;
    const more = Number(facts.desired_capacity) - group.desired;
    if (helpfulDirection(cause.file, group.id) === 'less') return more < 0;
    return more > 0 && group.launches === 'succeed';
  }

  function capacityChanged(resource: LiveResource, at: number): void {
    if (resource.kind !== 'autoscaling:group') return;
    for (const cause of causes) if (!improved(cause, resource)) cause.undo(resource.id, at);
  }

  function advance(): void {
    const now = kernel.now();
    for (;;) {
      const due = alarms.nextDue();
      const next = agenda[0];
      if (next && next.at <= Math.min(due, now)) {
        agenda.shift();
        next.happen(next.at);
      } else if (due <= now) {
        const events = alarms.evaluate(due);
        if (!stopped && due <= horizon && onEvent) for (const event of events) onEvent(event);
      } else break;
    }
    for (const resource of resources.values()) settle(resource, now);
  }

  function scheduleEvaluation(): void {
    const due = alarms.nextDue();
    if (stopped || due > horizon) return;
    kernel.schedule(
      due - kernel.now(),
      () => {
        if (!alive()) stopped = true;
        if (stopped) return;
        advance();
        scheduleEvaluation();
      },
      'alarm evaluation',
    );
  }

  /** Looks each `everySeconds` whether the cause is there, and if so reports the error. */
  function scheduleError({ cause: id, everySeconds, error }: ErrorFile): void {
    const cause = causes.find((one) => one.file.id === id);
    const now = kernel.now();
    if (!cause || stopped || now + everySeconds * 1000 > horizon) return;
    const first = start + Math.max(0, cause.file.fromSeconds) * 1000;
    const next = () => {
      if (!alive()) stopped = true;
      if (stopped) return;
      advance();
      const at = kernel.now();
      if (cause.severity(at, at + 1) > 0) onError?.(error, at);
      scheduleError({ cause: id, everySeconds, error });
    };
    kernel.schedule(now < first ? first - now : everySeconds * 1000, next, 'application error');
  }

  for (const metric of metrics) {
    const { levels, missing, late } = metric.file;
    for (const level of levels) when(level.when, (at) => metric.changeBaseAt(at, level.base));
    for (const gap of missing) {
      const length = gap.forSeconds === undefined ? Number.POSITIVE_INFINITY : gap.forSeconds * 1000;
      when(gap.from, (at) => metric.missingFrom(at, at + length));
    }
    if (late) when(late.from, (at) => metric.lateFrom(at, late.seconds * 1000));
  }
  for (const cause of causes) {
    if (cause.file.spontaneousRecovery) when(cause.file.spontaneousRecovery, (at) => cause.recoverAt(at));
  }
  for (const one of file.interference) when(one.when, (at) => interfere(one, at));
  advance();
  scheduleEvaluation();
  if (onError) for (const one of file.errors) scheduleError(one);

  return {
    file,
    start,
    effects,
    refusals,
    alarms,
    metrics,
    now: kernel.now,
    advance,
    resource(kind, id) {
      const found = resources.get(id);
      return found?.kind === kind ? found : undefined;
    },
    accept(effect, resource) {
      const at = kernel.now();
      effects.push({ at, ...effect });
      for (const cause of causes) {
        cause.act({ name: effect.action, resource: resource.id, at }, improved(cause, resource));
      }
      capacityChanged(resource, at);
      for (const follow of afterAction) follow(at);
      afterAction = [];
      advance();
    },
    refuse(action, code) {
      refusals.push({ at: kernel.now(), action, code });
    },
    faultSeverity: (from, to) => {
      advance();
      return Math.max(0, ...causes.map((cause) => Math.abs(cause.severity(from, to))));
    },
    stop() {
      stopped = true;
    },
  };
}

export function isManaged(resource: LiveResource): boolean {
  return (
    Object.hasOwn(resource.tags, MANAGED_TAG.key) && resource.tags[MANAGED_TAG.key] === MANAGED_TAG.value
  );
}
