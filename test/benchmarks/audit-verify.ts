import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { verifyChain } from '../../shared/domain/audit-chain';
import { entryText, GENESIS_LINK, type StoredEntry } from '../../shared/domain/audit-entry';
import { canonicalJson, type JsonValue } from '../../shared/domain/canonical-json';
import { inclusionNodes, proofOf, verifyInclusion } from '../../shared/domain/tlog/merkle-proof';
import { encodeProof } from '../../shared/domain/tlog/proof-text';
import { EMPTY_EDGE, growTiles, partialTiles, rootOfEdge } from '../../shared/domain/tlog/tile-edge';
import { hashesInTiles } from '../../shared/domain/tlog/tile-hashes';
import { tilePath } from '../../shared/domain/tlog/tile-path';
import { entryRow, readEntryRow } from '../../shared/stores/audit-rows';
import { auditEntries } from './audit-entries';
import { type Figure, median } from './figure';

const ENTRIES = 1_000_000;
const STRETCH = 50_000;
/** Entries at a time: more than a processor's cache holds, as a log of a million is. */
const READ = 10_000;
const WARM_UP = 50_000;
const WORKERS = Math.min(4, Math.max(2, availableParallelism()));
const PROOFS = 400;
const MEBIBYTE = 2 ** 20;

/** Verification of a log of a million entries: chain, tree root, proofs. CPU times, so that neighbours do not count. */
export async function measureAuditVerify(self: string): Promise<readonly Figure[]> {
  // First, before anything else has grown this process.
  const streamed = await streamedFigures();
  return [...streamed, ...(await chainFigures()), await workersFigure(self), ...proofFigures()];
}

/** One pass, one entry in memory at a time. */
async function streamedFigures(): Promise<readonly Figure[]> {
  const began = performance.now();
  const report = await verifyChain(auditEntries(0, ENTRIES), { rootsAt: [ENTRIES] });
  const seconds = (performance.now() - began) / 1000;
  if (report.verified !== ENTRIES || report.roots?.get(ENTRIES) === undefined)
    throw new Error('it does not verify');
  return [
    {
      name: 'audit_stream_peak_memory',
      value: (process.resourceUsage().maxRSS * 1024) / MEBIBYTE,
      unit: 'MiB',
      goal: { atMost: 150 },
      note: `peak resident set of the whole process: chain and Merkle root of ${ENTRIES} entries in one pass, ${seconds.toFixed(1)} s with making them`,
    },
  ];
}

/**
 * The same bytes, verified and only hashed, in stretches as a reader hands them on. Who comes second finds them in the
 * processor's cache, so they take turns in that.
 */
async function chainFigures(): Promise<readonly Figure[]> {
  const seconds = { chain: 0, raw: 0, withRoot: 0, canonical: 0 };
  let link = GENESIS_LINK;
  let counted = 0;
  for (let from = 0; from < ENTRIES; from += READ) {
    const entries = fromTable(auditEntries(from, READ, link));
    const raw = () => cpuOf(() => rawHashes(entries));
    const chain = () => cpuOfAsync(() => verified(entries, { from: { seq: from, link } }));
    const first = (from / READ) % 2 === 0 ? await raw() : await chain();
    const second = (from / READ) % 2 === 0 ? await chain() : await raw();
    const [rawTook, chainTook] = (from / READ) % 2 === 0 ? [first, second] : [second, first];
    // What is compiled while it runs for the first time is not counted.
    if (from >= WARM_UP) {
      counted += READ;
      seconds.raw += rawTook;
      seconds.chain += chainTook;
    }
    link = entries.at(-1)?.link ?? link;
  }
  const entries = [...auditEntries(0, STRETCH)];
  seconds.withRoot = await cpuOfAsync(() => verified(entries, { rootsAt: [STRETCH] }));
  const bodies = entries.map(({ leaf }) => JSON.parse(entryText(leaf)) as JsonValue);
  seconds.canonical = cpuOf(() => {
    for (const body of bodies) canonicalJson(body);
  });
  const reference = {
    value: counted / seconds.raw,
    what: 'SHA-256 alone over each entry, the same bytes, in turn',
  };
  return [
    {
      name: 'audit_chain_verify',
      value: counted / seconds.chain,
      unit: 'entries/s of CPU',
      goal: { atLeast: 0.8 * reference.value },
      reference,
      note: `${ENTRIES} entries of about 580 bytes, one thread; goal 80 % of the reference, which hashes and looks at nothing`,
    },
    {
      name: 'audit_chain_and_root_verify',
      value: STRETCH / seconds.withRoot,
      unit: 'entries/s of CPU',
      reference,
      note: 'with the Merkle root in the same pass, which is about one more hash an entry',
    },
    {
      name: 'audit_canonicalise',
      value: STRETCH / seconds.canonical,
      unit: 'entries/s of CPU',
      reference,
      note: 'what verification would cost if it made the text again instead of hashing what is stored',
    },
  ];
}

