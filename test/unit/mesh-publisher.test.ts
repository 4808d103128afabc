import { envelopeId, publishChanges } from '../../functions/mesh-publisher/mesh-publisher';
import type { Envelope } from '../../shared/contracts/envelope';
import { MESH_DETAILS, meshEventSchema, meshJsonSchemas } from '../../shared/contracts/mesh-events';
import { EVENT_TYPES, type EventType } from '../../shared/domain/event-types';
import {
  answerKey,
  benchmarkKey,
  canaryKey,
  contractKey,
  epochKey,
  errorKey,
  jobKey,
  missionKey,
  outcomeKey,
  quarantineKey,
} from '../../shared/domain/keys';
import { EPOCH_CLOSED } from '../../shared/domain/log-epochs';
import type { Attribute, Item, Key } from '../../shared/ports/table';
import { MISSION_ID, stateTable } from '../support/audit-scenario';

const ID = '01K2Z8WQX3M5N7P9R1T3V5W7Y9';
const CONTRACT = contractKey(ID);

const FIELDS: Record<string, Attribute> = {
  contractId: ID,
  missionId: MISSION_ID,
  status: 'denied',
  mode: 'act',
  tier: 2,
  playbook: 'scale-out-web',
  planHash: 'a'.repeat(64),
  verdict: 'met',
  confidence: 0.97,
  reason: 'BUDGET',
  taskToken: 'AQCEAAAAKgAAAAMAAAAA',
  approval: {
    generation: 1,
    quorum: 2,
    expiresAt: 1_767_614_400_000,
    eligible: ['ann@example.com', 'bob@example.com'],
    excluded: new Set(['eve@example.com']),
    votes: {
      'ann@example.com': { decision: 'deny', at: 1, planHash: 'b', reason: 'never on a friday' },
      'bob@example.com': { decision: 'approve', at: 2, planHash: 'b', reason: 'fine by me' },
    },
    callback: { due: true },
  },
};

function mesh() {
  const sent: Envelope[] = [];
  const logged: unknown[] = [];
  const log = (_message: string, fields: unknown) => void logged.push(fields);
  const deps = {
    mesh: { publish: async (events: readonly Envelope[]) => void sent.push(...events) },
    logger: { info: () => undefined, warn: log, error: log },
  };
  return { sent, logged, deps };
}

async function published(key: Key, fields: Record<string, Attribute>, event: string) {
  const { sent, logged, deps } = mesh();
  const state = stateTable();
  await state.change(key, fields, { event });
  await publishChanges(state.records, deps);
  return { sent, logged };
}

