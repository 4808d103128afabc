import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { identityProof } from '../../cli/backend/identity-proof';
import { clientSettings } from '../../cli/emulator/environment';
import { QUICK } from '../../cli/scenario/quick-playbooks';
import { type BroughtUp, bringUp } from '../../cli/up/bring-up';
import type { BootstrapOutput } from '../../functions/bootstrap/bootstrap';
import type { Contract } from '../../shared/contracts/contract';
import { identityBinding } from '../../shared/domain/caller';
import { findOrphans } from '../../shared/domain/orphans';
import { FUNCTIONS, METRIC_NAMESPACE } from '../../shared/names';
import { type DeployedGrace, deployedGrace } from '../support/deployed-grace';
import { metricId } from '../support/embedded-metrics';
import { CAPACITY, emulatorIncidents, type GroupPlaybook } from '../support/emulator-incidents';
import { measuredBy } from '../support/emulator-metrics';
import { broughtUp, TEST_DIRECTORY, TEST_SETTINGS } from '../support/emulator-run';
import { eventually } from '../support/eventually';
import { type GraceRun, jsonOf, runGrace } from '../support/run-grace';

/**
 * The deployed stack, end to end. Effect windows last a minute at least, so that every incident begins before
 * the first test, and each test waits for its own.
 */
const CROWD = 50;
const MINUTE = 60_000;
const APPROVED = { ok: true, status: 'approved', approvals: 1 };
jest.setTimeout(5 * MINUTE);

let up: BroughtUp;
let grace: DeployedGrace;
let incidents: ReturnType<typeof emulatorIncidents>;
/** The id of the event that each incident began with, by the incident's name. */
const began = new Map<string, string>();
let scenario: Promise<GraceRun>;

const eventOf = (name: string): string => began.get(name) ?? '';
const endOf = (name: string) => grace.ended(eventOf(name));
const crowd = Array.from({ length: CROWD }, (_, n) => `crowd-${n + 1}`);

beforeAll(async () => {
  up = broughtUp();
  grace = deployedGrace(up);
  incidents = emulatorIncidents(up.endpoint, grace);
  const group = async (name: string, ...how: [playbook: GroupPlaybook, cure?: 'never']) => {
    const fired = await incidents.group(name, ...how);
    began.set(name, fired.eventId);
    return fired;
  };
  await group('expired', QUICK.scaleOutHurried);
  await group('helps', QUICK.scaleOut);
  await group('in-vain', QUICK.scaleOut, 'never');
  await group('approved', QUICK.scaleOutAsked);
  await group('denied', QUICK.scaleOutAsked);
  began.set('database', (await incidents.database('database')).eventId);
  began.set('instance', await incidents.hangingInstance('instance', 20));
  await incidents.deliverAgain(await group('repeated', QUICK.scaleOut), 'repeated', 20);
  scenario = command('scenario', '--iterations', '3', '--json');
  for (const name of ['approved', 'instance']) {
    expect([name, await decide(name, 'approve')]).toEqual([name, expect.objectContaining(APPROVED)]);
  }
  expect(await decide('denied', 'deny')).toMatchObject({ ok: true, status: 'denied' });
  const { contractId } = await grace.awaiting(eventOf('database'));
  const approved = await command('approve', contractId, '--reason', 'a test');
  expect([approved.code, approved.err]).toEqual([0, expect.any(String)]);
  for (const name of crowd) await group(name, QUICK.scaleOut);
});

afterAll(async () => {
  await incidents?.stop();
  grace?.close();
});

/** As `grace approve` does it: signed with the caller's credentials, which STS tells the name of. */
async function decide(name: string, decision: 'approve' | 'deny'): Promise<object> {
  const { contractId, planHash } = await grace.awaiting(eventOf(name));
  const wanted = { contractId, decision, planHash, reason: 'a test' };
  const proof = await identityProof(clientSettings(up.endpoint), identityBinding(wanted));
  return grace.invoke(FUNCTIONS.decide, { ...wanted, proof });
}

const command = (...args: string[]) => runGrace([...args, '--on', 'emulator', '--stack', up.stack]);

/** How many states the execution entered, and how many functions it called. */
async function countsOf({ contractId }: Contract) {
  const history = await grace.history(contractId);
  return {
    entered: history.filter(({ type }) => type?.endsWith('StateEntered')).length,
    invoked: history.filter(({ type }) => type === 'TaskScheduled').length,
    last: history.at(-1)?.type,
  };
}

