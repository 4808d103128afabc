import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { readRun } from '../../cli/emulator/emulator-process';
import { sealPrefix } from '../../shared/contracts/log-origin';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { answerKey, canaryKey, contractKey, missionKey } from '../../shared/domain/keys';
import { SINGERS } from '../../shared/domain/subsystems';
import { parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { parseNote, verifyNote } from '../../shared/domain/tlog/signed-note';
import { encodeKey, verifierKey } from '../../shared/domain/tlog/verifier-key';
import { FUNCTIONS, METRIC_NAMESPACE } from '../../shared/names';
import type { Item } from '../../shared/ports/table';
import { systemClock } from '../../shared/runtime/clock';
import { auditProofs } from '../../shared/stores/audit-proofs';
import { auditStore } from '../../shared/stores/audit-store';
import { s3Options } from '../../shared/stores/aws/evidence';
import { callFunction } from '../../shared/stores/aws/functions';
import { kmsSigner } from '../../shared/stores/aws/kms-signer';
import { sealBucket } from '../../shared/stores/aws/seal-bucket';
import { canaryStore } from '../../shared/stores/canary-store';
import { checkpointStore } from '../../shared/stores/checkpoint-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { loggedItems } from '../../shared/stores/logged-items';
import { changeOf, MISSION_ID } from '../support/audit-scenario';
import { metricId } from '../support/embedded-metrics';
import { emulatorApi } from '../support/emulator-api';
import { measuredBy } from '../support/emulator-metrics';
import { broughtUp, TEST_DIRECTORY } from '../support/emulator-run';
import { eventually } from '../support/eventually';
import { killWorkers } from '../support/lambda-workers';
import { jsonOf, runGrace } from '../support/run-grace';

/** The log of a deployed stack, while its sequencers are killed. The other emulator tests' changes are in it too. */
const CONTRACTS = 500;
const REVS = 4;
const WRITERS = 20;
const KILL_EVERY_MS = 1500;
const MINUTE = 60_000;
jest.setTimeout(6 * MINUTE);

const up = broughtUp();
const output = (name: string): string => up.outputs[name] ?? '';
const client = new DynamoDBClient({});
const state = createDynamoTable({ client, tableName: output('StateTable') });
const audit = createDynamoTable({ client, tableName: output('AuditTable'), indexes: {} });
const log = auditStore(audit, { clock: systemClock, random: Math.random });
const checkpoints = (epoch: number) => checkpointStore(audit, { epoch });
const s3 = new S3Client(s3Options());
const sealed = sealBucket({ client: s3, bucket: output('SealBucket'), prefix: '' });
const lambda = new LambdaClient({});
const kms = new KMSClient({});
const ids = Array.from({ length: CONTRACTS }, (_, n) => `audit-${String(n).padStart(4, '0')}`);
const call = (name: string, payload: object = {}) => callFunction(lambda, `${up.stack}-${name}`, payload);

let killed = 0;
let exported: string;

beforeAll(async () => {
  let isWriting = true;
  const killing = (async () => {
    while (isWriting) {
      await sleep(KILL_EVERY_MS);
      killed += killWorkers(readRun(TEST_DIRECTORY)?.pid ?? -1, `${up.stack}-${FUNCTIONS.auditSequencer}`);
    }
  })();
  const mission = missionKey(MISSION_ID);
  const change = { ...changeOf(mission, 1), contractId: ids[0] as string, at: Date.now() };
  await state.write([{ kind: 'put', item: { ...mission, rev: 1, missionId: MISSION_ID, change } as Item }]);
  const left = [...ids];
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        for (const sk of ['PLAN', 'CONTRACT']) {
          for (let rev = 1; rev <= (sk === 'PLAN' ? 1 : REVS); rev += 1) {
            const key = { pk: contractKey(id).pk, sk };
            const change = { ...changeOf(key, rev), contractId: id, at: Date.now() };
            await state.write([
              { kind: 'put', item: { ...key, rev, text: '{}', contractId: id, change } as Item },
            ]);
          }
        }
      }
    }),
  );
  isWriting = false;
  await killing;
  exported = mkdtempSync(join(tmpdir(), 'grace-sealed-'));
});

afterAll(() => {
  if (exported !== undefined) rmSync(exported, { recursive: true, force: true });
  for (const each of [client, s3, lambda, kms]) each.destroy();
});

const revsOf = async (id: string): Promise<number[]> =>
  (await log.entriesOf({ contractId: id }))
    .map(({ leaf }) => readAuditBody(leaf))
    .flatMap(({ item, rev }) => (item.sk === 'CONTRACT' ? [rev] : []));