describe('the mesh publisher', () => {
  test('sends the event of a contract’s change, with what is allowed and nothing else', async () => {
    const { sent } = await published(CONTRACT, FIELDS, 'agentic.action_not_taken');
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      id: envelopeId({ ...CONTRACT, rev: 1, event: 'agentic.action_not_taken' }),
      type: 'agentic.action_not_taken',
      version: 1,
      time: '2026-01-05T12:00:00.001Z',
      correlationId: '4c1f2d9e-6a57-4a38-9a8e-0d3c5b7e9f11',
      missionId: MISSION_ID,
    });
    expect(sent[0]?.detail).toEqual({
      contractId: ID,
      missionId: MISSION_ID,
      status: 'denied',
      rev: 1,
      mode: 'act',
      tier: 2,
      playbook: 'scale-out-web',
      reason: 'BUDGET',
      verdict: 'met',
      confidence: 0.97,
    });
  });

  test('never shows tokens, voters or their words', async () => {
    for (const event of ['approval.rejected', 'agentic.action_not_taken']) {
      const words = { ...FIELDS, reason: 'never on a friday' };
      const { sent } = await published(CONTRACT, words, event);
      expect(sent).toHaveLength(1);
      expect(JSON.stringify(sent)).not.toMatch(/AQCE|friday|fine by me|ann@|eve@|planHash/);
    }
    const { sent } = await published(CONTRACT, { ...FIELDS, reason: 'NO' }, 'approval.rejected');
    expect(sent[0]?.detail).toMatchObject({ approvals: 1, denials: 1, quorum: 2, generation: 1 });
    expect(sent[0]?.detail).not.toHaveProperty('reason');
  });

  test('names people only where they are to be called, and says when the glass was broken', async () => {
    const approval = {
      ...(FIELDS['approval'] as Record<string, Attribute>),
      escalation: ['boss@example.com'],
      escalatedAt: 3,
      brokenBy: 'eve@example.com',
    };
    const detailOf = async (event: string) =>
      (await published(CONTRACT, { ...FIELDS, approval }, event)).sent[0]?.detail;
    expect(await detailOf('approval.escalated')).toMatchObject({ escalatedTo: ['boss@example.com'] });
    const granted = await detailOf('approval.granted');
    expect(granted).toMatchObject({ brokenGlass: true });
    expect(JSON.stringify(granted)).not.toContain('example.com');
  });

  test('sends the canary’s song, with its rev and nothing else', async () => {
    const { sent } = await published(canaryKey, { series: 1_767_614_400_000 }, 'audit.canary');
    expect(sent.map(({ type, detail }) => [type, detail])).toEqual([['audit.canary', { rev: 1 }]]);
  });

  test('tells which epoch of the audit log was closed, not who did it nor why', async () => {
    const fields = { epoch: 3, by: 'root', reason: 'a key may be known', at: 1 };
    const { sent } = await published(epochKey, fields, EPOCH_CLOSED);
    expect(sent.map(({ type, detail }) => [type, detail])).toEqual([
      ['audit.epoch_closed', { epoch: 3, rev: 1 }],
    ]);
    expect(meshEventSchema('audit.epoch_closed').parse(sent[0])).toBeDefined();
  });

  test.each([
    ['an epoch’s closing that another item tells of', CONTRACT, 'audit.epoch_closed'],
    ['an answer to the canary', answerKey('relay'), 'audit.canary_answered'],
    ['a song of another item', answerKey('relay'), 'audit.canary'],
    ['error.* events', errorKey('e1'), 'error.detected'],
    ['internal events', CONTRACT, 'contract.verifying'],
    ['a sibling’s copy of the event', outcomeKey(ID), 'agentic.problem_resolved'],
    [
      'a mission’s record of the event, which would go in a circle',
      missionKey(MISSION_ID),
      'agentic.problem_resolved',
    ],
    ['the sequencer’s own events', CONTRACT, 'audit.anomaly_detected'],
    ['events of counters and leases', { pk: `LOCK#${ID}`, sk: 'CONTRACT' }, 'agentic.escalated'],
  ])('does not send %s', async (_name, key, event) => {
    expect(await published(key, FIELDS, event)).toEqual({ sent: [], logged: [] });
  });

  test('sends nothing for a change by hand or a removal', async () => {
    const { sent, deps } = mesh();
    const state = stateTable();
    await state.change(CONTRACT, FIELDS, { event: 'agentic.escalated' });
    const item = (await state.table.get(CONTRACT)) as Item;
    await state.write({ kind: 'put', item: { ...item, status: 'resolved' } });
    await state.write({ kind: 'put', item: { ...CONTRACT, rev: 3, note: 'no change at all' } });
    await state.write({ kind: 'delete', key: CONTRACT });
    await publishChanges(state.records, deps);
    expect(sent.map(({ detail }) => detail['status'])).toEqual(['denied']);
  });

  test('passes over an item that is not what it should be, and says which fields', async () => {
    const { sent, logged } = await published(
      CONTRACT,
      { ...FIELDS, tier: 'secret words', status: 'x' },
      'agentic.escalated',
    );
    expect(sent).toEqual([]);
    expect(logged).toMatchObject([{ code: 'EVENT_DETAIL_INVALID', fields: ['status', 'tier'] }]);
    expect(JSON.stringify(logged)).not.toContain('secret words');
  });

  test('throws for the batch, and sends the same ids again', async () => {
    const state = stateTable();
    await state.change(CONTRACT, FIELDS, { event: 'agentic.escalated' });
    await state.change(CONTRACT, FIELDS, { event: 'agentic.escalated' });
    const failing = { publish: async () => Promise.reject(new Error('1 of 2 events failed')) };
    const { sent, deps } = mesh();
    await expect(publishChanges(state.records, { ...deps, mesh: failing })).rejects.toThrow('1 of 2');
    await publishChanges(state.records, deps);
    await publishChanges(state.records, deps);
    const ids = sent.map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(ids.slice(2));
    expect(new Set(ids).size).toBe(2);
  });

  test('sends jobs and benchmark runs', async () => {
    const job = await published(
      jobKey('j1'),
      { type: 'bootstrap', status: 'completed', payload: 'x' },
      'job.completed',
    );
    expect(job.sent[0]?.detail).toEqual({ jobId: 'j1', type: 'bootstrap', status: 'completed' });
    const run = { phase: 'after', n: 1, measuredAt: 5, endsAt: 4, observations: [{ kind: 'metric' }] };
    const metric = await published(benchmarkKey(ID, 'after', 1), run, 'metric.published');
    expect(metric.sent[0]?.detail).toEqual({
      contractId: ID,
      phase: 'after',
      n: 1,
      measuredAt: 5,
      endsAt: 4,
    });
  });

  test('tells which quarantined event was released, not what it says nor why', async () => {
    const id = '0123456789abcdef0123456789abcdef01234567';
    const fields = {
      code: 'SHELL_INJECTION',
      excerpt: '; rm -rf /',
      body: '{"id":"e1"}',
      released: { by: 'ana', reason: 'ours', at: 1 },
    };
    const { sent } = await published(quarantineKey(id), fields, 'quarantine.released');
    expect(sent.map(({ detail }) => detail)).toEqual([{ quarantineId: id, rev: 1 }]);
    expect((await published(quarantineKey(id), fields, 'error.quarantined')).sent).toEqual([]);
  });
});

describe('the schemas of the mesh', () => {
  test('are there for every event type, in version 1, and published events fit them', async () => {
    expect(Object.keys(MESH_DETAILS).sort()).toEqual(Object.keys(EVENT_TYPES).sort());
    const types = (Object.keys(EVENT_TYPES) as EventType[]).filter((type) =>
      /^(agentic|approval)\./.test(type),
    );
    for (const type of types) {
      const { sent } = await published(CONTRACT, FIELDS, type);
      expect(meshEventSchema(type).parse(sent[0])).toBeDefined();
    }
    const { sent } = await published(CONTRACT, FIELDS, 'approval.granted');
    expect(meshEventSchema('approval.rejected').safeParse(sent[0]).success).toBe(false);
  });

  test('are exported as JSON Schema that takes no other fields', () => {
    const schemas = meshJsonSchemas();
    expect(Object.keys(schemas).sort()).toEqual(Object.keys(EVENT_TYPES).sort());
    expect(schemas['agentic.escalated']).toMatchObject({
      $id: 'urn:grace:mesh:agentic.escalated:1',
      additionalProperties: false,
      properties: { type: { const: 'agentic.escalated' }, detail: { additionalProperties: false } },
    });
  });
});