describe('Grace deployed to an emulator', () => {
  it('has all outputs, and functions that are ready', async () => {
    expect(Object.keys(up.outputs)).toEqual(
      expect.arrayContaining(['StateTable', 'AuditTable', 'TokensTable', 'BusName', 'StateMachineArn']),
    );
    const lambda = new LambdaClient({});
    for (const name of Object.values(FUNCTIONS)) {
      const found = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: `${up.stack}-${name}` }),
      );
      expect([name, found.State]).toEqual([name, 'Active']);
    }
    lambda.destroy();
  });

  it('was bootstrapped: a test contract has gone to its end, and nothing was sent', async () => {
    expect(up.bootstrap.playbooks.length).toBeGreaterThanOrEqual(6);
    expect(await grace.contracts.get(up.bootstrap.contractId ?? '')).toMatchObject({ status: 'observed' });
  });
});

describe('an alarm on the default bus', () => {
  it('is resolved, and the group has really grown, in at most 10 states and 7 calls', async () => {
    const contract = await endOf('helps');
    expect(contract).toMatchObject({ status: 'resolved', verdict: 'met', tier: 1, mode: 'act' });
    expect(await grace.capacityOf('helps')).toBe(CAPACITY + 2);
    const { entered, invoked, last } = await countsOf(contract);
    expect(last).toBe('ExecutionSucceeded');
    expect(entered).toBeLessThanOrEqual(10);
    // The sentinel comes on top.
    expect(invoked + 1).toBeLessThanOrEqual(7);
  });

  it('is rolled back when the fix does not help, and the group has its old size', async () => {
    const contract = await endOf('in-vain');
    expect(contract).toMatchObject({ status: 'rolled_back', verdict: 'not_met' });
    expect(await grace.capacityOf('in-vain')).toBe(CAPACITY);
  });

  it('makes one contract and one execution, however often it is delivered', async () => {
    const contract = await endOf('repeated');
    expect(contract.status).toBe('resolved');
    expect(await grace.capacityOf('repeated')).toBe(CAPACITY + 2);
    await expectOne(eventOf('repeated'), contract);
  });
});

describe('an action that needs a person', () => {
  it('goes on by the task token once it is approved, in at most 13 states and 10 calls', async () => {
    const contract = await endOf('approved');
    expect(contract).toMatchObject({ status: 'resolved', verdict: 'met', tier: 2 });
    expect(contract.approval?.callback).toMatchObject({ due: true, deliveredAt: expect.any(Number) });
    expect(await grace.capacityOf('approved')).toBe(CAPACITY + 2);
    const { entered, invoked } = await countsOf(contract);
    expect(entered).toBeLessThanOrEqual(13);
    // Sentinel, decide and relay come on top.
    expect(invoked + 3).toBeLessThanOrEqual(10);
  });

  it('reboots a database', async () => {
    expect(await endOf('database')).toMatchObject({ status: 'resolved', verdict: 'met', tier: 2 });
  });

  it('reboots an instance whose error came 20 times with one id, once', async () => {
    const contract = await endOf('instance');
    expect(contract).toMatchObject({ status: 'resolved', verdict: 'met', tier: 2 });
    await expectOne(eventOf('instance'), contract);
  });

  it('does nothing when it is denied', async () => {
    const contract = await endOf('denied');
    expect(contract.status).toBe('denied');
    expect((await countsOf(contract)).last).toBe('ExecutionSucceeded');
    expect(await grace.capacityOf('denied')).toBe(CAPACITY);
  });

  it('does nothing when nobody decides in time', async () => {
    const contract = await endOf('expired');
    expect(contract).toMatchObject({ status: 'expired', reason: 'NOBODY_DECIDED' });
    expect((await countsOf(contract)).last).toBe('ExecutionSucceeded');
    expect(await grace.capacityOf('expired')).toBe(CAPACITY);
  });
});

