import type { Plan } from '../../../shared/contracts/plan';
import { sha256Hex } from '../../../shared/domain/digest';
import { effectHash } from '../../../shared/domain/plan-hash';
import { type Target, targetKey } from '../../../shared/domain/target';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
/** Where the tests' clock begins: 5 January 2026, 12:00 UTC. */
export const START = Date.UTC(2026, 0, 5, 12);

export const group = (id = 'web'): Target => ({
  kind: 'autoscaling:group',
  region: REGION,
  account: ACCOUNT,
  id,
});
export const database = (id = 'orders-db'): Target => ({
  kind: 'rds:instance',
  region: REGION,
  account: ACCOUNT,
  id,
});

const EXPECTED: Omit<Plan['effect'], 'hash'> = {
  expectations: [
    { kind: 'resource', field: 'desired_capacity', comparison: 'equals', value: 4 },
    { kind: 'alarm', alarm: 'web-latency', state: 'OK', heldSeconds: 120 },
  ],
  settleSeconds: 60,
  windowSeconds: 600,
};

/** A tier 1 plan that scales the group `web` from 2 to 4. */
export function buildPlan(changes: Partial<Plan> = {}): Plan {
  const { contractId = 'C1', targets = [group()] } = changes;
  const target = targets[0] ?? group();
  const effect = changes.effect ?? { ...EXPECTED, hash: effectHash(EXPECTED) };
  return {
    contractId,
    fingerprint: sha256Hex(`trouble of ${contractId}`),
    planVersion: 1,
    playbook: { name: 'scale-out', version: 'a'.repeat(64) },
    account: ACCOUNT,
    region: REGION,
    targets,
    tags: managed(targets),
    blastRadius: 0,
    steps: [scaleStep({ from: 2, to: 4, target })],
    undo: 'restore',
    preconditions: { [targetKey(target)]: { desired_capacity: 2, min_size: 1, max_size: 10 } },
    tier: 1,
    tierReasons: ['the playbook asks for tier 1'],
    quorum: 0,
    proposer: 'playbook:scale-out',
    policyVersion: 'policy-1',
    expiresAt: START + 3_600_000,
    executeBy: START + 900_000,
    limits: { budgetMax: 3, budgetSeconds: 3600, cooldownSeconds: 300 },
    alarm: { name: 'web-latency', evaluationSeconds: 120 },
    diagnosis: { pattern: 'alarm(metric=Latency)', evidence: ['metric = Latency'], why: 'the only one' },
    ...changes,
    effect,
  };
}

/** A tier 2 plan that reboots the database `orders-db`; it cannot be undone. */
export function buildRebootPlan(changes: Partial<Plan> = {}): Plan {
  const target = changes.targets?.[0] ?? database();
  return buildPlan({
    playbook: { name: 'reboot', version: 'b'.repeat(64) },
    targets: [target],
    blastRadius: 0.5,
    steps: [{ id: 'reboot', action: 'aws.rds_reboot', target, parameters: {}, intended: {}, prior: {} }],
    undo: 'none',
    preconditions: { [targetKey(target)]: { status: 'available' } },
    tier: 2,
    quorum: 1,
    proposer: 'playbook:reboot',
    executeBy: START + 4_500_000,
    ...changes,
  });
}

const managed = (targets: readonly Target[]): Plan['tags'] =>
  Object.fromEntries(targets.map((target) => [targetKey(target), { 'grace:managed': 'true' }]));

export function scaleStep(scale: {
  readonly from: number;
  readonly to: number;
  readonly target?: Target;
  readonly id?: string;
}): Plan['steps'][number] {
  const { from, to, target = group(), id = 'add' } = scale;
  return {
    id,
    action: 'aws.scale_instances',
    target,
    parameters: { change: to - from },
    intended: { desired_capacity: to },
    prior: { desired_capacity: from },
  };
}
