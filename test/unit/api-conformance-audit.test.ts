/** Routes of the audit log: each documented status, each answer held against the OpenAPI document. */

import { createHash } from 'node:crypto';
import { parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { verifyInclusion } from '../../shared/domain/tlog/merkle-proof';
import { parseNote } from '../../shared/domain/tlog/signed-note';
import { findingStore } from '../../shared/stores/finding-store';
import type { Call } from '../support/api-bench';
import { everyRouteRefuses, readingAnswers } from '../support/route-conformance';
import { type RoutesBench, routesBench } from '../support/routes-bench';

let bench: RoutesBench;
beforeAll(async () => {
  bench = await routesBench();
}, 120_000);
afterAll(() => bench.close());

describe('reading', () => {
  readingAnswers('audit', () => bench);

  test('entries of the log come with the bytes that their links are of', async () => {
    const { json } = await bench.call('listEntries', { as: 'paul', query: 'limit=3&from=0' });
    for (const { bytes, link } of json.data.entries) {
      const leaf = Buffer.concat([Buffer.from([0]), Buffer.from(bytes, 'base64')]);
      expect(createHash('sha256').update(leaf).digest('hex')).toBe(link);
    }
    expect(json.data.entries.map(({ seq }: { seq: number }) => seq)).toEqual([0, 1, 2]);
    const next = await bench.call('listEntries', { as: 'paul', query: `limit=2&cursor=${json.meta.next}` });
    expect(next.json.data.entries.map(({ seq }: { seq: number }) => seq)).toEqual([3, 4]);
  });

  test('activity is counted by the hour and by the part of Grace that acted', async () => {
    const hours = (await bench.call('getActivity', { as: 'paul', query: 'hours=3' })).json.data;
    expect(hours.length).toBeGreaterThan(1);
    // Counted up to the last check, which an hour that has just begun has not had yet.
    const hourBefore = (ms: number) => new Date(Date.now() - ms).toISOString().slice(0, 13);
    expect([hourBefore(0), hourBefore(3600_000)]).toContain(hours.at(-1).hour);
    const entries = hours.flatMap(({ activity }: { activity: object }) => Object.values(activity));
    expect(entries.reduce((sum: number, count: number) => sum + count, 0)).toBeGreaterThan(50);
    expect(await bench.call('getActivity', { as: 'paul', query: 'hours=1000' })).toMatchObject({
      code: 'INVALID_PARAMETER',
    });
  });

  test('a proof leads from an entry to the newest signed checkpoint, and holds', async () => {
    const { proof, checkpoint, entry } = (await bench.call('getProof', { as: 'paul', params: { seq: 3 } }))
      .json.data;
    const { root } = parseCheckpoint(parseNote(checkpoint.note).text);
    const holds = verifyInclusion({
      index: 3,
      size: checkpoint.size,
      leafHash: Buffer.from(entry.link, 'hex'),
      proof: proof.map((hash: string) => Buffer.from(hash, 'base64')),
      root,
    });
    expect(holds).toBe(true);
    const listed = await bench.call('listCheckpoints', { as: 'paul', query: 'limit=1' });
    expect(listed.json.data).toEqual([checkpoint]);
  });
});

describe('writing', () => {
  test('carla closes an epoch of the audit log, and nobody closes it again', async () => {
    const close = (as: string, epoch: number) =>
      bench.call('closeEpoch', { as, body: { epoch, reason: 'an incident' } });
    expect(await close('anna', 1)).toMatchObject({ status: 403 });
    expect(await close('carla', 2)).toMatchObject({ status: 409, code: 'EPOCH_NOT_OPEN' });
    expect(await close('carla', 1)).toMatchObject({ status: 202, json: { data: { epoch: 1 } } });
    expect(await close('carla', 1)).toMatchObject({ status: 202 });
    expect(await close('carla', 0)).toMatchObject({ status: 422, code: 'BODY_INVALID' });
    // As closed or, until the log has the order, as closing.
    const epochs = (await bench.call('listEpochs', { as: 'paul' })).json.data;
    expect(epochs.at(-1)).toMatchObject({
      epoch: 1,
      from: 0,
      status: expect.stringMatching(/^clos/),
      closedBy: expect.stringMatching(/#carla$/),
      reason: 'an incident',
    });
    expect(await bench.call('listEpochs', { as: 'anna' })).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('a finding says what it means and what to do, and is closed once, with a reason', async () => {
    const found = { kind: 'SEQ_GAP', pk: '', sk: '', seq: 4, detail: 'entry 4 is missing' } as const;
    const at = Date.now();
    await findingStore(bench.ports.state).open(found, { actor: 'audit-check', reason: 'SEQ_GAP', at });
    const [open] = (await bench.call('listFindings', { as: 'paul' })).json.data;
    expect(open).toMatchObject({
      status: 'open',
      kind: 'SEQ_GAP',
      seq: 4,
      means: 'Entries are missing inside the log.',
      todo: expect.stringContaining('CloudTrail'),
    });
    const close: Call = { as: 'paul', params: { id: open.findingId }, body: { reason: 'our own test' } };
    expect((await bench.call('closeFinding', close)).json.data.status).toBe('closed');
    expect(await bench.call('closeFinding', close)).toMatchObject({ status: 404 });
    const [closed] = (await bench.call('listFindings', { as: 'paul' })).json.data;
    expect(closed).toMatchObject({ status: 'closed', reason: 'our own test' });
  });
});

everyRouteRefuses('audit', () => bench);
