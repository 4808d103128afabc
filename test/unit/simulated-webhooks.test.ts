import { startRun } from '../../cli/backend/simulated-run';
import { DEMO } from '../../cli/demo/setting';
import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { deliveryIdOf } from '../../functions/webhook-sender/webhook-sender';
import type { Envelope } from '../../shared/contracts/envelope';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { FUNCTIONS } from '../../shared/names';
import type { OutboundResult } from '../../shared/ports/outbound';
import { auditStore } from '../../shared/stores/audit-store';
import { deliveryStore } from '../../shared/stores/delivery-store';

const EVENT: Envelope = {
  id: 'e'.repeat(64),
  type: 'approval.requested',
  version: 1,
  time: '2026-01-05T09:00:00.000Z',
  correlationId: 'c-1',
  detail: { status: 'awaiting_approval', tier: 2, playbook: 'reboot' },
};

/** The whole way in the simulator: bus, rule, queue, sender, stream, audit log; `answers` are the receiver's. */
function webhookRun(answers: (attempt: number) => OutboundResult) {
  let attempts = 0;
  const bodies: string[] = [];
  const run = startRun(
    {
      ...DEMO,
      settings: {
        ephemeral: true,
        approvals: { administrators: ['root'] },
        webhooks: [
          { id: 'ops', format: 'generic', url: 'https://hooks.acme.com/', secretParameter: '/grace/ops' },
        ],
      },
      playbooks: [],
      policies: shippedPolicies(),
    },
    {
      outbound: {
        async post({ body }) {
          attempts += 1;
          bodies.push(body);
          return answers(attempts);
        },
      },
    },
  );
  return { run, bodies, attempts: () => attempts };
}

const answered = (status: number): OutboundResult => ({ kind: 'answered', status });

async function played(answers: (attempt: number) => OutboundResult) {
  const { run, attempts } = webhookRun(answers);
  await run.drive(run.deployment.ports.mesh.publish([EVENT]));
  await run.settle();
  const { state, audit, ports } = run.deployment;
  const log = auditStore(audit, { clock: ports.clock, random: ports.random });
  const events: string[] = [];
  for await (const entry of log.entries(0)) events.push(readAuditBody(entry.leaf).event);
  const delivery = await deliveryStore(state).get(deliveryIdOf('ops', EVENT.id));
  // The event is of no contract, so that the recorder's copy of it ends there too.
  const letters = run.deployment.deadLetters().filter((letter) => 'webhook' in (letter as object));
  return { delivery, attempts: attempts(), events, letters };
}

test('an event of the mesh reaches a receiver that is down for a while, and each attempt is in the audit log', async () => {
  const { delivery, attempts, events, letters } = await played((n) => answered(n < 5 ? 503 : 200));
  expect([delivery?.status, attempts]).toEqual(['delivered', 5]);
  expect(events.filter((event) => event.startsWith('webhook.'))).toEqual([
    ...Array(4).fill('webhook.failed'),
    'webhook.delivered',
  ]);
  expect(letters).toEqual([]);
});

test('a receiver hears that an epoch of the audit log was closed, and which', async () => {
  const { run, bodies } = webhookRun(() => answered(200));
  await run.drive(run.deployment.ports.mesh.publish([EVENT]));
  await run.settle();
  const order = { decision: 'close_epoch', epoch: 1, reason: 'a key may be known', principal: 'root' };
  expect(await run.drive(run.deployment.invoke(FUNCTIONS.decide, order))).toMatchObject({ ok: true });
  await run.settle();
  const told = bodies.map((body) => JSON.parse(body)).filter(({ type }) => type !== EVENT.type);
  expect(told).toMatchObject([{ type: 'audit.epoch_closed', data: { epoch: 1, correlationId: 'epoch/1' } }]);
  expect(JSON.stringify(told)).not.toMatch(/root|known/);
});
