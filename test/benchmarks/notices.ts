import { createHmac } from 'node:crypto';
import { LOOK_EVERY_MS, notices } from '../../functions/notices-stream/notices';
import { signWebhook } from '../../shared/domain/webhook-signature';
import { person, streamBench } from '../support/stream-bench';
import { type Figure, median } from './figure';

const ENTRIES = 2_000;
const LAG_SAMPLES = 24;
const SIGNATURES = 20_000;
const BODY = JSON.stringify({ type: 'approval.requested', data: { text: 'x'.repeat(480) } });

/** The live notices' own share: from an audit entry to its event on the stream, and what a signature costs. */
export async function noticeFigures(): Promise<readonly Figure[]> {
  return [...(await lagFigures()), ...(await catchUpFigures()), ...signingFigures()];
}

/** On the wall's clock, with the looks as they are deployed; entries come at moments of chance. */
async function lagFigures(): Promise<Figure[]> {
  const bench = streamBench();
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const deps = { ...bench.deps, clock: { now: Date.now, sleep }, random: Math.random };
  const stream = notices({ person: person('ola', 'operator') }, deps);
  for (let n = 0; n < 2; n += 1) await stream.next();
  const lags: number[] = [];
  for (let n = 0; n < LAG_SAMPLES; n += 1) {
    const told = stream.next();
    await sleep(Math.random() * LOOK_EVERY_MS);
    await bench.control.set(n % 2 === 0, { actor: 'bench', reason: 'BENCH', at: Date.now() });
    await bench.sequence();
    const began = performance.now();
    await told;
    lags.push(performance.now() - began);
  }
  await stream.return(undefined);
  const worst = Math.max(...lags);
  const note = `${LAG_SAMPLES} entries, each at a moment of chance between two looks`;
  return [
    { name: 'stream_lag_p50', value: median(lags), unit: 'ms', note },
    { name: 'stream_lag_max', value: worst, unit: 'ms', goal: { atMost: 2 * LOOK_EVERY_MS + 100 }, note },
  ];
}

/** A client that comes back far behind: what one core tells it of a second, contracts read included. */
async function catchUpFigures(): Promise<Figure[]> {
  const bench = streamBench();
  for (let n = 0; n < ENTRIES; n += 1) {
    await bench.control.set(n % 2 === 0, { actor: 'bench', reason: 'BENCH', at: n });
    if (n % 100 === 99) await bench.sequence();
  }
  const began = performance.now();
  let told = 0;
  for await (const frame of bench.open({ person: person('ola', 'operator'), after: -1 })) {
    if (frame.includes('event: control')) told += 1;
    if (told === ENTRIES) break;
  }
  const seconds = (performance.now() - began) / 1000;
  return [
    {
      name: 'stream_catch_up',
      value: ENTRIES / seconds,
      unit: 'entries/s',
      goal: { atLeast: 1_000 },
      note: `${ENTRIES} entries out of a table in memory`,
    },
  ];
}

function signingFigures(): Figure[] {
  const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const microseconds = (work: () => unknown) => {
    for (let n = 0; n < 1_000; n += 1) work();
    const began = performance.now();
    for (let n = 0; n < SIGNATURES; n += 1) work();
    return ((performance.now() - began) * 1000) / SIGNATURES;
  };
  const content = { id: 'a'.repeat(64), timestamp: 1_767_600_000, body: BODY };
  const bare = microseconds(() =>
    createHmac('sha256', keys[0] as Buffer)
      .update(BODY)
      .digest('base64'),
  );
  return [
    {
      name: 'webhook_sign',
      value: microseconds(() => signWebhook(content, keys.slice(0, 1))),
      unit: 'µs',
      goal: { atMost: 100 },
      reference: { value: bare, what: 'HMAC-SHA256 of the same body alone' },
      note: `${BODY.length} bytes, one secret`,
    },
    {
      name: 'webhook_sign_two_secrets',
      value: microseconds(() => signWebhook(content, keys)),
      unit: 'µs',
      note: 'while one secret replaces another',
    },
  ];
}
