import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { withClosing } from '../../functions/audit-sequencer/close-epoch';
import { decide } from '../../functions/decide/decide';
import type { LogEpochView } from '../../shared/contracts/api/audit';
import { epochKey } from '../../shared/domain/keys';
import { auditStore } from '../../shared/stores/audit-store';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { stateTable } from '../support/audit-scenario';
import { logicBench, peopleOf } from '../support/logic-bench';
import { grace, graceJson, scratch } from '../support/memory-io';

const NAMED = { approvers: ['ana'], administrators: ['root', 'admin'] };

/** A log with an entry, and people who command. */
async function withLog() {
  const plain = logicBench();
  const log = auditStore(createMemoryTable({ clock: plain.clock }), {
    clock: plain.clock,
    random: () => 0.5,
  });
  const bench = { ...plain, ...peopleOf(plain, NAMED), log };
  const state = stateTable();
  await state.change({ pk: 'MISSION#M1', sk: 'MISSION' });
  await log.append(state.records.map(attributeRecord), plain.clock.now());
  const close = (who: string, epoch: unknown = 1, reason: unknown = 'because') =>
    decide({ decision: 'close_epoch', epoch, reason, proof: { token: who } }, bench);
  /** What the sequencer does when it meets the order. */
  const meet = async () => {
    const after = await bench.table.get(epochKey);
    const record = {
      keys: epochKey,
      eventId: `e${after?.['rev']}`,
      before: undefined,
      after,
      expired: false,
    };
    const draft = { ...attributeRecord(record as never), aside: false };
    await log.append(
      [withClosing({ ...draft, facts: { ...draft.facts, attributed: true } }, 'grace/a/b/c')],
      1,
    );
  };
  return { bench, close, meet, log };
}

describe('closing an epoch of the audit log', () => {
  test('is for administrators, who say why, and is one audited change', async () => {
    const { bench, close } = await withLog();
    expect(await close('ana')).toMatchObject({ ok: false, code: 'NOT_ADMINISTRATOR' });
    expect(await close('nobody')).toMatchObject({ ok: false, code: 'NOT_ADMINISTRATOR' });
    expect(await close('root', 1, '')).toMatchObject({ code: 'BAD_REASON' });
    for (const epoch of [0, -1, 1.5, '1'])
      expect(await close('root', epoch)).toMatchObject({ code: 'BAD_EPOCH' });
    expect(await bench.table.get(epochKey)).toBeUndefined();
    expect(await close('root')).toEqual({ ok: true, epoch: 1, by: 'root' });
    expect(await bench.table.get(epochKey)).toMatchObject({
      rev: 1,
      epoch: 1,
      change: { event: 'audit.epoch_closed', actor: 'root', reason: 'because' },
    });
  });

  test('repeated is the same order, also after the epoch has ended', async () => {
    const { bench, close, meet, log } = await withLog();
    await close('root');
    expect(await close('root')).toEqual({ ok: true, epoch: 1, by: 'root' });
    await meet();
    expect((await log.head()).epoch).toBe(2);
    expect(await close('root')).toEqual({ ok: true, epoch: 1, by: 'root' });
    expect(await bench.table.get(epochKey)).toMatchObject({ rev: 1 });
  });

  test('is refused while another order is on its way, and of an epoch that is not open', async () => {
    const { close, meet } = await withLog();
    expect(await close('root', 2)).toMatchObject({ code: 'EPOCH_NOT_OPEN' });
    await close('root');
    expect(await close('admin')).toMatchObject({ code: 'CLOSING_UNDER_WAY' });
    expect(await close('root', 2)).toMatchObject({ code: 'CLOSING_UNDER_WAY' });
    await meet();
    expect(await close('admin')).toMatchObject({ code: 'EPOCH_NOT_OPEN' });
    expect(await close('admin', 2)).toEqual({ ok: true, epoch: 2, by: 'admin' });
  });

  test('by two at once is one order', async () => {
    const { bench, close } = await withLog();
    const answers = await Promise.all([close('root'), close('admin')]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await bench.table.get(epochKey)).toMatchObject({ rev: 1 });
  });

  test('of a log without an entry is refused', async () => {
    const { bench } = await withLog();
    const command = { decision: 'close_epoch', epoch: 1, reason: 'x', proof: { token: 'root' } };
    const empty = { ...bench, log: logicBench().log };
    expect(await decide(command, empty)).toMatchObject({ code: 'EPOCH_EMPTY' });
  });
});

