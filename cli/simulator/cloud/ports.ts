/** The simulated cloud behind the ports of the real one: it answers as the AWS adapters do. */
import { type LiveTarget, type Target, targetKey } from '../../../shared/domain/target';
import { TargetElsewhereError } from '../../../shared/executors/errors';
import type { ActionPort, CallAnswer, StepCall } from '../../../shared/ports/actions';
import type { Resources, Telemetry } from '../../../shared/ports/cloud';
import { type LiveResource, rebootDatabase, rebootInstance, setDesiredCapacity } from './live-resource';
import { isManaged, type World } from './world';

export type ExecutorName = 'executor-autoscaling' | 'executor-ec2' | 'executor-rds';

export function simulatedResources(world: World): Resources {
  return { describe: async (target) => describe(world, target) };
}

/** @throws TargetElsewhereError for a target of another account or region, as the AWS adapters do */
function describe(world: World, target: Target): LiveTarget | undefined {
  world.advance();
  const { account, region } = world.file;
  if (target.account !== account || target.region !== region) {
    throw new TargetElsewhereError(
      `the target is in ${target.account} ${target.region}, the simulated cloud is ${account} ${region}`,
    );
  }
  const resource = world.resource(target.kind, target.id);
  if (!resource) return undefined;
  return {
    target,
    managed: isManaged(resource),
    tags: { ...resource.tags },
    facts: { ...resource.facts },
  };
}

export function simulatedTelemetry(world: World): Telemetry {
  return {
    async alarm(name) {
      world.advance();
      return world.alarms.live(name);
    },
    async alarmHistory(name, from, to) {
      world.advance();
      return world.alarms.history(name).filter(({ at }) => at >= from && at <= to);
    },
    async series(query, from, to) {
      world.advance();
      const metric = world.metrics.find((candidate) => candidate.matches(query));
      const { statistic, periodSeconds } = query;
      return metric ? metric.points({ statistic, periodSeconds, from, to, seenAt: world.now() }) : [];
    },
  };
}

/** What one executor of AWS does with a call that fits it. */
interface Service {
  readonly action: string;
  readonly kind: Target['kind'];
  readonly notFound: string;
  /** The code with which the service says that IAM denies it: EC2 has one of its own. */
  readonly denied: string;
  perform(resource: LiveResource, call: StepCall, now: number): CallAnswer;
  hasEvidence(resource: LiveResource, call: StepCall): boolean;
}

const AUTO_SCALING: Service = {
  action: 'aws.scale_instances',
  kind: 'autoscaling:group',
  notFound: 'ValidationError',
  denied: 'AccessDenied',
  perform(resource, call, now) {
    const capacity = call.intended.desired_capacity;
    if (typeof capacity !== 'number' || !Number.isInteger(capacity) || capacity < 0) {
      return reject('NOT_SENT_ARGUMENT', 'desired_capacity must be a whole number of instances');
    }
    return setDesiredCapacity(resource, capacity, now);
  },
  hasEvidence: () => false,
};

const EC2: Service = {
  action: 'aws.restart_ec2',
  kind: 'ec2:instance',
  notFound: 'InvalidInstanceID.NotFound',
  denied: 'UnauthorizedOperation',
  perform: (resource, _call, now) => rebootInstance(resource, now),
  // A reboot leaves neither an event nor a new launch time.
  hasEvidence: () => false,
};

const RDS: Service = {
  action: 'aws.rds_reboot',
  kind: 'rds:instance',
  notFound: 'DBInstanceNotFound',
  denied: 'AccessDenied',
  perform: (resource, _call, now) => rebootDatabase(resource, now),
  hasEvidence: (resource, call) =>
    resource.facts.status === 'rebooting' || resource.restarts.some((at) => at >= call.intentAt),
};

export function simulatedActions(world: World): Record<ExecutorName, ActionPort> {
  return {
    'executor-autoscaling': actionPort(world, AUTO_SCALING),
    'executor-ec2': actionPort(world, EC2),
    'executor-rds': actionPort(world, RDS),
  };
}

const reject = (code: string, message: string): CallAnswer => ({ kind: 'rejected', code, message });

function actionPort(world: World, service: Service): ActionPort {
  function answer(call: StepCall): CallAnswer {
    const { target, action } = call;
    if (action !== service.action) return reject('NOT_SENT_ACTION', `${action} is not ${service.action}`);
    if (target.kind !== service.kind) {
      return reject('NOT_SENT_TARGET', `${target.kind} is not ${service.kind}`);
    }
    const { account, region } = world.file;
    if (target.region !== region || target.account !== account) {
      return reject('NOT_SENT_REGION', `the target is in ${target.region}, the client in ${region}`);
    }
    const resource = world.resource(target.kind, target.id);
    if (!resource) return reject(service.notFound, `${target.id} is not found`);
    if (!isManaged(resource)) {
      return reject(
        service.denied,
        `not authorized to change ${target.id}: it lacks the tag grace:managed=true`,
      );
    }
    const result = service.perform(resource, call, world.now());
    if (result.kind === 'accepted') {
      const { intended, clientToken } = call;
      world.accept({ action, target: targetKey(target), intended: { ...intended }, clientToken }, resource);
    }
    return result;
  }
  return {
    describe: async (target) => describe(world, target),
    async send(call) {
      world.advance();
      const result = answer(call);
      if (result.kind === 'rejected') world.refuse(call.action, result.code);
      return result;
    },
    async evidence(call) {
      world.advance();
      const resource = world.resource(service.kind, call.target.id);
      return resource && service.hasEvidence(resource, call) ? 'yes' : 'unknown';
    },
  };
}
