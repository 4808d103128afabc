import { auditBench } from './audit-bench';

export const CONTRACT = { pk: 'CONTRACT#01K2Z8WQX3M5N7P9R1T3V5W7Y9', sk: 'CONTRACT' };

/** A log of so many entries, all sequenced. */
export async function logOf(entries: number) {
  const bench = auditBench();
  await appendEntries(bench, entries);
  return bench;
}

export async function appendEntries(bench: ReturnType<typeof auditBench>, entries: number) {
  for (let n = 0; n < entries; n += 1) await bench.change(CONTRACT, { n });
  await bench.stream();
}

export const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');
