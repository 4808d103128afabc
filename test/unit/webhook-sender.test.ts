import {
  command,
  deliveryIdOf,
  type SenderDeps,
  sendEvent,
  takeMessage,
} from '../../functions/webhook-sender/webhook-sender';
import type { Envelope } from '../../shared/contracts/envelope';
import { Webhook } from '../../shared/contracts/webhook';
import { RETRY_FOR_MS } from '../../shared/domain/retry-schedule';
import { readSecrets, signWebhook } from '../../shared/domain/webhook-signature';
import type { Outbound, OutboundRequest, OutboundResult } from '../../shared/ports/outbound';
import { canaryStore } from '../../shared/stores/canary-store';
import { deliveryStore } from '../../shared/stores/delivery-store';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { START } from '../support/builders/plan';
import { handClock } from '../support/stores-bench';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const OPS = Webhook.parse({
  id: 'ops',
  format: 'generic',
  url: 'https://hooks.acme.com/grace',
  secretParameter: '/grace/ops',
});
const CHAT = Webhook.parse({
  id: 'chat',
  format: 'slack',
  urlParameter: '/grace/chat',
  events: ['agentic.escalated'],
});

function envelope(changes: Partial<Envelope> = {}): Envelope {
  return {
    id: 'e'.repeat(64),
    type: 'approval.requested',
    version: 1,
    time: new Date(START).toISOString(),
    correlationId: 'c-1',
    missionId: 'm-1',
    detail: { contractId: 'C1', missionId: 'm-1', status: 'awaiting_approval', tier: 2, playbook: 'reboot' },
    ...changes,
  };
}

type Answer = number | OutboundResult;
const NO_CONTENT: OutboundResult = { kind: 'answered', status: 204 };
const ofAnswer = (answer: Answer): OutboundResult =>
  typeof answer === 'number' ? { kind: 'answered', status: answer } : answer;

function senderBench(webhooks: readonly Webhook[] = [OPS]) {
  const clock = handClock();
  const table = createMemoryTable({ clock });
  const deliveries = deliveryStore(table);
  const sent: (OutboundRequest & { readonly at: number })[] = [];
  const answers: Answer[] = [];
  const buried: Readonly<Record<string, string>>[] = [];
  const lines: unknown[] = [];
  const secrets = new Map([
    ['/grace/ops', SECRET],
    ['/grace/chat', 'https://hooks.slack.com/services/T0/B0/verysecret'],
  ]);
  const outbound: Outbound = {
    async post(request) {
      sent.push({ ...request, at: clock.now() });
      return ofAnswer(answers.shift() ?? NO_CONTENT);
    },
  };
  const log = (message: string, fields: object) => void lines.push({ message, ...fields });
  const deps: SenderDeps = {
    webhooks,
    consoleUrl: 'https://grace.acme.com/',
    outbound,
    secrets: {
      async get(name) {
        const value = secrets.get(name);
        if (value === undefined) throw new Error(`no parameter ${name}`);
        return value;
      },
    },
    deliveries,
    canaries: canaryStore(table),
    deadLetters: { bury: async (letter) => void buried.push(letter) },
    clock,
    ids: { next: () => 'T1' },
    random: () => 0.5,
    logger: { info: log, warn: log, error: log },
    metrics: { count: () => undefined, record: () => undefined },
  };
  const id = deliveryIdOf('ops', envelope().id);
  return {
    deps,
    clock,
    table,
    deliveries,
    sent,
    answers,
    buried,
    lines,
    secrets,
    id,
    delivery: () => deliveries.get(id),
    /** What the queue does with the message until it is gone: it comes again when its time is over. */
    async untilGone(event: Envelope = envelope(), message = (e: Envelope) => sendEvent(e, deps)) {
      for (;;) {
        const { againInMs } = await message(event);
        if (againInMs === undefined) return;
        clock.set(clock.now() + Math.ceil(againInMs / 1000) * 1000);
      }
    },
  };
}