/** As a reader gets them: out of their rows. */
function fromTable(entries: Iterable<StoredEntry>): readonly StoredEntry[] {
  return Array.from(entries, (entry) => readEntryRow(entryRow('grace', entry)));
}

async function workersFigure(self: string): Promise<Figure> {
  const count = ENTRIES / WORKERS / 4;
  const workers = Array.from(
    { length: WORKERS },
    (_, n) => new Worker(self, { workerData: { from: n * count, count } }),
  );
  const heard = (worker: Worker) =>
    new Promise<unknown>((said, failed) => worker.once('message', said).once('error', failed));
  await Promise.all(workers.map(heard));
  const single = [...auditEntries(0, count)];
  const alone = performance.now();
  await verified(single, {});
  const aloneSeconds = (performance.now() - alone) / 1000;
  const began = performance.now();
  const answers = await Promise.all(
    workers.map((worker) => {
      const answer = heard(worker);
      worker.postMessage('go');
      return answer;
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  if (answers.some((verified) => verified !== count)) throw new Error('a worker does not verify its stretch');
  return {
    name: 'audit_chain_verify_workers',
    value: (WORKERS * count) / seconds,
    unit: 'entries/s',
    reference: { value: count / aloneSeconds, what: 'one thread, wall time, right before' },
    note: `${WORKERS} worker threads, a stretch each, wall time on ${availableParallelism()} cores`,
  };
}

function proofFigures(): readonly Figure[] {
  const tiles = new Map<string, readonly Uint8Array[]>();
  const leaves: Uint8Array[] = [];
  let edge = EMPTY_EDGE;
  for (let from = 0; from < ENTRIES; from += STRETCH) {
    const some = Array.from({ length: STRETCH }, (_, n) => hash('sha256', `leaf ${from + n}`, 'buffer'));
    leaves.push(...some);
    const grown = growTiles(edge, some);
    edge = grown.edge;
    for (const tile of grown.full) tiles.set(tilePath(tile), tile.hashes);
  }
  for (const tile of partialTiles(edge)) tiles.set(tilePath(tile), tile.hashes);
  const root = rootOfEdge(edge);
  const checkpoint = `grace/deployment/123456789012/eu-central-1/1\n${ENTRIES}\n${'A'.repeat(44)}\n\n— ${'k'.repeat(44)} ${'A'.repeat(92)}\n`;
  const hashesOf = hashesInTiles(tiles, ENTRIES);
  const claims = Array.from({ length: PROOFS }, (_, n) => {
    const index = (n * 7_919_117) % ENTRIES;
    const proof = proofOf(inclusionNodes(index, ENTRIES), hashesOf);
    return { index, size: ENTRIES, leafHash: leaves[index] as Uint8Array, proof, root };
  });
  const bytes = claims.map(({ index, proof }) =>
    Buffer.byteLength(encodeProof({ index, proof, checkpoint })),
  );
  const rounds = Array.from({ length: 15 }, () =>
    cpuOf(() => {
      if (!claims.every(verifyInclusion)) throw new Error('a proof does not hold');
    }),
  );
  const node = Buffer.alloc(65, 1);
  const raw = Array.from({ length: 15 }, () =>
    cpuOf(() => {
      for (let n = 0; n < PROOFS * 20; n += 1) hash('sha256', node, 'buffer');
    }),
  );
  const micros = (times: number[]): number => (median(times) * 1e6) / PROOFS;
  return [
    {
      name: 'audit_inclusion_proof_size',
      value: Math.max(...bytes),
      unit: 'bytes',
      goal: { atMost: 2_048 },
      note: `the largest of ${PROOFS}, as a tlog-proof file with its signed checkpoint, of ${ENTRIES} entries`,
    },
    {
      name: 'audit_inclusion_proof_verify',
      value: micros(rounds),
      unit: 'µs of CPU',
      goal: { atMost: 50 },
      reference: { value: micros(raw), what: 'the 20 SHA-256 of a proof alone' },
      note: `of ${ENTRIES} entries; the signature of the checkpoint apart`,
    },
  ];
}

function rawHashes(entries: readonly StoredEntry[]): void {
  for (const { leaf } of entries) hash('sha256', leaf, 'hex');
}

async function verified(
  entries: readonly StoredEntry[],
  check: Parameters<typeof verifyChain>[1],
): Promise<void> {
  const report = await verifyChain(entries, check);
  if (report.verified !== entries.length) throw new Error('it does not verify');
}

/** Seconds of CPU. */
function cpuOf(run: () => void): number {
  const from = process.cpuUsage();
  run();
  return secondsSince(from);
}

async function cpuOfAsync(run: () => Promise<void>): Promise<number> {
  const from = process.cpuUsage();
  await run();
  return secondsSince(from);
}

function secondsSince(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}
