import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { ErrorDetected } from '../../shared/contracts/error-detected';
import { resolveExpressions } from '../../shared/contracts/plan-expressions';
import type { Settings } from '../../shared/contracts/settings';
import { checkSettings, type SettingFinding } from '../../shared/contracts/settings-rules';
import { bindPlan } from '../../shared/domain/bind-plan';
import { canonicalJson, type JsonValue } from '../../shared/domain/canonical-json';
import type { LoadedPlaybook } from '../../shared/domain/diagnosis';
import { digestOf, sha256Hex } from '../../shared/domain/digest';
import { planText, planTextHash } from '../../shared/domain/plan-hash';
import { type LiveTarget, type Target, targetKey } from '../../shared/domain/target';
import type { Clock } from '../../shared/ports/clock';
import type { Resources } from '../../shared/ports/cloud';
import type { ContractStore } from '../../shared/ports/contract-store';
import type { Executions } from '../../shared/ports/executions';
import type { Evidence } from '../../shared/ports/outside';
import type { DeploymentStore, ErrorStore, PlaybookStore, PolicyStore } from '../../shared/ports/stores';

export interface BootstrapDeps {
  readonly compiled: CompiledPlaybooks;
  /** The same, read back with every check. */
  readonly playbooks: readonly LoadedPlaybook[];
  readonly store: PlaybookStore;
  readonly policies: CompiledPolicies;
  readonly policyStore: PolicyStore;
  readonly errors: ErrorStore;
  readonly contracts: Pick<ContractStore, 'get'>;
  readonly deployment: DeploymentStore;
  readonly evidence: Evidence;
  readonly resources: Resources;
  readonly executions: Executions;
  readonly settings: Settings;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
}

export interface BootstrapInput {
  /** Targets of which a golden snapshot and a first benchmark are taken. */
  readonly targets?: readonly Target[];
}

interface TestContract {
  /** `null`: no playbook acts on a group by alarm, so there is nothing to make a test of. */
  readonly contractId: string | null;
  readonly missionId: string | null;
  readonly repeated: boolean;
}

export interface BootstrapOutput extends TestContract {
  readonly playbooks: readonly {
    readonly name: string;
    readonly version: string;
    readonly outcome: 'written' | 'unchanged';
  }[];
  readonly policies: { readonly version: string; readonly outcome: 'written' | 'unchanged' };
  readonly golden: string;
  readonly benchmarks: number;
  readonly missing: readonly string[];
  /** What the deployed settings say against each other; synth refuses problems, warnings get this far. */
  readonly settings: readonly SettingFinding[];
}

/**
 * What runs after each deploy, and may run any time: playbook versions, the policies, a golden snapshot, a first
 * benchmark, and a test contract in a test mission, which goes the whole way to `observed` and so shows
 * that store, state machine, stream and audit log are joined up. Running it again writes nothing new.
 */
export async function bootstrap(input: BootstrapInput, deps: BootstrapDeps): Promise<BootstrapOutput> {
  const why = () => ({ actor: 'bootstrap', reason: 'BOOTSTRAP', at: deps.clock.now() });
  const versions = deps.compiled.map(({ name, version }) => [name, version]);
  const job = `bootstrap-${digestOf('grace.job.v1\n', [
    versions,
    deps.policies.version,
    deps.settings as unknown as JsonValue,
  ]).slice(0, 32)}`;
  await deps.deployment.enqueueJob(job, 'bootstrap', why());
  try {
    const output = await setUp(input, deps);
    await deps.deployment.endJob(job, 'completed', why());
    return output;
  } catch (error) {
    // Where even that cannot be written the job stays enqueued; what went wrong first is what counts.
    await deps.deployment.endJob(job, 'failed', why()).catch(() => undefined);
    throw error;
  }
}

async function setUp(input: BootstrapInput, deps: BootstrapDeps): Promise<BootstrapOutput> {
  const why = { actor: 'bootstrap', reason: 'BOOTSTRAP', at: deps.clock.now() };
  const playbooks: BootstrapOutput['playbooks'][number][] = [];
  for (const entry of deps.compiled) {
    const outcome = await deps.store.publish(
      { name: entry.name, version: entry.version, source: entry.playbook },
      why,
    );
    playbooks.push({ name: entry.name, version: entry.version, outcome });
  }
  const policies = {
    version: deps.policies.version,
    outcome: await deps.policyStore.publish(deps.policies, why),
  };
  const found: LiveTarget[] = [];
  const missing: string[] = [];
  for (const target of input.targets ?? []) {
    const live = await deps.resources.describe(target);
    if (live === undefined) missing.push(targetKey(target));
    else found.push(live);
  }
  const manifest = {
    version: 1,
    settings: deps.settings as unknown as JsonValue,
    playbooks: deps.compiled.map(({ name, version }) => ({ name, version })),
    policies: deps.policies.version,
    targets: found.map((live) => ({
      target: { ...live.target },
      tags: { ...live.tags },
      facts: { ...live.facts },
    })),
  };
  const text = canonicalJson(manifest as JsonValue);
  const golden = sha256Hex(text);
  await deps.evidence.put(`golden/${golden}.json`, text);
  await deps.deployment.golden('deployment', { name: `golden/${golden}.json`, hash: golden }, why);
  let benchmarks = 0;
  for (const live of found) {
    const key = targetKey(live.target);
    const facts = canonicalJson({ ...live.facts });
    await deps.deployment.golden(key, { name: `golden/${golden}.json`, hash: sha256Hex(facts) }, why);
    if (await deps.deployment.firstBenchmark(key, live.facts, why)) benchmarks += 1;
  }
  const test = await testContract(deps);
  const { problems, warnings } = checkSettings(deps.settings);
  return { playbooks, policies, golden, benchmarks, missing, ...test, settings: [...problems, ...warnings] };
}

