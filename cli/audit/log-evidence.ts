import { closedBefore } from '../../shared/contracts/closed-before';
import { readOrigin } from '../../shared/contracts/log-origin';
import type { ChainHead } from '../../shared/domain/audit-chain';
import { leafOf, linkedEntry, type StoredEntry } from '../../shared/domain/audit-entry';
import { TlogFormatError } from '../../shared/domain/tlog/format-error';
import { isCheckpointName, KEYS } from '../../shared/domain/tlog/seal-layout';
import { readableEntries } from '../../shared/domain/tlog/tile-bytes';
import { parseTilePath, TILE_WIDTH, type TileName, tilePath } from '../../shared/domain/tlog/tile-path';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { Checkpoints, SealedArchive } from '../../shared/ports/audit-seal';
import { epochArchives } from './epoch-archives';
import { readable } from './read-checkpoint';

/** Everything at hand about one log, wherever it lies. */
export interface LogEvidence {
  /** What the log says that it ends with; sealed copies say it by their checkpoints only. */
  readonly head?: ChainHead & { readonly base?: number };
  /** Oldest first, one after the other: each is read before the next one is asked for. */
  readonly epochs: AsyncIterable<EpochEvidence>;
}

export interface EpochEvidence {
  /** As the place says where it lies; `undefined` = nothing says it. */
  readonly epoch: number | undefined;
  readonly entries: AsyncIterable<StoredEntry>;
  /** Signed notes, in any order. */
  readonly checkpoints: readonly string[];
  /** Verifier keys that came with the log: the operator's word. */
  readonly keys: readonly string[];
  readonly sealed?: SealedArchive;
}

/** Checkpoints of the table that are looked at; those behind them are covered by them. */
const MOST_CHECKPOINTS = 1_000;

export interface LiveLog {
  readonly log: AuditLog;
  /** Checkpoints as they stand in the table, of all epochs. */
  readonly checkpoints?: Checkpoints;
  /** Of all epochs. */
  readonly sealed?: SealedArchive;
}

/** A log in its table, with the sealed copies that there are of it. */
export async function liveEvidence({ log, checkpoints, sealed }: LiveLog): Promise<LogEvidence> {
  const head = await log.head();
  const signed = await signedPart(sealed);
  const rows = (await checkpoints?.list(MOST_CHECKPOINTS)) ?? [];
  return wholeLog({
    head,
    entries: entriesOf(log, head),
    keys: signed.keys,
    checkpoints: [...new Set([...signed.checkpoints, ...rows.map(({ note }) => note)])],
    ...(sealed === undefined ? {} : { sealed }),
  });
}

async function* entriesOf(log: AuditLog, head: ChainHead): AsyncIterable<StoredEntry> {
  yield* log.entries(0, head.size);
  // A row where the head has not been yet was not written by the sequencer; of a moved head it is the next entry.
  for await (const beyond of log.entries(head.size, head.size + 1)) {
    if ((await log.head()).size === head.size) yield beyond;
  }
}

/** A log whose entries come in one row over all its epochs, with what is signed and sealed of any of them. */
export function wholeLog(
  given: Omit<EpochEvidence, 'epoch'> & { readonly head: NonNullable<LogEvidence['head']> },
): LogEvidence {
  return { head: given.head, epochs: epochsOfWhole(given) };
}

async function* epochsOfWhole(given: Omit<EpochEvidence, 'epoch'>): AsyncIterable<EpochEvidence> {
  const archives = given.sealed === undefined ? [] : await epochArchives(given.sealed);
  const sealedOf = new Map(archives.map(({ epoch = 1, archive }) => [epoch, archive]));
  const notesOf = new Map<number, string[]>();
  for (const note of given.checkpoints) {
    const epoch = readOrigin(readable(note)?.origin ?? '')?.epoch ?? 1;
    notesOf.set(epoch, [...(notesOf.get(epoch) ?? []), note]);
  }
  // A key of an epoch of which nothing is there stays, so that a changed name is seen and not passed over.
  const isKeyOf = (key: string, epoch: number): boolean => {
    const named = readOrigin(key.split('+')[0] ?? '')?.epoch ?? epoch;
    return named === epoch || !(sealedOf.has(named) || notesOf.has(named));
  };
  const part = (epoch: number): Omit<EpochEvidence, 'entries'> => {
    const sealed = sealedOf.get(epoch) ?? (given.sealed === undefined ? undefined : NOTHING_SEALED);
    return {
      epoch,
      checkpoints: notesOf.get(epoch) ?? [],
      keys: given.keys.filter((key) => isKeyOf(key, epoch)),
      ...(sealed === undefined ? {} : { sealed }),
    };
  };
  const seen = new Set<number>();
  for await (const { closed, entries } of epochsAmong(given.entries)) {
    const epoch = closed ?? Math.max(0, ...seen);
    seen.add(epoch + 1);
    yield { ...part(epoch + 1), entries };
  }
  // What is signed or sealed of an epoch that has no entry any more; of a log without any, its first epoch.
  const others = new Set([...(seen.size === 0 ? [1] : []), ...sealedOf.keys(), ...notesOf.keys()]);
  for (const epoch of [...others].sort((a, b) => a - b)) {
    if (!seen.has(epoch)) yield { ...part(epoch), entries: noEntries() };
  }
}

