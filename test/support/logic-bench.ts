import { simulatedCipher } from '../../cli/simulator/token-cipher';
import type { Proof } from '../../shared/contracts/proof';
import type { LiveTarget, Target } from '../../shared/domain/target';
import { targetKey } from '../../shared/domain/target';
import type { LiveAlarm, MetricPoint, Resources, Telemetry } from '../../shared/ports/cloud';
import type { Callbacks, ExecutionStatus, Executions } from '../../shared/ports/executions';
import type { Callers, Evidence, Logger, Metrics } from '../../shared/ports/outside';
import { electorates } from '../../shared/stores/electorates';
import { type NamedPeople, settingsDirectory } from '../../shared/stores/settings-directory';
import { ACCOUNT, group, REGION, START } from './builders/plan';
import { ROLES_AS_POLICIES, rolePolicies } from './role-policies';
import { memoryBench, type StoresBench } from './stores-bench';

/** What the functions reach outside the stores, held in memory and set by hand. */
export interface Outside {
  readonly live: Map<string, LiveTarget>;
  readonly alarms: Map<string, LiveAlarm>;
  readonly points: MetricPoint[];
  readonly executions: Map<string, ExecutionStatus>;
  readonly documents: Map<string, string>;
  readonly sent: { readonly token: string; readonly decision: string }[];
  readonly logs: { readonly level: string; readonly code: unknown }[];
}

export function liveGroup(changes: Partial<LiveTarget> & { readonly desired?: number } = {}): LiveTarget {
  const { desired = 2, target = group(), ...rest } = changes;
  const facts = { desired_capacity: desired, min_size: 1, max_size: 10, in_service: desired };
  return { target, managed: true, tags: { 'grace:managed': 'true' }, facts, ...rest };
}

export function liveAlarm(changes: Partial<LiveAlarm> = {}): LiveAlarm {
  return {
    name: 'web-latency',
    state: 'ALARM',
    stateSince: START - 60_000,
    evaluationSeconds: 120,
    composite: false,
    threshold: 0.5,
    comparison: 'GreaterThanThreshold',
    actionsEnabled: true,
    ...changes,
  };
}

/** Stores in memory, a world set by hand, and every port that the functions' logic asks for. */
export function logicBench() {
  const bench = memoryBench();
  const outside: Outside = {
    live: new Map([[targetKey(group()), liveGroup()]]),
    alarms: new Map([['web-latency', liveAlarm()]]),
    points: [],
    executions: new Map(),
    documents: new Map(),
    sent: [],
    logs: [],
  };
  let ids = 0;
  const ports = {
    resources: {
      describe: async (target: Target) => outside.live.get(targetKey(target)),
    } satisfies Resources,
    telemetry: telemetryOf(outside),
    executions: executionsOf(outside),
    evidence: evidenceOf(outside),
    cipher: simulatedCipher(() => 0.5),
    ids: { next: () => `ID-${++ids}` },
    logger: loggerOf(outside),
    metrics: { count: () => undefined, record: () => undefined } satisfies Metrics,
    executors: {
      'aws.scale_instances': 'executor-autoscaling',
      'aws.restart_ec2': 'executor-ec2',
      'aws.rds_reboot': 'executor-rds',
    },
    ...peopleOf(bench, { approvers: ['ana', 'ben', 'cleo'] }),
    calendars: { state: async () => 'none' as const },
    account: ACCOUNT,
    region: REGION,
    random: () => 0.5,
  };
  return { ...bench, ...ports, outside };
}
export type LogicBench = ReturnType<typeof logicBench>;

/** Everything that is asked about people: who they are by name, their roles, and the roles as the only policy. */
export function peopleOf(bench: Pick<StoresBench, 'clock' | 'delegations'>, named: Partial<NamedPeople>) {
  const { escalation = [] } = named;
  const directory = settingsDirectory({
    approvers: [],
    administrators: [],
    emergency: [],
    delegates: [],
    ...named,
    escalation,
  });
  const { delegations } = bench;
  return {
    directory,
    policies: rolePolicies,
    inForce: () => ROLES_AS_POLICIES,
    escalation,
    electorates: electorates({ directory, policies: rolePolicies, delegations, escalation }),
    longestDelegation: 86_400,
    callers: {
      identify: async (proof: Proof) =>
        'token' in proof
          ? { subject: proof.token, roles: [], authenticatedAt: bench.clock.now() }
          : undefined,
    } satisfies Callers,
  };
}

function telemetryOf(outside: Outside): Telemetry {
  return {
    alarm: async (name) => outside.alarms.get(name),
    alarmHistory: async () => [],
    series: async (_query, from, to) => outside.points.filter(({ at }) => at >= from && at < to),
  };
}

function executionsOf(outside: Outside): Executions {
  return {
    async start(contractId) {
      if (outside.executions.has(contractId)) return 'already_exists';
      outside.executions.set(contractId, 'RUNNING');
      return 'started';
    },
    status: async (contractId) => outside.executions.get(contractId),
  };
}

function evidenceOf(outside: Outside): Evidence {
  return {
    async put(name, text) {
      if (!outside.documents.has(name)) outside.documents.set(name, text);
    },
    get: async (name) => outside.documents.get(name),
  };
}

/** Task tokens as Step Functions knows them: each is answered once. */
export function callbacksOf(
  outside: Outside,
  tokens: ReadonlyMap<string, 'accepted' | 'timed_out' | 'does_not_exist'>,
  isPastWait = false,
): Callbacks {
  return {
    async succeed(token, { decision }) {
      const answer = tokens.get(token) ?? 'does_not_exist';
      if (answer === 'accepted') outside.sent.push({ token, decision });
      return answer;
    },
    isPastWait: async () => isPastWait,
  };
}

function loggerOf(outside: Outside): Logger {
  const log = (level: string) => (_message: string, fields: Readonly<Record<string, unknown>>) => {
    outside.logs.push({ level, code: fields['code'] });
  };
  return { info: log('info'), warn: log('warn'), error: log('error') };
}