describe('500 contracts, while sequencers are killed', () => {
  it('have exactly the entries 1 to n, each', async () => {
    const wanted = Array.from({ length: REVS }, (_, n) => n + 1);
    let missing: string[] = ids;
    await eventually(
      'every contract to be logged whole',
      async () => {
        const still: string[] = [];
        for (const id of missing) if ((await revsOf(id)).length < REVS) still.push(id);
        missing = still;
        return missing.length === 0 ? true : undefined;
      },
      4 * MINUTE,
      () => missing.slice(0, 5),
    );
    for (const id of ids) expect([id, await revsOf(id)]).toEqual([id, wanted]);
    if (process.platform === 'linux') expect(killed).toBeGreaterThan(0);
  });

  it('are under a checkpoint that a key of KMS has signed, and the proof of any entry holds', async () => {
    await call(FUNCTIONS.auditSealer);
    const [checkpoint] = await checkpoints(1).list(1);
    const note = parseNote(checkpoint?.note ?? '');
    const { origin, size } = parseCheckpoint(note.text);
    expect(origin).toBe(`grace/${up.stack}/000000000000/us-east-1/1`);
    expect(size).toBeGreaterThanOrEqual(CONTRACTS * REVS);
    const keyIds = JSON.parse(await environmentOf('SEAL_KEYS')) as string[];
    const publicKey = await kmsSigner({ client: kms, keyId: keyIds[0] ?? '' }).publicKey();
    const key = verifierKey(origin, 'note', publicKey);
    expect(verifyNote(note, [key])).toMatchObject({ ok: true });
    const copies = { read: (name: string) => sealed.read(sealPrefix(1) + name) };
    const proofs = auditProofs({ log, checkpoints, sealed: () => copies });
    for (let n = 0; n < 25; n += 1) {
      const seq = Math.floor((n * size) / 25);
      // `proofOf` verifies the proof against the checkpoint's root before it gives it away.
      expect((await proofs.proofOf(seq))?.entry.seq).toBe(seq);
    }
    await copySealed();
    // No deployment, no AWS: only the copy, and the key that the auditor has.
    const verified = await runGrace(['audit', 'verify', exported, '--key', encodeKey(key), '--json'], {
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    });
    expect([verified.code, jsonOf(verified)['verified']]).toEqual([0, true]);
  });

  it('are as the check of the deployed stack expects them, compared with the sealed copies too', async () => {
    const mine = ({ pk }: { pk: string }) => pk.startsWith('CONTRACT#audit-');
    const checked = (await call(FUNCTIONS.auditCheck, { full: true })) as {
      entries: number;
      sealed: number;
      opened: { kind: string; pk: string }[];
    };
    expect(checked.entries).toBeGreaterThanOrEqual(CONTRACTS * REVS);
    expect(checked.sealed).toBeGreaterThanOrEqual(CONTRACTS * REVS);
    expect(checked.opened.filter(mine)).toEqual([]);
  });
});

describe('the canary of the deployed stack', () => {
  it('is answered by every part, by the way that its work comes, and each answer is in the log', async () => {
    await call(FUNCTIONS.auditCheck);
    const sung = Number((await state.get(canaryKey))?.['rev']);
    expect(sung).toBeGreaterThan(0);
    const canaries = canaryStore(state);
    const logged = loggedItems(audit);
    const heard = new Map<string, number>();
    await eventually(
      'every part to answer',
      async () => {
        for (const part of SINGERS) heard.set(part, (await canaries.answered(part)).rev);
        return SINGERS.every((part) => Number(heard.get(part)) >= sung) ? true : undefined;
      },
      MINUTE,
      () => [sung, ...heard],
    );
    await eventually(
      'the answers to be logged',
      async () => {
        const rows = await Promise.all(SINGERS.map((part) => logged.newest(answerKey(part), 1)));
        return rows.every(([row]) => row !== undefined) ? true : undefined;
      },
      MINUTE,
    );
  });
});

describe('an epoch of the deployed log', () => {
  it('is closed by an administrator; a copy of both epochs verifies offline with the key of the first', async () => {
    await emulatorApi(up, [{ name: 'audit-carla', roles: ['administrator'] }]);
    const place = ['--on', 'emulator', '--stack', up.stack, '--as', 'audit-carla', '--json'];
    const closed = await runGrace(['audit', 'close-epoch', '--reason', 'a test', ...place]);
    expect([closed.code, jsonOf(closed)]).toEqual([0, expect.objectContaining({ ok: true, epoch: 1 })]);
    await eventually(
      'the order to reach the log',
      async () => ((await log.head()).epoch === 2 ? true : undefined),
      MINUTE,
    );
    const closings = metricId(METRIC_NAMESPACE, 'grace_audit_epochs_closed_total');
    await eventually(
      'the closing to be counted for its alarm',
      async () => (await measuredBy(FUNCTIONS.auditSequencer, up)).get(closings),
      MINUTE,
    );
    const { out } = await runGrace(['audit', 'epochs', ...place]);
    expect(JSON.parse(out)).toMatchObject([
      { epoch: 2, status: 'open', closedBy: null },
      { epoch: 1, status: 'closed', closedBy: jsonOf(closed)['by'], reason: 'a test' },
    ]);
    await eventually(
      'the new epoch to be signed',
      async () => {
        await call(FUNCTIONS.auditSealer);
        return (await checkpoints(2).list(1)).length > 0 ? true : undefined;
      },
      MINUTE,
    );
    rmSync(exported, { recursive: true });
    await copySealed();
    const keyIds = JSON.parse(await environmentOf('SEAL_KEYS')) as string[];
    const publicKey = await kmsSigner({ client: kms, keyId: keyIds[0] ?? '' }).publicKey();
    const key = verifierKey(`${await environmentOf('LOG_NAME')}/1`, 'note', publicKey);
    const verified = await runGrace(['audit', 'verify', exported, '--key', encodeKey(key), '--json'], {
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    });
    expect([verified.code, jsonOf(verified)['checks']]).toEqual([
      0,
      expect.arrayContaining([expect.objectContaining({ code: 'EPOCH_LINK', epoch: 2, status: 'ok' })]),
    ]);
  });
});

/** All that is sealed, as files. */
async function copySealed(): Promise<void> {
  for await (const name of sealed.names()) {
    const path = join(exported, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (await sealed.read(name)) ?? '');
  }
}

async function environmentOf(variable: string): Promise<string> {
  const answer = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: `${up.stack}-${FUNCTIONS.auditSealer}` }),
  );
  return answer.Environment?.Variables?.[variable] ?? '[]';
}