describe('grace audit close-epoch', () => {
  const { cwd, remove } = scratch();
  beforeAll(async () => {
    await grace(cwd, ['demo', '--json']);
  });
  afterAll(remove);
  const close = (...args: string[]) => graceJson(cwd, ['audit', 'close-epoch', ...args]);

  test('ends the epoch of a saved run, once for the same number, and the log goes on', async () => {
    const reason = ['--reason', 'a key may be known'];
    expect(await close(...reason)).toEqual({
      code: 0,
      value: { ok: true, epoch: 1, by: 'operator', open: 2 },
    });
    expect((await close(...reason, '--epoch', '1')).value).toMatchObject({ ok: true, open: 2 });
    expect(await close(...reason, '--as', 'alice')).toMatchObject({
      code: 1,
      value: { code: 'NOT_ADMINISTRATOR' },
    });
    const { value } = await graceJson<{
      verified: boolean;
      checks: { code: string; epoch?: number; status: string }[];
    }>(cwd, ['audit', 'verify']);
    expect(value.verified).toBe(true);
    expect(value.checks).toContainEqual(
      expect.objectContaining({ code: 'EPOCH_LINK', epoch: 2, status: 'ok' }),
    );
  });

  test('is told of with who, when and why beside how each epoch stands', async () => {
    const { value } = await graceJson<LogEpochView[]>(cwd, ['audit', 'epochs']);
    const [open, closed] = value;
    expect(open).toMatchObject({ epoch: 2, status: 'open', entries: 1, signed: 1, closedBy: null });
    expect(closed).toMatchObject({
      epoch: 1,
      status: 'closed',
      from: 0,
      entries: open?.from,
      signed: open?.from,
      closedBy: 'operator',
      reason: 'a key may be known',
      closedAt: expect.stringMatching(/^2026-/),
      root: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const { out } = await grace(cwd, ['audit', 'epochs', '--limit', '1']);
    expect(out).toMatch(/^epoch 2 {2}open {5}entries \d+ to \d+ {2}signed 1 of 1$/);
    const { out: all } = await grace(cwd, ['audit', 'epochs']);
    expect(all).toContain(`    ${closed?.closedAt} by operator: a key may be known`);
  });

  test('leaves exports whose checkpoint is said to be signed by the key that signed it, and by no other', async () => {
    const { out: list } = await grace(cwd, ['contract', 'list', '--json']);
    const contractId = /"contractId":\s*"([^"]+)"/.exec(list)?.[1] ?? '';
    await grace(cwd, ['audit', 'export', contractId, 'evidence.json']);
    const { value } = await graceJson<{ checks: { code: string; detail: string }[] }>(cwd, [
      'audit',
      'verify',
      'evidence.json',
    ]);
    const signed = value.checks.find(({ code }) => code === 'SIGNATURES');
    expect(signed?.detail).toMatch(
      /^1 checkpoint signed by grace\/grace\/123456789012\/us-east-1\/1\+[0-9a-f]{8}$/,
    );
  });

  test('leaves a log whose dump, proofs and newest checkpoint are as good as before', async () => {
    await grace(cwd, ['audit', 'dump', 'log.jsonl']);
    const dump = await graceJson<{ of: string; checks: { code: string; status: string }[] }>(cwd, [
      'audit',
      'verify',
      'log.jsonl',
    ]);
    expect([dump.code, dump.value.of]).toEqual([0, 'dump']);
    expect(dump.value.checks.find(({ code }) => code === 'EPOCH_LINK')).toMatchObject({ status: 'ok' });
    const { out } = await grace(cwd, ['audit', 'checkpoint']);
    expect(out).toMatch(/^grace\/grace\/123456789012\/us-east-1\/2\n1\n/);
    const { value } = await graceJson<{ entries: number }>(cwd, ['audit', 'verify']);
    for (const [seq, index] of [
      [3, 3],
      [value.entries - 1, 0],
    ] as const) {
      await grace(cwd, ['audit', 'proof', String(seq), 'one.tlog-proof']);
      expect(readFileSync(join(cwd, 'one.tlog-proof'), 'utf8')).toContain(`\nindex ${index}\n`);
      expect((await grace(cwd, ['audit', 'verify', 'one.tlog-proof'])).code).toBe(0);
    }
  });

  test('a witness goes on from the checkpoint that it signed of the closed epoch', async () => {
    const last = readdirSync(join(cwd, '.grace/seal/epoch-1/checkpoints')).sort()[3] ?? '';
    cpSync(join(cwd, '.grace/seal/epoch-1/checkpoints', last), join(cwd, 'kept'));
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(join(cwd, 'witness.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const { code, value } = await graceJson<{ note: string }>(cwd, [
      ...['audit', 'witness', '.grace/seal', '--name', 'example.org/w', '--private-key', 'witness.pem'],
      ...['--since', 'kept'],
    ]);
    expect([code, value.note]).toEqual([0, expect.stringMatching(/\/2\n1\n/)]);
  });

  test('a run that was saved before there were epochs is taken up as the first one', async () => {
    const old = scratch();
    cpSync(join(cwd, '.grace'), join(old.cwd, '.grace'), { recursive: true });
    await grace(old.cwd, ['demo', '--json']);
    const seal = join(old.cwd, '.grace/seal');
    renameSync(join(seal, 'epoch-1'), join(old.cwd, 'flat'));
    rmSync(seal, { recursive: true });
    renameSync(join(old.cwd, 'flat'), seal);
    expect((await grace(old.cwd, ['audit', 'verify'])).code).toBe(0);
    expect((await grace(old.cwd, ['audit', 'check'])).code).toBe(0);
    expect(existsSync(join(seal, 'checkpoint'))).toBe(false);
    expect((await grace(old.cwd, ['audit', 'verify'])).code).toBe(0);
    old.remove();
  });

  test('needs a reason, and a number that is one', async () => {
    expect((await grace(cwd, ['audit', 'close-epoch'])).code).toBe(2);
    expect((await grace(cwd, ['audit', 'close-epoch', '--reason', 'x', '--epoch', '0'])).code).toBe(2);
  });
});