const NOTHING_SEALED: SealedArchive = { read: async () => undefined, names: () => noEntries() };

async function* noEntries(): AsyncIterable<never> {}

/** Entries in one row, apart at each that opens an epoch. `closed`: number of the epoch that it closes. */
async function* epochsAmong(
  all: AsyncIterable<StoredEntry>,
): AsyncIterable<{ readonly closed: number | undefined; readonly entries: AsyncIterable<StoredEntry> }> {
  const iterator = all[Symbol.asyncIterator]();
  let next = await iterator.next();
  const isOpening = () => next.done !== true && closedBefore(next.value.leaf) !== undefined;
  while (next.done !== true) {
    const first: StoredEntry = next.value;
    yield {
      closed: readOrigin(closedBefore(first.leaf)?.origin ?? '')?.epoch,
      entries: (async function* () {
        do {
          yield next.value as StoredEntry;
          next = await iterator.next();
        } while (next.done !== true && !isOpening());
      })(),
    };
    // Behind its first wrong entry an epoch is not read on.
    while (next.done !== true && (next.value === first || !isOpening())) next = await iterator.next();
  }
}

/** Sealed copies alone: the entries are those of the bundles. */
export async function sealedEvidence(sealed: SealedArchive): Promise<LogEvidence> {
  return { epochs: epochsOfCopies(sealed) };
}

async function* epochsOfCopies(sealed: SealedArchive): AsyncIterable<EpochEvidence> {
  for (const { epoch, archive } of await epochArchives(sealed)) {
    const widest = new Map<number, TileName>();
    for await (const name of tileNames(archive)) {
      const known = widest.get(name.index);
      if (name.level === 'entries' && (known === undefined || known.width < name.width))
        widest.set(name.index, name);
    }
    const entries = entriesOfBundles(archive, widest);
    yield { epoch, entries, ...(await signedOf(archive)), sealed: archive };
  }
}

async function* entriesOfBundles(
  sealed: SealedArchive,
  bundles: ReadonlyMap<number, TileName>,
): AsyncIterable<StoredEntry> {
  let base = 0;
  for (let index = 0; bundles.has(index); index += 1) {
    const bytes = await sealed.read(tilePath(bundles.get(index) as TileName));
    const entries = readableEntries(bytes ?? new Uint8Array());
    if (index === 0 && entries[0] !== undefined) base = baseSaidBy(entries[0]);
    for (const [n, entry] of entries.entries()) {
      yield linkedEntry(base + index * TILE_WIDTH + n, leafOf(entry));
    }
    // After a bundle that is not full, or not whole, nothing is in its place.
    if (entries.length < TILE_WIDTH) return;
  }
}

/** `seq` of an epoch's first entry, as its first bundle has it; `undefined` = it opens no epoch, or is not there. */
export async function baseOfCopies(sealed: SealedArchive): Promise<number | undefined> {
  for await (const name of tileNames(sealed)) {
    if (name.level !== 'entries' || name.index !== 0) continue;
    const [first] = readableEntries((await sealed.read(tilePath(name))) ?? new Uint8Array());
    const closed = first === undefined ? undefined : closedBefore(leafOf(first));
    if (closed !== undefined) return closed.base + closed.size;
  }
  return undefined;
}

function baseSaidBy(first: Uint8Array): number {
  const closed = closedBefore(leafOf(first));
  return closed === undefined ? 0 : closed.base + closed.size;
}

/** Tiles and bundles among the objects; what is no tile is not ours to judge. */
export async function* tileNames(sealed: SealedArchive): AsyncIterable<TileName> {
  for await (const name of sealed.names()) {
    const tile = tileOfPath(name);
    if (tile !== undefined) yield tile;
  }
}

function tileOfPath(name: string): TileName | undefined {
  try {
    return parseTilePath(name);
  } catch (error) {
    if (error instanceof TlogFormatError) return undefined;
    throw error;
  }
}

/** What is signed of a log over all its epochs, and the keys that lie beside it. */
export async function signedPart(
  sealed: SealedArchive | undefined,
): Promise<Pick<EpochEvidence, 'checkpoints' | 'keys'>> {
  const archives = sealed === undefined ? [] : await epochArchives(sealed);
  const parts = await Promise.all(archives.map(({ archive }) => signedOf(archive)));
  return {
    checkpoints: parts.flatMap(({ checkpoints }) => checkpoints),
    keys: parts.flatMap(({ keys }) => keys),
  };
}

async function signedOf(sealed: SealedArchive): Promise<Pick<EpochEvidence, 'checkpoints' | 'keys'>> {
  const checkpoints = new Set<string>();
  for await (const name of sealed.names()) {
    if (isCheckpointName(name)) checkpoints.add(await textOf(sealed, name));
  }
  const keys = (await textOf(sealed, KEYS)).split('\n').filter((line) => line !== '');
  return { checkpoints: [...checkpoints], keys };
}

async function textOf(sealed: SealedArchive, name: string): Promise<string> {
  return Buffer.from((await sealed.read(name)) ?? []).toString('utf8');
}
