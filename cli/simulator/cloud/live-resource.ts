import type { TargetKind } from '../../../shared/domain/target';
import type { CallAnswer } from '../../../shared/ports/actions';
import type { ResourceFile } from './world-file';

type Fact = string | number | boolean;

/** A resource as it is. Facts are those of `FACTS`; times: milliseconds since 1970. */
export interface LiveResource {
  readonly kind: TargetKind;
  readonly id: string;
  readonly file: ResourceFile;
  tags: Readonly<Record<string, string>>;
  facts: Record<string, Fact>;
  /** Facts that come about by themselves, oldest first. */
  readonly pending: {
    readonly at: number;
    readonly set: Readonly<Record<string, Fact>>;
    readonly why: Why;
  }[];
  /** When it was restarted, as its service's event log has it. */
  readonly restarts: number[];
}
type Why = 'instances' | 'restart';

export function createResource(file: ResourceFile): LiveResource {
  return {
    kind: file.kind,
    id: file.id,
    file,
    tags: file.tags,
    facts: factsOf(file),
    pending: [],
    restarts: [],
  };
}

function factsOf(file: ResourceFile): Record<string, Fact> {
  switch (file.kind) {
    case 'autoscaling:group':
      return {
        desired_capacity: file.desired,
        min_size: file.min,
        max_size: file.max,
        in_service: file.inService ?? file.desired,
      };
    case 'ec2:instance':
      return { state: file.state, instance_status: file.instanceStatus, system_status: file.systemStatus };
    case 'rds:instance':
      return {
        status: file.status,
        engine: file.engine,
        instance_class: file.instanceClass,
        multi_az: file.multiAz,
      };
  }
}

/** Lets come about what was due by then. */
export function settle(resource: LiveResource, now: number): void {
  while ((resource.pending[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
    const due = resource.pending.shift();
    if (!due) return;
    Object.assign(resource.facts, due.set);
    if (due.why === 'restart') resource.restarts.push(due.at);
  }
}

function later(resource: LiveResource, entry: LiveResource['pending'][number]): void {
  resource.pending.push(entry);
  resource.pending.sort((a, b) => a.at - b.at);
}

const accepted: CallAnswer = { kind: 'accepted' };
const rejected = (code: string, message: string): CallAnswer => ({ kind: 'rejected', code, message });

/** SetDesiredCapacity: the wish changes at once, the instances come or go after their time. */
export function setDesiredCapacity(resource: LiveResource, capacity: number, now: number): CallAnswer {
  const { file, facts } = resource;
  if (file.kind !== 'autoscaling:group')
    return rejected('ValidationError', 'AutoScalingGroup name not found');
  if (capacity > Number(facts.max_size)) {
    return rejected(
      'ValidationError',
      `New SetDesiredCapacity value ${capacity} is above max value ${facts.max_size} for the AutoScalingGroup.`,
    );
  }
  if (capacity < Number(facts.min_size)) {
    return rejected(
      'ValidationError',
      `New SetDesiredCapacity value ${capacity} is below min value ${facts.min_size} for the AutoScalingGroup.`,
    );
  }
  facts.desired_capacity = capacity;
  followDesired(resource, now);
  return accepted;
}

/** Instances follow the group's wish; an earlier wish that has not come true is forgotten. */
export function followDesired(resource: LiveResource, now: number): void {
  const { file, facts, pending } = resource;
  if (file.kind !== 'autoscaling:group') return;
  pending.splice(0, pending.length, ...pending.filter(({ why }) => why !== 'instances'));
  const wanted = Number(facts.desired_capacity);
  const running = Number(facts.in_service);
  if (wanted > running && file.launches === 'fail') return;
  const seconds = wanted > running ? file.launchSeconds + file.inServiceLagSeconds : file.terminateSeconds;
  if (wanted !== running) {
    later(resource, { at: now + seconds * 1000, set: { in_service: wanted }, why: 'instances' });
    settle(resource, now);
  }
}

/** RebootInstances: the state stays `running`; the checks start anew. */
export function rebootInstance(resource: LiveResource, now: number): CallAnswer {
  const { file, facts } = resource;
  if (file.kind !== 'ec2:instance') return rejected('InvalidInstanceID.Malformed', 'not an instance');
  if (facts.state !== 'running') {
    return rejected('IncorrectInstanceState', `The instance '${file.id}' is not in the 'running' state.`);
  }
  facts.instance_status = 'initializing';
  const at = now + file.rebootSeconds * 1000;
  later(resource, { at, set: { instance_status: file.statusAfterReboot }, why: 'restart' });
  settle(resource, now);
  return accepted;
}

/** RebootDBInstance, without failover. */
export function rebootDatabase(resource: LiveResource, now: number): CallAnswer {
  const { file, facts } = resource;
  if (file.kind !== 'rds:instance') return rejected('DBInstanceNotFound', 'not a database instance');
  if (facts.status !== 'available') {
    return rejected(
      'InvalidDBInstanceState',
      `Database instance is not in available state (it is ${facts.status}).`,
    );
  }
  facts.status = 'rebooting';
  const at = now + file.rebootSeconds * 1000;
  later(resource, { at, set: { status: file.statusAfterReboot }, why: 'restart' });
  settle(resource, now);
  return accepted;
}
