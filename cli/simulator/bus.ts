import type { SentinelOutput } from '../../functions/sentinel/sentinel';
import type { Sent } from '../../functions/webhook-sender/webhook-sender';
import type { Envelope } from '../../shared/contracts/envelope';
import type { Settings } from '../../shared/contracts/settings';
import { songNotice } from '../../shared/contracts/song-notice';
import { WEBHOOK_EVENTS } from '../../shared/contracts/webhook';
import { CANARY_EVENT } from '../../shared/domain/subsystems';
import { DECISION_EVENTS, FUNCTIONS, type FunctionName, MESH_SOURCE } from '../../shared/names';
import type { Invoke } from './invoker';
import type { Kernel } from './kernel';
import { createQueue } from './queue';

export interface BusOptions {
  readonly kernel: Kernel;
  readonly random: () => number;
  readonly invoke: Invoke;
  /** Takes the canary's songs, and nothing else. */
  readonly invokeSong: Invoke;
  readonly settings: Pick<Settings, 'webhooks'>;
  readonly onDecisions?: (output: SentinelOutput) => void;
  readonly onPublished?: (envelope: Envelope) => void;
}

/** The Trigger Mesh in the simulator: the rules of the bus, the queues behind them, and who takes from those. */
export interface Bus {
  /** One message for the intake queue, as a rule makes it of what is not Grace's own. */
  intake(body: string): void;
  /** Wakes the relay, beside the rule, as the reaper does. */
  relay(contractId: string): void;
  /** An event of Grace's own goes where its rules send it. */
  publish(envelope: Envelope): void;
  isEmpty(): boolean;
  /** What was tried as often as it may be. */
  dead(): readonly unknown[];
}

export function createBus({ kernel, random, invoke, invokeSong, settings, ...listeners }: BusOptions): Bus {
  /** By whom a message is taken, and what it is about. */
  const takerOf = (message: string | Record<string, unknown> | undefined) => {
    const song = typeof message === 'string' ? songNotice(message)?.song : message?.['song'];
    const contractId = typeof message === 'object' ? message['contractId'] : undefined;
    if (song !== undefined) return { run: invokeSong, about: { contractId: `canary-${song}` } };
    return { run: invoke, about: contractId === undefined ? {} : { contractId: String(contractId) } };
  };
  const intake = createQueue<string>({
    kernel,
    name: 'intake',
    batchSize: 10,
    concurrency: 5,
    visibilityMs: 180_000,
    maxReceives: 5,
    random,
    handle: async (batch, receives) => {
      const records = batch.map((body, index) => ({ messageId: String(index), body }));
      const takers = batch.map(takerOf);
      const { run, about } = takers.find((taker) => taker.run === invoke) ?? takerOf(batch[0]);
      const output = (await run(FUNCTIONS.sentinel, records, {
        attempt: receives,
        ...about,
      })) as SentinelOutput;
      listeners.onDecisions?.(output);
      return output.failed.map(Number);
    },
  });
  const messages = (name: FunctionName) =>
    createQueue<Record<string, unknown>>({
      kernel,
      name,
      batchSize: 1,
      concurrency: 4,
      visibilityMs: 180_000,
      maxReceives: 6,
      random,
      handle: async ([message], receives) => {
        const { run, about } = takerOf(message);
        await run(name, message, { attempt: receives, ...about });
        return [];
      },
    });
  const relay = messages(FUNCTIONS.relay);
  const replan = messages(FUNCTIONS.replanner);
  const recorder = messages(FUNCTIONS.recorder);
  const webhooks = createQueue<{ readonly body: string; readonly sentAt: number }>({
    kernel,
    name: FUNCTIONS.webhookSender,
    batchSize: 1,
    concurrency: 5,
    visibilityMs: 360_000,
    maxReceives: 1000,
    random,
    handle: async ([message], receives) => {
      const { run, about } = takerOf(message?.body);
      const { againInMs } = (await run(FUNCTIONS.webhookSender, message, {
        attempt: receives,
        ...about,
      })) as Sent;
      return againInMs === undefined ? [] : [{ position: 0, inMs: againInMs }];
    },
  });
  const queues = [intake, relay, replan, recorder, webhooks];

  return {
    intake: (body) => intake.send(body),
    relay: (contractId) => relay.send({ contractId }),
    publish(envelope) {
      listeners.onPublished?.(envelope);
      const { type, detail } = envelope;
      const { contractId, missionId, status, rev } = detail;
      const body = JSON.stringify({ source: MESH_SOURCE, 'detail-type': type, detail: envelope });
      if (type === CANARY_EVENT) {
        intake.send(body);
        relay.send({ song: detail['rev'] });
        recorder.send({ song: detail['rev'] });
        webhooks.send({ body, sentAt: kernel.now() });
      }
      if (type === 'quarantine.released') intake.send(body);
      if (DECISION_EVENTS.includes(type)) relay.send({ contractId });
      if (type === 'approval.replan_requested') replan.send({ contractId });
      if (type.startsWith('agentic.') || type.startsWith('approval.'))
        recorder.send({ event: type, at: Date.parse(envelope.time), contractId, missionId, status, rev });
      if (settings.webhooks.length > 0 && (WEBHOOK_EVENTS as readonly string[]).includes(type))
        webhooks.send({ body: JSON.stringify({ detail: envelope }), sentAt: kernel.now() });
    },
    isEmpty: () => queues.every((queue) => queue.size() === 0),
    dead: () => queues.flatMap((queue) => [...queue.dead]),
  };
}