describe('an event', () => {
  test('is posted signed, with one id for the delivery, and kept as delivered', async () => {
    const bench = senderBench();
    expect(await sendEvent(envelope(), bench.deps)).toEqual({ againInMs: undefined });
    const [{ headers, body, url } = { headers: {}, body: '', url: '' }] = bench.sent;
    expect(url).toBe('https://hooks.acme.com/grace');
    const timestamp = Math.floor(START / 1000);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': bench.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signWebhook({ id: bench.id, timestamp, body }, readSecrets(SECRET)),
    });
    expect(JSON.parse(body)).toEqual({
      type: 'approval.requested',
      timestamp: envelope().time,
      data: {
        ...envelope().detail,
        correlationId: 'c-1',
        eventId: envelope().id,
        link: 'https://grace.acme.com/#/approvals/C1',
      },
    });
    expect(await bench.delivery()).toMatchObject({
      status: 'delivered',
      attempts: 1,
      outcome: 'HTTP_204',
      rev: 1,
      change: { event: 'webhook.delivered', contractId: 'C1', missionId: 'm-1', correlationId: 'c-1' },
    });
  });

  test('goes to those that want it, each once, however often its message comes', async () => {
    const bench = senderBench([OPS, CHAT]);
    await sendEvent(envelope(), bench.deps);
    await sendEvent(envelope(), bench.deps);
    expect(bench.sent.map(({ url }) => url)).toEqual(['https://hooks.acme.com/grace']);
    await sendEvent(envelope({ id: 'f'.repeat(64), type: 'agentic.escalated' }), bench.deps);
    expect(bench.sent.map(({ url }) => new URL(url).host).sort()).toEqual([
      'hooks.acme.com',
      'hooks.acme.com',
      'hooks.slack.com',
    ]);
  });

  test('that is not taken is tried for a day, with growing waits, and then buried once', async () => {
    const bench = senderBench();
    bench.answers.push(...Array<Answer>(100).fill(503));
    await bench.untilGone();
    const waits = bench.sent.slice(1).map(({ at }, index) => at - (bench.sent[index]?.at as number));
    expect(bench.sent.length).toBeGreaterThan(15);
    expect(waits[0]).toBeLessThanOrEqual(5_000);
    expect(Math.max(...waits)).toBeGreaterThan(3_600_000);
    expect((bench.sent.at(-1)?.at as number) - START).toBe(RETRY_FOR_MS);
    expect(bench.buried).toEqual([{ deliveryId: bench.id, webhook: 'ops', outcome: 'HTTP_503' }]);
    expect(await bench.delivery()).toMatchObject({ status: 'dead', attempts: bench.sent.length });
    expect(new Set(bench.sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const stamps = bench.sent.map(({ headers }) => headers['webhook-timestamp']);
    expect(new Set(stamps).size).toBe(stamps.length);
  });

  test('is delivered by the attempt that is taken, and by no more', async () => {
    const bench = senderBench();
    bench.answers.push(500, { kind: 'failed', code: 'TIMED_OUT' }, 302, 200);
    await bench.untilGone();
    expect(bench.sent).toHaveLength(4);
    expect(await bench.delivery()).toMatchObject({ status: 'delivered', attempts: 4, rev: 4 });
    expect((await bench.delivery())?.nextAt).toBeUndefined();
    expect(bench.buried).toEqual([]);
  });

  test('waits as long as the receiver asks', async () => {
    const bench = senderBench();
    bench.answers.push({ kind: 'answered', status: 429, retryAfterMs: 600_000 });
    expect(await sendEvent(envelope(), bench.deps)).toEqual({ againInMs: 600_000 });
    // A copy of the message that comes earlier sends nothing.
    bench.clock.set(START + 1_000);
    expect(await sendEvent(envelope(), bench.deps)).toEqual({ againInMs: 599_000 });
    expect(bench.sent).toHaveLength(1);
  });

  test('ends at once at a receiver that is gone for good', async () => {
    const bench = senderBench();
    bench.answers.push(410);
    await bench.untilGone();
    expect(await bench.delivery()).toMatchObject({ status: 'dead', outcome: 'HTTP_410', attempts: 1 });
    expect(bench.buried).toHaveLength(1);
  });

  test('of one webhook is not held up by another that fails', async () => {
    const bench = senderBench([OPS, { ...CHAT, events: ['approval.requested'] }]);
    bench.answers.push(500);
    await sendEvent(envelope(), bench.deps);
    expect(bench.sent).toHaveLength(2);
    bench.clock.set(START + 10_000);
    await sendEvent(envelope(), bench.deps);
    expect(bench.sent).toHaveLength(3);
    expect((await bench.deliveries.list(10)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  test('without a secret is an attempt that failed, says so, and shows nothing of what it holds', async () => {
    const bench = senderBench();
    bench.secrets.set('/grace/ops', 'hunter2hunter2');
    await sendEvent(envelope(), bench.deps);
    bench.secrets.delete('/grace/ops');
    bench.clock.set(START + 10_000);
    await sendEvent(envelope(), bench.deps);
    expect(bench.sent).toEqual([]);
    expect(bench.lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'SECRET_UNUSABLE', webhook: 'ops' }),
        expect.objectContaining({ code: 'SECRET_UNAVAILABLE', webhook: 'ops' }),
      ]),
    );
    expect(JSON.stringify([bench.lines, await bench.delivery()])).not.toContain('hunter2');
  });

  test('is signed with both secrets while one replaces the other', async () => {
    const bench = senderBench();
    const next = `whsec_${Buffer.alloc(32, 10).toString('base64')}`;
    bench.secrets.set('/grace/ops', `${next} ${SECRET}`);
    await sendEvent(envelope(), bench.deps);
    expect(bench.sent[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  });

  test('keeps no secret: not the URL of a chat, not the signing secret', async () => {
    const bench = senderBench([OPS, { ...CHAT, events: ['approval.requested'] }]);
    await sendEvent(envelope(), bench.deps);
    const kept = JSON.stringify([bench.table.items(), bench.lines]);
    expect(kept).not.toContain('verysecret');
    expect(kept).not.toContain(SECRET.slice(6, 20));
  });
});

describe('a crash', () => {
  test('between the last attempt and its record doubles the dead letter, and never loses it', async () => {
    const bench = senderBench();
    bench.answers.push(410, 410);
    const dying = {
      ...bench.deps,
      deliveries: {
        ...bench.deliveries,
        record: async () => {
          throw new Error('the process is gone');
        },
      },
    };
    await expect(sendEvent(envelope(), dying)).rejects.toThrow('the process is gone');
    await sendEvent(envelope(), bench.deps);
    expect(bench.buried).toHaveLength(2);
    expect(await bench.delivery()).toMatchObject({ status: 'dead', rev: 1 });
  });

  test('of the dead-letter queue leaves the delivery owed', async () => {
    const bench = senderBench();
    bench.answers.push(410);
    const bury = async () => {
      throw new Error('the queue does not answer');
    };
    await expect(sendEvent(envelope(), { ...bench.deps, deadLetters: { bury } })).rejects.toThrow();
    expect(await bench.delivery()).toBeUndefined();
  });

  test('of the one that sent, after its record: its own write is known again', async () => {
    const bench = senderBench();
    const lost = {
      ...bench.table,
      write: async (...all: Parameters<typeof bench.table.write>) => {
        await bench.table.write(...all);
        return bench.table.write(...all);
      },
    };
    expect(await sendEvent(envelope(), { ...bench.deps, deliveries: deliveryStore(lost) })).toEqual({
      againInMs: undefined,
    });
    expect(await bench.delivery()).toMatchObject({ status: 'delivered', rev: 1 });
  });

  test('two copies of a message at once leave one record, and the later looks at what it came to', async () => {
    const bench = senderBench();
    bench.answers.push(500, 200);
    const [a, b] = await Promise.all([sendEvent(envelope(), bench.deps), sendEvent(envelope(), bench.deps)]);
    expect([a.againInMs, b.againInMs].filter((ms) => ms === 0)).toHaveLength(1);
    await bench.untilGone();
    expect((await bench.delivery())?.status).toBe('delivered');
  });
});

describe('a message of the queue', () => {
  const message = (body: string) => ({ body, sentAt: START });
  test('is the event inside what EventBridge delivers', async () => {
    const bench = senderBench();
    const body = JSON.stringify({ source: 'grace', 'detail-type': 'approval.requested', detail: envelope() });
    expect(await takeMessage(message(body), bench.deps)).toEqual({ againInMs: undefined });
    expect(bench.sent).toHaveLength(1);
  });

  test.each(['', 'not JSON', '{}', '{"detail":{"id":"x"}}'])('%j is buried at once', async (body) => {
    const bench = senderBench();
    expect(await takeMessage(message(body), bench.deps)).toEqual({ againInMs: undefined });
    expect(bench.buried).toEqual([{ outcome: 'NOT_AN_EVENT', body }]);
  });

  test('that is in nobody’s hands after two days is buried before SQS forgets it', async () => {
    const bench = senderBench();
    bench.clock.set(START + 2 * RETRY_FOR_MS + 1);
    await takeMessage(message(JSON.stringify({ detail: envelope() })), bench.deps);
    expect(bench.buried).toEqual([
      { outcome: 'TOO_OLD', eventId: envelope().id, type: 'approval.requested' },
    ]);
    expect(bench.sent).toEqual([]);
  });
});

describe('a person', () => {
  test('sends a dead delivery once more, and it is theirs in the audit log', async () => {
    const bench = senderBench();
    bench.answers.push(410, 500, 204);
    await bench.untilGone();
    const ask = () => command({ do: 'redeliver', deliveryId: bench.id, by: 'ola' }, bench.deps);
    expect(await ask()).toEqual({ ok: false, outcome: 'HTTP_500', status: 'dead' });
    expect(await ask()).toEqual({ ok: true, outcome: 'HTTP_204', status: 'delivered' });
    expect(await bench.delivery()).toMatchObject({
      attempts: 3,
      rev: 3,
      change: { actor: 'ola', event: 'webhook.delivered' },
    });
    expect(bench.sent.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill(bench.id));
  });

  test('tries a webhook with an event that says so, of which nothing is kept', async () => {
    const bench = senderBench();
    expect(await command({ do: 'test', webhookId: 'ops' }, bench.deps)).toEqual({
      ok: true,
      outcome: 'HTTP_204',
    });
    expect(JSON.parse(bench.sent[0]?.body as string)).toMatchObject({ type: 'webhook.test' });
    expect(bench.table.items()).toEqual([]);
  });

  test('is told what there is not', async () => {
    const bench = senderBench([]);
    const unknown = { do: 'redeliver' as const, deliveryId: bench.id, by: 'ola' };
    expect(await command(unknown, bench.deps)).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await command({ do: 'test', webhookId: 'x' }, bench.deps)).toEqual({
      ok: false,
      code: 'NO_SUCH_WEBHOOK',
    });
  });
});