describe('what an alarm is made of', () => {
  it('is in the log of the recorder: what was sent, failed and was rolled back, and how sure the verdict was', async () => {
    await endOf('in-vain');
    const of = (values: Map<string, number[]>, name: string) =>
      values.get(metricId(METRIC_NAMESPACE, name)) ?? [];
    const values = await eventually(
      'the rollback to be measured',
      async () => {
        const so = await measuredBy(FUNCTIONS.recorder, up);
        return of(so, 'grace_rollbacks_total').includes(1) ? so : undefined;
      },
      MINUTE,
    );
    const sent = of(values, 'grace_actions_executed_total');
    expect(sent).toEqual(sent.map(() => 1));
    for (const name of ['grace_actions_failed_total', 'grace_rollbacks_total']) {
      expect(of(values, name)).toHaveLength(sent.length);
      expect(of(values, name)).toContain(1);
    }
    expect(of(values, 'grace_action_confidence').length).toBeGreaterThanOrEqual(1);
  });
});

describe(`${CROWD} incidents at once`, () => {
  it('all end resolved, each group grown by its own two', async () => {
    const ends: unknown[] = [];
    for (const name of crowd) {
      const { status, verdict } = await endOf(name);
      ends.push({ name, status, verdict, capacity: await grace.capacityOf(name) });
    }
    const well = { status: 'resolved', verdict: 'met', capacity: CAPACITY + 2 };
    expect(ends).toEqual(crowd.map((name) => ({ name, ...well })));
  });
});

describe('the command line', () => {
  it('plays a scenario in which no invariant breaks', async () => {
    const report = jsonOf(await scenario);
    expect(report).toMatchObject({ contracts: 3, errors: 0, auditComplete: true, auditVerified: true });
    expect(await scenario).toMatchObject({ code: 0 });
  });

  it('finds nothing wrong when it looks at everything', async () => {
    const doctor = await command('doctor', '--json');
    expect([doctor.code, doctor.out]).toEqual([0, expect.any(String)]);
  });

  it('bootstraps again, and writes nothing new', async () => {
    const { playbooks, repeated } = jsonOf(
      await command('bootstrap', '--json'),
    ) as unknown as BootstrapOutput;
    expect(new Set(playbooks.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
    expect(repeated).toBe(true);
  });

  it('verifies the audit log', async () => {
    const report = jsonOf(await command('audit', 'verify', '--json'));
    expect(report).toMatchObject({ firstBad: null, verified: true });
  });
});

describe('the audit log', () => {
  it('has every change of every item, in order, the chain holds, and nothing is orphaned', async () => {
    const report = await grace.auditReport();
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(report.entries);
    expect(report.entries).toBeGreaterThan(CROWD * 5);
    expect(report.unattributed).toBe(0);
    const items = await grace.stateItems();
    expect(items.filter(({ pk }) => pk.startsWith('QUARANTINE#'))).toEqual([]);
    expect(findOrphans(items)).toEqual([]);
  });
});

describe('a redeployment while an action is under way', () => {
  it('keeps what there is, and the action ends as if nothing had been', async () => {
    const { eventId } = await incidents.group('live', QUICK.scaleOut);
    const before = await grace.contracts.story((await endOf('helps')).contractId);
    const fingerprintWindow = '7m';
    const again = await bringUp({
      log: () => {},
      directory: TEST_DIRECTORY,
      settings: { ...TEST_SETTINGS, limits: { ...TEST_SETTINGS.limits, fingerprintWindow } },
    });
    expect(again.outputs).toEqual(up.outputs);
    const lambda = new LambdaClient({});
    const { Environment } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: `${up.stack}-${FUNCTIONS.sentinel}` }),
    );
    lambda.destroy();
    expect(Environment?.Variables?.['GRACE_SETTINGS']).toContain(fingerprintWindow);
    expect(await grace.contracts.story((await endOf('helps')).contractId)).toEqual(before);
    expect(await grace.ended(eventId)).toMatchObject({ status: 'resolved', verdict: 'met' });
    expect(await grace.capacityOf('live')).toBe(CAPACITY + 2);
    expect((await grace.auditReport()).problems).toEqual([]);
  });
});

async function expectOne(eventId: string, { contractId }: Contract): Promise<void> {
  const items = await grace.stateItems();
  const ofEvent = items.filter(({ sk, eventId: id }) => sk === 'CONTRACT' && id === eventId);
  expect(ofEvent.map((item) => item['contractId'])).toEqual([contractId]);
  const executions = (await grace.executions()).filter((name) => name === contractId);
  expect(executions).toEqual([contractId]);
  const steps = items.filter(({ pk, sk }) => pk === `CONTRACT#${contractId}` && sk.startsWith('STEP#'));
  expect(steps).toHaveLength(1);
}
