import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { identityProof } from '../../cli/backend/identity-proof';
import { clientSettings } from '../../cli/emulator/environment';
import { QUICK } from '../../cli/scenario/quick-playbooks';
import { type BroughtUp, bringUp } from '../../cli/up/bring-up';
import type { Contract } from '../../shared/contracts/contract';
import { identityBinding } from '../../shared/domain/caller';
import { FUNCTIONS } from '../../shared/names';
import { type DeployedGrace, deployedGrace } from '../support/deployed-grace';
import { CAPACITY, emulatorIncidents } from '../support/emulator-incidents';
import { broughtUp, TEST_DIRECTORY, TEST_SETTINGS } from '../support/emulator-run';

/**
 * The deployed stack, end to end. Effect windows last a minute at least, so that every incident begins before
 * the first test, and each test waits for its own.
 */
const CROWD = 50;
const MINUTE = 60_000;
jest.setTimeout(5 * MINUTE);

let up: BroughtUp;
let grace: DeployedGrace;
let incidents: ReturnType<typeof emulatorIncidents>;
const events: Record<
  'helps' | 'approved' | 'database' | 'denied' | 'expired' | 'inVain' | 'repeated' | 'hangs' | 'live',
  string
> = {
  helps: '',
  approved: '',
  database: '',
  denied: '',
  expired: '',
  inVain: '',
  repeated: '',
  hangs: '',
  live: '',
};
const crowd = new Map<string, string>();

beforeAll(async () => {
  up = broughtUp();
  grace = deployedGrace(up);
  incidents = emulatorIncidents(up.endpoint, grace);
  await incidents.pushPlaybooks();
  events.expired = await incidents.group('expired', QUICK.scaleOutHurried);
  events.helps = await incidents.group('helps', QUICK.scaleOut);
  events.inVain = await incidents.group('in-vain', QUICK.scaleOut, 'never');
  events.approved = await incidents.group('approved', QUICK.scaleOutAsked);
  events.denied = await incidents.group('denied', QUICK.scaleOutAsked);
  events.database = await incidents.database('orders');
  events.hangs = await incidents.hangingInstance('worker', 20);
  events.repeated = await incidents.group('repeated', QUICK.scaleOut);
  await incidents.deliverAgain(events.repeated, 'repeated', 20);
  for (const [name, event] of [
    ['approved', events.approved],
    ['orders', events.database],
    ['worker', events.hangs],
  ] as const) {
    expect({ name, ...(await decide(event, 'approve')) }).toMatchObject({
      ok: true,
      status: 'approved',
      approvals: 1,
    });
  }
  expect(await decide(events.denied, 'deny')).toMatchObject({ ok: true, status: 'denied' });
  for (let n = 1; n <= CROWD; n += 1) {
    crowd.set(`crowd-${n}`, await incidents.group(`crowd-${n}`, QUICK.scaleOut));
  }
});

afterAll(async () => {
  await incidents?.stop();
  grace?.close();
});

/** As `grace approve` does it: signed with the caller's credentials, which STS tells the name of. */
async function decide(eventId: string, decision: 'approve' | 'deny'): Promise<object> {
  const { contractId, planHash } = await grace.awaiting(eventId);
  const wanted = { contractId, decision, planHash, reason: 'a test' };
  const proof = await identityProof(clientSettings(up.endpoint), identityBinding(wanted));
  return grace.invoke(FUNCTIONS.decide, { ...wanted, proof });
}

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
    expect(await grace.contracts.get(up.bootstrap.contractId)).toMatchObject({ status: 'observed' });
  });
});

