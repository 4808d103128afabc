import { saveRun } from '../../cli/backend/saved-run';
import { startRun } from '../../cli/backend/simulated-run';
import { DEMO } from '../../cli/demo/setting';
import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { deliveryIdOf } from '../../functions/webhook-sender/webhook-sender';
import type { Envelope } from '../../shared/contracts/envelope';
import { deliveryStore } from '../../shared/stores/delivery-store';
import { grace, graceJson, scratch } from '../support/memory-io';

const { cwd, remove } = scratch();
afterAll(remove);

const envelope = (n: number): Envelope => ({
  id: String(n).repeat(64),
  type: 'approval.requested',
  version: 1,
  time: '2026-01-05T09:00:00.000Z',
  correlationId: `c-${n}`,
  detail: { status: 'awaiting_approval', tier: 2, playbook: 'reboot' },
});
const ID = deliveryIdOf('ops', envelope(1).id);

beforeAll(async () => {
  const run = startRun({
    ...DEMO,
    settings: {
      ephemeral: true,
      webhooks: [
        { id: 'ops', format: 'generic', url: 'https://hooks.acme.com/grace', secretParameter: '/grace/ops' },
      ],
    },
    playbooks: [],
    policies: shippedPolicies(),
  });
  // What the mesh is told of goes through the bus's rule, the queue and the sender.
  await run.drive(run.deployment.ports.mesh.publish([envelope(1)]));
  await run.settle();
  const store = deliveryStore(run.deployment.state);
  const delivered = await store.get(ID);
  if (delivered === undefined) throw new Error('nothing was sent');
  const { rev, change, nextAt, ...sent } = delivered;
  await store.record(
    { ...sent, status: 'dead', outcome: 'HTTP_503', attempts: 25, correlationId: change.correlationId },
    delivered,
    { actor: 'webhook-sender', reason: 'HTTP_503', at: run.kernel.now() },
  );
  await run.settle();
  saveRun(cwd, run.saved());
});

type Row = { readonly deliveryId: string; readonly status: string; readonly attempts: number };
const list = async (...more: string[]) => (await graceJson<Row[]>(cwd, ['webhook', 'list', ...more])).value;

describe('grace webhook', () => {
  it('lists deliveries, as JSON and for people', async () => {
    expect(await list()).toEqual([
      expect.objectContaining({
        deliveryId: ID,
        webhook: 'ops',
        status: 'dead',
        type: 'approval.requested',
        outcome: 'HTTP_503',
        attempts: 25,
        nextAt: null,
      }),
    ]);
    expect(await list('--status', 'delivered')).toEqual([]);
    const { out } = await grace(cwd, ['webhook', 'list']);
    expect(out).toContain(`${ID.slice(0, 12)}  dead       ops`);
  });

  it('sends one again, named by its beginning; in the simulator it is taken and goes nowhere', async () => {
    const again = await graceJson(cwd, ['webhook', 'redeliver', ID.slice(0, 12), '--as', 'alice']);
    expect(again.value).toEqual({ ok: true, outcome: 'HTTP_204', status: 'delivered' });
    expect(await list()).toMatchObject([{ status: 'delivered', attempts: 26 }]);
    const { out } = await grace(cwd, ['audit', 'verify']);
    expect(out).toMatch(/✔ CHAIN[\s\S]*✔ HISTORY/);
    expect(out).not.toContain('DELIVERY#');
  });

  it('tries a webhook', async () => {
    expect((await grace(cwd, ['webhook', 'test', 'ops'])).out).toContain('taken: HTTP_204');
    expect(await list()).toHaveLength(1);
  });

  it.each([
    [['redeliver', 'f'.repeat(64)], 'no such delivery'],
    [['redeliver', 'abcdef'], 'no such delivery'],
    [['redeliver', '../x'], 'hex digits'],
    [['test', 'nobody'], 'no such webhook'],
    [['list', '--status', 'lost'], 'pending, delivered or dead'],
  ])('%j ends with 2 and says why', async (command, why) => {
    const { code, err } = await grace(cwd, ['webhook', ...command]);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });
});
