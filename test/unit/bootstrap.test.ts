import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { bootstrap } from '../../functions/bootstrap/bootstrap';
import { readCompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import { policyStore } from '../../shared/stores/policy-store';
import { database, group, START } from '../support/builders/plan';
import { buildPlaybook, PLAYBOOK } from '../support/builders/playbook';
import { buildSettings } from '../support/builders/settings';
import { logicBench } from '../support/logic-bench';

function bootstrapping(settings = buildSettings()) {
  const bench = logicBench();
  const { name, version } = buildPlaybook();
  const compiled = [{ name, version, playbook: JSON.parse(JSON.stringify(PLAYBOOK)) }];
  const deps = {
    ...bench,
    compiled,
    playbooks: readCompiledPlaybooks(compiled),
    store: bench.playbooks,
    policies: shippedPolicies(),
    policyStore: policyStore(bench.table),
    settings,
  };
  const run = async () => {
    const done = await bootstrap({ targets: [group(), database('nowhere')] }, deps);
    return { ...done, contractId: done.contractId ?? '', missionId: done.missionId ?? '' };
  };
  return { bench, deps, run };
}

describe('bootstrap', () => {
  test('publishes the playbooks, takes the golden snapshot, and sends a test contract on its way', async () => {
    const { bench, run } = bootstrapping();
    const done = await run();
    expect(done).toMatchObject({
      playbooks: [{ name: 'scale-out', outcome: 'written' }],
      benchmarks: 1,
      missing: ['rds:instance:us-east-1:123456789012:nowhere'],
      repeated: false,
    });
    expect(JSON.parse(bench.outside.documents.get(`golden/${done.golden}.json`) ?? '')).toMatchObject({
      targets: [{ target: group(), facts: { desired_capacity: 2 } }],
      settings: { mode: 'act' },
    });
    expect(bench.outside.executions.get(done.contractId)).toBe('RUNNING');
    expect(await bench.missions.get(done.missionId)).toMatchObject({ status: 'open' });
  });

  test('makes a test contract that can only be observed, whatever the mode', async () => {
    const { bench, run } = bootstrapping(buildSettings({ mode: 'act' }));
    const { contractId } = await run();
    expect(await bench.contracts.get(contractId)).toMatchObject({ mode: 'observe', status: 'planned' });
  });

  test('writes nothing new when it runs again, and starts what was not started', async () => {
    const { bench, run } = bootstrapping();
    const first = await run();
    const before = bench.items();
    bench.outside.executions.clear();
    bench.clock.set(START + 60_000);
    const second = await run();
    expect(second).toEqual({
      ...first,
      repeated: true,
      benchmarks: 0,
      playbooks: [{ ...first.playbooks[0], outcome: 'unchanged' }],
      policies: { ...first.policies, outcome: 'unchanged' },
    });
    expect(bench.items()).toEqual(before);
    expect(bench.outside.executions.get(first.contractId)).toBe('RUNNING');
  });

  test('makes no test contract where no playbook acts on a group by alarm', async () => {
    const { bench, deps } = bootstrapping();
    const done = await bootstrap({}, { ...deps, compiled: [], playbooks: [] });
    expect(done).toMatchObject({ contractId: null, missionId: null, playbooks: [] });
    expect(bench.outside.executions.size).toBe(0);
  });

  test('leaves a failed job where it fails, and a completed one when it works the next time', async () => {
    const { bench, deps } = bootstrapping();
    const broken = { ...deps.evidence, put: () => Promise.reject(new Error('no bucket')) };
    await expect(bootstrap({}, { ...deps, evidence: broken })).rejects.toThrow('no bucket');
    const job = () => bench.items().find((item) => item.pk.startsWith('JOB#'));
    expect(job()).toMatchObject({ status: 'failed', change: { event: 'job.failed' } });
    await bootstrap({}, deps);
    expect(job()).toMatchObject({ status: 'completed', change: { event: 'job.completed' } });
  });
});