describe('an alarm on the default bus', () => {
  it('is resolved, and the group has really grown, in at most 10 states and 7 calls', async () => {
    const contract = await grace.ended(events.helps);
    expect(contract).toMatchObject({ status: 'resolved', verdict: 'met', tier: 1, mode: 'act' });
    expect(await grace.capacityOf('helps')).toBe(CAPACITY + 2);
    const { entered, invoked, last } = await countsOf(contract);
    expect(last).toBe('ExecutionSucceeded');
    expect(entered).toBeLessThanOrEqual(10);
    // The sentinel comes on top.
    expect(invoked + 1).toBeLessThanOrEqual(7);
  });

  it('is rolled back when the fix does not help, and the group has its old size', async () => {
    const contract = await grace.ended(events.inVain);
    expect(contract).toMatchObject({ status: 'rolled_back', verdict: 'not_met' });
    expect(await grace.capacityOf('in-vain')).toBe(CAPACITY);
  });

  it('makes one contract and one execution, however often it is delivered', async () => {
    const contract = await grace.ended(events.repeated);
    expect(contract.status).toBe('resolved');
    expect(await grace.capacityOf('repeated')).toBe(CAPACITY + 2);
    await expectOne(events.repeated, contract);
  });
});

describe('an action that needs a person', () => {
  it('goes on by the task token once it is approved, in at most 13 states and 10 calls', async () => {
    const contract = await grace.ended(events.approved);
    expect(contract).toMatchObject({ status: 'resolved', verdict: 'met', tier: 2 });
    expect(contract.approval?.callback).toMatchObject({ due: true, deliveredAt: expect.any(Number) });
    expect(await grace.capacityOf('approved')).toBe(CAPACITY + 2);
    const { entered, invoked } = await countsOf(contract);
    expect(entered).toBeLessThanOrEqual(13);
    // Sentinel, decide and relay come on top.
    expect(invoked + 3).toBeLessThanOrEqual(10);
  });

  it('reboots a database', async () => {
    expect(await grace.ended(events.database)).toMatchObject({ status: 'resolved', verdict: 'met', tier: 2 });
  });

  it('reboots an instance whose error came 20 times with one id, once', async () => {
    const contract = await grace.ended(events.hangs);
    expect(contract).toMatchObject({ status: 'resolved', verdict: 'met', tier: 2 });
    await expectOne(events.hangs, contract);
  });

  it('does nothing when it is denied', async () => {
    const contract = await grace.ended(events.denied);
    expect(contract.status).toBe('denied');
    expect((await countsOf(contract)).last).toBe('ExecutionSucceeded');
    expect(await grace.capacityOf('denied')).toBe(CAPACITY);
  });

  it('does nothing when nobody decides in time', async () => {
    const contract = await grace.ended(events.expired);
    expect(contract).toMatchObject({ status: 'expired', reason: 'NOBODY_DECIDED' });
    expect((await countsOf(contract)).last).toBe('ExecutionSucceeded');
    expect(await grace.capacityOf('expired')).toBe(CAPACITY);
  });
});

describe(`${CROWD} incidents at once`, () => {
  it('all end resolved, each group grown by its own two', async () => {
    const ends = new Map<string, unknown>();
    for (const [name, event] of crowd) {
      const { status, reason } = await grace.ended(event);
      ends.set(name, { status, reason, capacity: await grace.capacityOf(name) });
    }
    const wrong = [...ends].filter(([, end]) => (end as { status: string }).status !== 'resolved');
    expect(wrong).toEqual([]);
    expect([...ends.values()].map((end) => (end as { capacity: number }).capacity)).toEqual(
      Array(CROWD).fill(CAPACITY + 2),
    );
  });
});

describe('the audit log', () => {
  it('has every change of every item, in order, and the chain holds', async () => {
    const report = await grace.auditReport();
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(report.entries);
    expect(report.entries).toBeGreaterThan(CROWD * 5);
    expect(report.unattributed).toBe(0);
  });
});

describe('a redeployment while an action is under way', () => {
  it('keeps what there is, and the action ends as if nothing had been', async () => {
    events.live = await incidents.group('live', QUICK.scaleOut);
    const before = await grace.contracts.story((await grace.ended(events.helps)).contractId);
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
    expect(await grace.contracts.story((await grace.ended(events.helps)).contractId)).toEqual(before);
    expect(await grace.ended(events.live)).toMatchObject({ status: 'resolved', verdict: 'met' });
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