/** The test contract of this set of playbooks and settings: always in observe mode, so nothing is ever sent. */
async function testContract(deps: BootstrapDeps): Promise<TestContract> {
  const loaded = testPlaybook(deps.playbooks);
  if (loaded === undefined) return { contractId: null, missionId: null, repeated: false };
  const seed = digestOf('grace.bootstrap.v1\n', [
    deps.account,
    deps.region,
    loaded.version,
    deps.policies.version,
    deps.settings.deployment,
  ]);
  const contractId = `BOOTSTRAP-${seed.slice(0, 16).toUpperCase()}`;
  const missionId = `BOOTSTRAP-${seed.slice(16, 32).toUpperCase()}`;
  if ((await deps.contracts.get(contractId)) !== undefined) {
    await startIfPlanned(contractId, deps);
    return { contractId, missionId, repeated: true };
  }
  const now = deps.clock.now();
  const target: Target = {
    kind: 'autoscaling:group',
    region: deps.region,
    account: deps.account,
    id: 'grace-bootstrap-test',
  };
  const live: LiveTarget = {
    target,
    managed: true,
    tags: { 'grace:managed': 'true' },
    facts: { desired_capacity: 2, min_size: 1, max_size: 20, in_service: 2 },
  };
  const event = testEvent(deps, contractId, target, now);
  const expressions = await resolveExpressions({ playbook: loaded.playbook, event, target, live });
  if (!expressions.ok) throw new Error(`the test contract cannot be planned: ${expressions.message}`);
  const bound = bindPlan({
    loaded,
    diagnosis: {
      playbook: loaded.name,
      version: loaded.version,
      pattern: 'bootstrap',
      evidence: ['made by bootstrap; its target does not exist and nothing is ever sent to it'],
      why: 'test contract',
      alternatives: [],
    },
    event,
    target,
    live,
    alarm: {
      name: event.alarm?.name ?? '',
      evaluationSeconds: 60,
      threshold: 1,
      metric: testMetric(target),
    } as never,
    expressions: expressions.expressions,
    settings: deps.settings,
    lastTen: '',
    contractId,
    fingerprint: seed,
    policyVersion: deps.policies.version,
    now,
  });
  if (!bound.ok) throw new Error(`the test contract cannot be planned: ${bound.code} ${bound.message}`);
  const stored = planText(bound.plan);
  await deps.errors.record({
    intake: {
      event,
      digest: digestOf('grace.event.v1\n', event as unknown as JsonValue),
      fingerprint: seed,
      decision: 'PLANNED',
      detail: 'test contract of bootstrap',
      missionId,
      contractId,
    },
    windowUntil: now,
    newMission: true,
    planned: { plan: bound.plan, text: stored, planHash: planTextHash(stored), mode: 'observe' },
    why: { actor: 'bootstrap', reason: 'TEST_CONTRACT', at: now },
  });
  await startIfPlanned(contractId, deps);
  return { contractId, missionId, repeated: false };
}

/** The mildest playbook that acts on a group by alarm. */
function testPlaybook(playbooks: readonly LoadedPlaybook[]): LoadedPlaybook | undefined {
  return playbooks
    .filter(
      ({ playbook }) =>
        playbook.target.kind === 'autoscaling:group' && playbook.match.some((pattern) => 'alarm' in pattern),
    )
    .sort((a, b) => a.playbook.tier - b.playbook.tier || (a.name < b.name ? -1 : 1))[0];
}

async function startIfPlanned(contractId: string, deps: BootstrapDeps): Promise<void> {
  const contract = await deps.contracts.get(contractId);
  if (contract?.status === 'planned') await deps.executions.start(contractId);
}

const testMetric = (target: Target) => ({
  namespace: 'Grace/Bootstrap',
  metric: 'Latency',
  dimensions: { AutoScalingGroupName: target.id },
  statistic: 'Average',
  periodSeconds: 60,
});

function testEvent(deps: BootstrapDeps, contractId: string, target: Target, now: number): ErrorDetected {
  return {
    eventId: contractId.toLowerCase(),
    type: 'error.detected',
    source: 'grace.bootstrap',
    account: deps.account,
    region: deps.region,
    at: now,
    correlationId: contractId,
    alarm: {
      name: 'grace-bootstrap-test',
      arn: `arn:aws:cloudwatch:${deps.region}:${deps.account}:alarm:grace-bootstrap-test`,
      kind: 'metric',
      state: 'ALARM',
      suppressed: false,
      reason: 'test contract of bootstrap',
      metrics: [testMetric(target)],
      recentValues: [],
      threshold: 1,
    },
  };
}
