import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import type { Envelope } from '../../shared/contracts/envelope';
import { eventBridgeMesh } from '../../shared/stores/aws/mesh';
import { NOWHERE } from '../support/aws-answers';

const client = new EventBridgeClient(NOWHERE);
const service = mockClient(client);
const mesh = eventBridgeMesh({ client, busName: 'trigger-mesh' });

beforeEach(() => {
  service.reset();
  service.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
});

const event = (n: number, detail: Envelope['detail'] = {}): Envelope => ({
  id: `event-${n}`,
  type: 'agentic.action_planned',
  version: 1,
  time: '2026-01-01T12:00:00.000Z',
  correlationId: 'C1',
  detail,
});
const sent = () => service.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);

describe('the mesh', () => {
  it('carries the envelope as it is, from the source grace', async () => {
    await mesh.publish([event(1)]);
    expect(sent()).toEqual([
      [
        {
          EventBusName: 'trigger-mesh',
          Source: 'grace',
          DetailType: 'agentic.action_planned',
          Time: new Date('2026-01-01T12:00:00Z'),
          Detail: JSON.stringify(event(1)),
        },
      ],
    ]);
  });

  it('sends ten at a time, in order, and nothing for nothing', async () => {
    await mesh.publish(Array.from({ length: 23 }, (_, n) => event(n)));
    expect(sent().map((entries) => entries.length)).toEqual([10, 10, 3]);
    expect(
      sent()
        .flat()
        .map(({ Detail }) => JSON.parse(Detail ?? '').id),
    ).toEqual(Array.from({ length: 23 }, (_, n) => `event-${n}`));
    service.resetHistory();
    await mesh.publish([]);
    expect(sent()).toEqual([]);
  });

  it('keeps each request under a megabyte, counted in bytes', async () => {
    // Two bytes a letter: three of these are under a million letters, and over a million bytes.
    const large = { text: 'ä'.repeat(200_000) };
    await mesh.publish([event(1, large), event(2, large), event(3, large)]);
    expect(sent().map((entries) => entries.length)).toEqual([2, 1]);
  });

  it('sends nothing when one event is too large for any request', async () => {
    const tooLarge = event(2, { text: 'x'.repeat(1_000_001) });
    await expect(mesh.publish([event(1), tooLarge])).rejects.toMatchObject({ name: 'MeshPublishError' });
    expect(sent()).toEqual([]);
  });

  it('throws for the batch when one was not taken', async () => {
    service.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' }],
    });
    await expect(mesh.publish([event(1), event(2)])).rejects.toMatchObject({
      name: 'MeshPublishError',
      message: '1 of 2 events were not taken: ThrottlingException',
    });
  });

  it('refuses error events, which the intake would not take from it', async () => {
    await expect(mesh.publish([{ ...event(1), type: 'error.detected' }])).rejects.toMatchObject({
      name: 'MeshPublishError',
    });
    expect(sent()).toEqual([]);
  });
});
